/** What the settings page works out by itself, held against the server's own rules. */
import { expect, test } from "vitest";
import { propertyTypes } from "../../../backend/contract/common.ts";
import { valueTypes } from "../../../backend/contract/fields.ts";
import { mappingDraft } from "../../../backend/contract/mappings.ts";
import { errorCodes, skipReasons } from "../../../backend/contract/reasons.ts";
import { compatibility } from "../../../backend/crm/compatible.ts";
import { parseCondition } from "../../../backend/writeback/condition.ts";
import { nextDue } from "../../../backend/writeback/mapping-rules.ts";
import { parseTransform, transformFits } from "../../../backend/writeback/transform.ts";
import { csvLine } from "../../../backend/writes/csv.ts";
import { csvOf } from "../../src/app/settings/lib/csv.ts";
import { gapChange, gapFaults, gapFormOf } from "../../src/app/settings/lib/gap-form.ts";
import { internalName, isDomain, isEmail, listOf } from "../../src/app/settings/lib/lists.ts";
import { draftOf, formOf, newForm } from "../../src/app/settings/lib/mapping-form.ts";
import {
  canHold,
  conditionRows,
  conditionText,
  needsNumber,
  stepKinds,
  stepsFor,
  transformRows,
  transformText,
  typesAlong,
} from "../../src/app/settings/lib/rules.ts";
import { percentOf, timeLeft } from "../../src/app/settings/lib/run-facts.ts";
import {
  cronOf,
  looksLikeCron,
  scheduleInWords,
  scheduleOf,
  usualSchedule,
} from "../../src/app/settings/lib/schedule.ts";
import { settingsWordsFor } from "../../src/app/settings/words/index.ts";
import { mappingOf, runOf, settingsOf } from "./support/samples.ts";

const words = settingsWordsFor();

test.each([
  ["0 6 * * *", "day", "Every day at 06:00"],
  ["0 22 * * 1-5", "weekdays", "Monday to Friday at 22:00"],
  ["0 0 * * 0", "week", "Every Sunday at 00:00"],
  ["*/10 * * * *", "cron", "On its own schedule"],
  ["0 24 * * *", "cron", "On its own schedule"],
])("the schedule %s is shown as a plain choice where it is one, and comes back as it was", (cron, every, said) => {
  const schedule = scheduleOf(cron);
  expect(schedule.every).toBe(every);
  expect(cronOf(schedule)).toBe(cron);
  expect(scheduleInWords(cron, words)).toBe(said);
});

test("each plain choice is a schedule that the server takes", () => {
  for (const every of ["day", "weekdays", "week"] as const) {
    const cron = cronOf({ ...usualSchedule, every });
    expect(nextDue(cron, "Europe/Berlin", new Date(0))).not.toBeNull();
  }
  for (const bad of ["", "soon", "0 6 * *", "0 6 * * * *"]) expect(looksLikeCron(bad)).toBe(false);
  for (const good of ["0 6 * * *", "*/15 8-18 1,15 * 1-5", "0 6 * * MON"]) expect(looksLikeCron(good)).toBe(true);
});

test("conditions and transforms go to text and back, and the server can read them", () => {
  const condition = "score_above:70 and score_changed_by:0.5 and field_is_blank";
  expect(conditionText(conditionRows(condition))).toBe(condition);
  expect(parseCondition(conditionText(conditionRows(condition))).ok).toBe(true);
  expect(conditionText([])).toBeNull();
  const transform = "round:1 | score_label | uppercase";
  expect(transformText(transformRows(transform))).toBe(transform);
  expect(transformRows("raw")).toEqual([]);
  expect(transformText([])).toBe("raw");
});

test("a step is offered exactly where the server takes it", () => {
  for (const valueType of valueTypes) {
    for (const kind of stepKinds) {
      const text = transformText([{ kind, number: needsNumber(kind) ? "1" : "" }]);
      const parsed = parseTransform(text);
      const isTaken = parsed.ok && transformFits(parsed.steps, valueType) === null;
      expect([valueType, kind, stepsFor(valueType).includes(kind)]).toEqual([valueType, kind, isTaken]);
    }
  }
  expect(typesAlong("number", transformRows("score_label | round:0"))).toEqual(["number", "text", null]);
});

