/** How dates, money and failures read. */
import { expect, test } from "vitest";
import { failureOfProblem, failureOfStatus, fieldMessages } from "../src/app/packages/shared/src/failure.ts";
import { createFormat } from "../src/app/packages/shared/src/format.ts";
import { failureWords } from "../src/app/packages/shared/src/ui/failure-panel.tsx";
import { wordsFor } from "../src/app/packages/shared/src/words.ts";

test("a day without a time is that day wherever one sits; a moment is told in the account's time zone", () => {
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]) {
    expect(createFormat("en", zone).day("2026-11-12")).toBe("Nov 12, 2026");
    expect(createFormat("en", zone).shortDay("2026-11-12")).toBe("Nov 12");
  }
  expect(createFormat("en", "Europe/Berlin").moment("2026-11-12T23:30:00Z")).toMatch(/^Nov 13, 2026, 12:30/);
  expect(createFormat("de-de", "Europe/Berlin").day("2026-11-12")).toBe("12.11.2026");
});

test("a language, a time zone or a currency nobody knows breaks nothing", () => {
  const format = createFormat("not a language", "Nowhere/Town");
  expect(format.moment("2026-11-12T08:00:00Z")).toMatch(/^Nov 12, 2026, 8:00/);
  expect(format.money(1200, "NOPE")).toBe("1,200 NOPE");
  expect(createFormat("en_US", undefined).money(1200, "EUR")).toBe("€1,200");
  expect(createFormat(undefined, undefined).number(0.25)).toBe("0.3");
});

test("how long ago, in the unit a person would choose", () => {
  const format = createFormat("en", "UTC");
  const before = (seconds: number) => format.ago(new Date(Date.now() - seconds * 1_000));
  expect(before(5)).toBe("now");
  expect(before(200)).toBe("3 minutes ago");
  expect(before(7_300)).toBe("2 hours ago");
  expect(before(86_400 * 1.5)).toBe("yesterday");
  expect(before(86_400 * 70)).toBe("2 months ago");
});

const problem = (code: string, more: object = {}) => ({
  ...{
    type: "about:blank",
    title: "t",
    status: 409,
    code,
    detail: "The server's sentence.",
    instance: "i",
    errors: [],
  },
  ...more,
});

test("an outcome is known after an answer, and not after a silence, a failure or a limit", () => {
  expect(failureOfProblem(problem("dismissed"), 409).isOutcomeKnown).toBe(true);
  expect(failureOfProblem(problem("value_refused"), 422).isOutcomeKnown).toBe(true);
  for (const [code, status] of [
    ["request_in_progress", 409],
    ["internal_error", 500],
    ["crm_busy", 503],
    ["rate_limited", 429],
  ] as const) {
    expect(failureOfProblem(problem(code), status).isOutcomeKnown).toBe(false);
  }
  for (const status of [429, 502, 504]) expect(failureOfStatus(status).isOutcomeKnown).toBe(false);
});

test("the server's sentence stands where it knows more than we do", () => {
  const words = wordsFor("en");
  const text = (code: string, status: number, more: object = {}) =>
    failureWords(failureOfProblem(problem(code, more), status), words).text;
  expect(text("already_has_deal", 409)).toBe("The server's sentence.");
  expect(text("no_idea", 422)).toBe("The server's sentence.");
  expect(text("invalid_request", 422, { errors: [{ field: "a", code: "x", message: "is wrong" }] })).toBe(
    words.failures.refused.text,
  );
  expect(text("internal_error", 500)).toBe(words.failures.down.text);
  expect(text("crm_busy", 503, { retry_after_s: 1 })).toBe("The server's sentence. Try again in a second.");
});

test("a field has one sentence: the first", () => {
  const errors = [
    { field: "a", code: "x", message: "must be one of b, c" },
    { field: "a", code: "y", message: "is long" },
    { field: "b.c", code: "z", message: "Is missing!" },
  ];
  expect(fieldMessages(failureOfProblem(problem("invalid_request", { errors }), 422))).toEqual({
    ...{ a: "Must be one of b, c.", "b.c": "Is missing!" },
  });
});
