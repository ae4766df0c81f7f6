import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyTransform, dayIn, parseTransform, scoreLabel, transformFits } from "../../backend/writeback/transform.ts";
import type { RawValue } from "../../backend/writes/planned.ts";

function transformed(raw: RawValue, text: string, timeZone = "UTC"): string | null {
  const parsed = parseTransform(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return applyTransform(raw, parsed.steps, timeZone);
}

const graphemes = (text: string) => [...new Intl.Segmenter("en").segment(text)].map(({ segment }) => segment);
/** Texts with what is easily cut in half: families, flags, skin tones, accents, Hangul, surrogates. */
const lively = fc
  .array(
    fc.oneof(fc.constantFrom("👨‍👩‍👧", "🇩🇪", "👍🏽", "é", "각", "𝒳", "\r\n", " "), fc.string({ unit: "grapheme" })),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

describe("parsing", () => {
  test.each([
    ["raw", [{ kind: "raw" }]],
    ["truncate:80", [{ kind: "truncate", graphemes: 80 }]],
    ["round:0 | score_label", [{ kind: "round", digits: 0 }, { kind: "score_label" }]],
    ["date_only|uppercase", [{ kind: "date_only" }, { kind: "uppercase" }]],
  ])("%s", (text, steps) => expect(parseTransform(text)).toEqual({ ok: true, steps }));
  test.each([
    "",
    "|",
    "trim",
    "truncate",
    "truncate:0",
    "truncate:-1",
    "truncate:1.5",
    "round",
    "round:13",
    "uppercase:2",
    "raw|",
    "ROUND:0",
  ])("%j is refused with what would be right", (text) => {
    const parsed = parseTransform(text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining("is not a transform") });
    expect(parsed.ok ? [] : parsed.allowed).toContain("truncate:n");
  });
});

describe("what works on what", () => {
  test.each([
    ["round:0", "text"],
    ["score_label", "datetime"],
    ["date_only", "number"],
    ["score_label|round:0", "number"],
    ["uppercase|score_label", "number"],
    ["date_only|date_only", "datetime"],
  ] as const)("%s does not work on a %s", (text, type) => {
    const parsed = parseTransform(text);
    expect(parsed.ok && transformFits(parsed.steps, type)).toMatch(/works on/);
  });
  test.each([
    ["round:1|score_label|uppercase", "number"],
    ["date_only|truncate:7", "datetime"],
    ["uppercase|truncate:3", "long_text"],
  ] as const)("%s works on a %s", (text, type) => {
    const parsed = parseTransform(text);
    expect(parsed.ok && transformFits(parsed.steps, type)).toBeNull();
  });
});

test("null stays null through any pipeline", () => expect(transformed(null, "round:0|score_label")).toBeNull());

describe("truncate", () => {
  test("a family is one character, and there is no ellipsis", () =>
    expect(transformed("👨‍👩‍👧 Ann", "truncate:3")).toBe("👨‍👩‍👧 A"));
  test("never splits a grapheme, keeps exactly the first n", () =>
    fc.assert(
      fc.property(lively, fc.integer({ min: 1, max: 12 }), (text, n) => {
        expect(graphemes(transformed(text, `truncate:${n}`)!)).toEqual(graphemes(text).slice(0, n));
      }),
    ));
  test("is idempotent", () =>
    fc.assert(
      fc.property(lively, fc.integer({ min: 1, max: 12 }), (text, n) => {
        const once = transformed(text, `truncate:${n}`);
        expect(transformed(once, `truncate:${n}`)).toBe(once);
      }),
    ));
});

describe("round", () => {
  test.each([
    [1.005, 2, "1.01"],
    [-1.005, 2, "-1.01"],
    [2.5, 0, "3"],
    [-2.5, 0, "-3"],
    [-0.4, 0, "0"],
    [61, 2, "61"],
    [1e-7, 2, "0"],
    [6e-7, 6, "0.000001"],
    [1e21, 2, "1e+21"],
  ])("%d to %d decimals is %s", (value, digits, shown) => expect(transformed(value, `round:${digits}`)).toBe(shown));
  test("is idempotent, and at most half a unit away", () =>
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 6 }), (value, digits) => {
        const once = Number(transformed(value, `round:${digits}`));
        expect(transformed(once, `round:${digits}`)).toBe(String(once));
        expect(Math.abs(once - value)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-9);
      }),
    ));
});

describe("date_only", () => {
  test("is the day in the workspace's zone", () => {
    const late = "2026-02-21T23:30:00.000Z";
    expect(transformed(late, "date_only", "Europe/Berlin")).toBe("2026-02-22");
    expect(transformed(late, "date_only", "America/New_York")).toBe("2026-02-21");
    expect(transformed("2026-02-21T03:30:00+05:30", "date_only", "UTC")).toBe("2026-02-20");
  });
  test("over the hour that summer time skips", () => {
    expect(transformed("2026-03-29T00:59:59Z", "date_only", "Europe/Berlin")).toBe("2026-03-29");
    expect(transformed("2026-03-28T22:59:59Z", "date_only", "Europe/Berlin")).toBe("2026-03-28");
  });
  test("a day stays that day, west of Greenwich too", () =>
    expect(transformed("2026-02-21", "date_only", "America/Los_Angeles")).toBe("2026-02-21"));
  test("what is no date is left as it is", () => expect(transformed("soon", "date_only")).toBe("soon"));
  test("agrees with the zone's offset", () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
        fc.constantFrom(["Asia/Kolkata", 330], ["Etc/GMT+12", -720], ["Pacific/Kiritimati", 840], ["UTC", 0]),
        (at, [zone, minutes]) => {
          // Kiritimati changed sides of the date line on 1 Jan 1995.
          if (zone === "Pacific/Kiritimati" && at.getTime() < Date.parse("1995-02-01")) return;
          const local = new Date(at.getTime() + (minutes as number) * 60_000).toISOString().slice(0, 10);
          expect(transformed(at.toISOString(), "date_only", zone as string)).toBe(local);
          expect(dayIn(zone as string, at)).toBe(local);
        },
      ),
    ));
});

test("uppercase is not the server's locale's", () =>
  expect(transformed("istanbul straße", "uppercase")).toBe("ISTANBUL STRASSE"));

test("score_label has its edges where the specification has them", () => {
  expect([90, 89.99, 70, 69.99, 50, 49.99, 0].map(scoreLabel)).toEqual([
    ...["Excellent", "Good", "Good", "Fair", "Fair", "At Risk", "At Risk"],
  ]);
  expect(transformed(72, "score_label")).toBe("Good");
});

test("steps run from left to right", () => {
  expect(transformed(89.6, "round:0|score_label")).toBe("Excellent");
  expect(transformed(72, "score_label|uppercase|truncate:2")).toBe("GO");
});
