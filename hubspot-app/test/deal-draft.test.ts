/** What a new deal's form is filled with, what is wrong with it, and what is asked for. */
import { expect, test } from "vitest";
import { draftOf, faultsOf, requestOf } from "../src/app/packages/shared/src/gaps/deal-draft.ts";
import { wordsFor } from "../src/app/packages/shared/src/words.ts";
import { gapOf, optionsOf } from "./support/samples.ts";

const words = wordsFor("en");
const draft = draftOf(optionsOf(), gapOf());
const faults = (change: Partial<typeof draft>, options = optionsOf()) =>
  faultsOf({ ...draft, ...change }, options, words);

test("a form as it is filled in has no fault", () => {
  expect(faults({})).toEqual({});
});

test.each([
  [{ name: "" }, "deal_name"],
  [{ name: "x".repeat(256) }, "deal_name"],
  [{ amount: -1 }, "amount"],
  [{ amount: Number.NaN }, "amount"],
  [{ amount: 1e14 }, "amount"],
  [{ pipeline: "gone" }, "pipeline_id"],
  [{ stage: "r1" }, "stage"],
  [{ closeDate: "2026-02-30" }, "close_date"],
  [{ closeDate: "0026-02-03" }, "close_date"],
  [{ notes: "x".repeat(20_001) }, "notes"],
  [{ company: { name: " ", domain: "", isChosen: true } }, "company_to_create"],
  [{ chosen: Array.from({ length: 51 }, (_, n) => `k${n}`) }, "contacts_to_associate"],
])("%o is refused at its field", (change, field) => {
  expect(Object.keys(faults(change))).toEqual([field]);
});

test("limits are reached and not passed", () => {
  expect(faults({ name: "x".repeat(255), amount: 1e13, notes: "x".repeat(20_000), closeDate: "2028-02-29" })).toEqual(
    {},
  );
  expect(faults({ amount: 0 })).toEqual({});
});

test("what the account demands besides has to be there, whatever its type", () => {
  const required = [
    { name: "a", label: "A", type: "text", options: [] },
    { name: "b", label: "B", type: "date", options: [] },
    { name: "c", label: "C", type: "number", options: [] },
    { name: "d", label: "D", type: "enum", options: [{ value: "1", label: "One" }] },
    { name: "e", label: "E", type: "boolean", options: [] },
    { name: "hubspot_owner_id", label: "Owner", type: "enum", options: [] },
    { name: "closedate", label: "Close date", type: "date", options: [] },
  ];
  const options = optionsOf({ required: required as never });
  const empty = { ...draftOf(options, gapOf()), owner: "", closeDate: null };
  expect(Object.keys(faultsOf(empty, options, words)).sort()).toEqual([
    ...["close_date", "custom_properties.a", "custom_properties.b", "custom_properties.c", "custom_properties.d"],
    "owner_email",
  ]);
  const filled = { a: "x", b: "2026-12-01", c: 0, d: "1", e: false };
  expect(faultsOf({ ...empty, owner: "ann@us.test", closeDate: "2026-12-01", custom: filled }, options, words)).toEqual(
    {},
  );
  expect(requestOf({ ...empty, custom: filled }, options).custom_properties).toEqual(filled);
  const wrong = { ...filled, b: "tomorrow", c: Number.NaN, d: "2" };
  expect(
    Object.keys(faultsOf({ ...empty, owner: "o", closeDate: "2026-12-01", custom: wrong }, options, words)),
  ).toHaveLength(3);
});

test("an owner, a pipeline or a currency the account does not have is not filled in", () => {
  const options = optionsOf();
  const prefill = {
    ...options.prefill,
    owner_email: "gone@us.test",
    pipeline_id: "gone",
    stage: "gone",
    currency: "XXX",
  };
  const filled = draftOf({ ...options, prefill }, gapOf());
  expect(filled).toMatchObject({ owner: "", pipeline: "default", stage: "s1", currency: "EUR" });
  expect(requestOf(filled, options)).toMatchObject({ owner_email: null });
});