test("a property is said to hold a value exactly where the server says so", () => {
  for (const valueType of valueTypes) {
    for (const type of propertyTypes) {
      expect([valueType, type, canHold(valueType, type)]).toEqual([
        ...[valueType, type, compatibility(valueType, { type, label: "x" }).ok],
      ]);
    }
  }
});

test("what the editor proposes and sends is what the server's contract takes", () => {
  const draft = { ...draftOf({ ...newForm(), field: "deal_score", property: "p" }), crm_type: "hubspot" };
  const { confirm_duplicate: _confirm, status: _status, ...taken } = mappingDraft.parse(draft);
  expect(taken).toMatchObject(draft);
  expect(taken).toMatchObject({ keep_human_edits: true, record_filter: { open_deals: true } });
});

test("a mapping opened and sent unchanged is the same mapping", () => {
  const own = mappingOf({
    ...{ write_mode: "append", append_separator: " · ", append_max_entries: 20, keep_human_edits: false },
    ...{ record_filter: { pipelines: ["p1"], owners: ["o1"] }, schedule: "0 7 * * 1", sync_trigger: "scheduled" },
  });
  expect(own).toMatchObject(draftOf(formOf(own)));
});

test("what belongs to another mode is not sent", () => {
  const form = { ...newForm(), skipsRead: true, clearsEmpty: true };
  expect(draftOf(form)).toMatchObject({ skip_read: true, keep_human_edits: false, when_empty: "keep" });
  expect(draftOf({ ...form, mode: "append" })).toMatchObject({ skip_read: false, keep_human_edits: false });
  expect(draftOf({ ...form, objectType: "company" }).record_filter).toEqual({});
});

test("each reason of the server has its words", () => {
  for (const code of [...skipReasons, ...errorCodes]) expect(words.reasons[code], code).toBeTruthy();
});

test("CSV is as the server writes it: quoted, and no cell is a formula", () => {
  const row = ['say "hi"', "a,b", "two\nlines", "=1+1", "-5", "+49 30", "@x", "＝1", null, "plain"];
  expect(`${csvOf([row])}\r\n`).toBe(csvLine(row));
});

test("lists, domains, addresses and names", () => {
  expect(listOf(" a, b;\nc ,, a")).toEqual(["a", "b", "c"]);
  for (const good of ["acme.com", "eu.acme.co.uk"]) expect(isDomain(good)).toBe(true);
  for (const bad of ["acme", "a b.com", "http://acme.com", "1.2.3.4"]) expect(isDomain(bad)).toBe(false);
  expect(isEmail("ada@acme.test")).toBe(true);
  for (const bad of ["ada", "ada@acme", "a da@acme.test", "ada@@acme.test"]) expect(isEmail(bad)).toBe(false);
  expect(internalName("Pandora deal score")).toBe("pandora_deal_score");
  expect(internalName("Wärme-Index!")).toBe("pandora_warme_index");
  expect(internalName("%")).toBe("");
});

test("rules of gaps: unchanged sends nothing, bad numbers are named", () => {
  const stored = settingsOf();
  const form = gapFormOf(stored);
  expect(gapChange(form, stored)).toEqual({});
  expect(gapFaults(form, words)).toEqual({});
  expect(gapChange({ ...form, transcript_days: "30", short_minutes: "2.5" }, stored)).toEqual({
    ...{ transcript_days: 30, gaps: { short_minutes: 2.5 } },
  });
  const bad = { ...form, days_back: "0", group_people: "1.5", few_people: "", intro_words: "x".repeat(61) };
  expect(Object.keys(gapFaults(bad, words)).sort()).toEqual(["days_back", "few_people", "group_people", "intro_words"]);
});

test("progress is never said to be more than is known", () => {
  const running = { status: "running" as const, finished_at: null };
  expect(percentOf(runOf({ ...running, rate_per_s: null, eta_s: null }))).toBeNull();
  expect(percentOf(runOf({ ...running, rate_per_s: 10, eta_s: 1 }))).toBe(50);
  expect(percentOf(runOf({ ...running, rate_per_s: 1000, eta_s: 0 }))).toBe(99);
  expect(percentOf(runOf())).toBe(100);
  expect([20, 600, 9_000].map((seconds) => timeLeft(seconds, words, String))).toEqual([
    ...["20 seconds", "10 minutes", "2.5 hours"],
  ]);
});
