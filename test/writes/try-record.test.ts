import { describe, expect, test } from "vitest";
import { mappingDraft, tryResult } from "../../backend/contract/mappings.ts";
import { previewMapping, testMapping } from "../../backend/writeback/try-record.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { deals, mirror, play } from "../writeback/flows-setup.ts";

function attempt(t: TestHouse, mappingId: string, recordId: string | null, write = false) {
  return testMapping(t.house, t.workspaceId, mappingId, { crm_record_id: recordId, write, by: "ada" });
}

for (const type of ["hubspot", "salesforce"] as const) {
  test(`${type}: a test shows before and after, and writes only when told to`, async () => {
    const t = await newTestHouse(type);
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    t.crm.edit(id!, { [t.property.number]: "7" });
    const tried = await attempt(t, mapping, id!);
    expect(tryResult.parse(tried)).toEqual(tried);
    expect(tried).toMatchObject({
      ...{ crm_record_id: id, record_name: `Deal ${id}`, raw_value: 60, value: "60", decision: "write", reason: null },
      ...{ before: "7", after: "60", written: false, log_id: null },
    });
    expect(t.crm.history()).toEqual([]);
    expect(await t.log()).toEqual([]);
    const written = await attempt(t, mapping, id!, true);
    expect(written).toMatchObject({ decision: "write", before: "7", after: "60", written: true });
    expect(t.crm.value(id!, t.property.number)).toBe("60");
    expect(await t.log()).toMatchObject([{ id: written.log_id, trigger_source: "test", status: "success" }]);
    expect(await attempt(t, mapping, id!, true)).toMatchObject({
      ...{ decision: "skip", reason: "already_current", before: "60", after: "60", written: false },
    });
  });
}

describe("a test of a mapping", () => {
  test("without a record takes one that has a value; without any value it says so", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await expect(attempt(t, mapping, null)).rejects.toMatchObject({ code: "no_record", status: 404 });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    expect(await attempt(t, mapping, null)).toMatchObject({ crm_record_id: id, decision: "write" });
  });
  test("says why nothing would be written", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, record_filter: { open_deals: true } },
    });
    const [open, closed] = await deals(t, 2, "deal_score", () => 60);
    await mirror(t, [closed!], { is_closed: true });
    const unknown = t.crm.addDeal();
    expect(await attempt(t, mapping, open!)).toMatchObject({ decision: "write" });
    expect(await attempt(t, mapping, closed!, true)).toMatchObject({
      ...{
        decision: "skip",
        reason: "outside_filter",
        reason_text: expect.stringContaining("outside"),
        written: false,
      },
    });
    expect(await attempt(t, mapping, unknown)).toMatchObject({ decision: "skip", reason: "no_value" });
    t.crm.archive(open!);
    await expect(attempt(t, mapping, open!)).rejects.toMatchObject({ code: "record_gone", status: 404 });
    expect(t.crm.history()).toEqual([]);
  });
  test("works on a paused mapping, and not on one that is not there", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, status: "paused" },
    });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    expect(await attempt(t, mapping, id!)).toMatchObject({ decision: "write" });
    await expect(attempt(t, "00000000-0000-4000-8000-000000000000", id!)).rejects.toMatchObject({ code: "not_found" });
  });
  test("a CRM that does not answer is no blank", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await attempt(t, mapping, id!);
    t.crm.faults.set([{ name: "500", rate: 1, on: "reads" }]);
    for (const write of [false, true])
      await expect(attempt(t, mapping, id!, write)).rejects.toMatchObject({ code: "crm_unavailable", status: 503 });
    expect(t.crm.history()).toEqual([]);
  });
  test("a refusal is shown in the CRM's words", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
    expect(await attempt(t, mapping, id!, true)).toMatchObject({
      ...{ decision: "skip", reason: "value_refused", reason_text: expect.stringContaining("refused by a rule") },
    });
    expect(await attempt(t, mapping, id!, true)).toMatchObject({ decision: "skip", reason: "refused_before" });
  });
});

describe("a preview of an unsaved mapping", () => {
  const draft = (t: TestHouse, set: object = {}) =>
    mappingDraft.omit({ request_id: true }).parse({
      ...{ crm_type: t.crm.type, pandora_field: "deal_risk_summary", crm_object_type: "deal" },
      ...{ crm_property_name: t.property.long, write_mode: "append", ...set },
    });
  test("on a sample: the append as it would look, without asking any record", async () => {
    const t = await newTestHouse("hubspot");
    const shown = await previewMapping(t.house, t.workspaceId, {
      ...{ mapping: draft(t), crm_record_id: null, sample_value: "No reply", sample_current: "Notes of Eve" },
    });
    expect(tryResult.parse(shown)).toEqual(shown);
    expect(shown).toMatchObject({
      ...{ crm_record_id: null, decision: "write", before: "Notes of Eve", written: false },
      after: "Notes of Eve\n---\n[Mar 3, 2031] No reply",
    });
    expect(t.crm.calls()).toBe(0);
  });
  test("a number's example is a number: conditions and transforms of numbers hold for it", async () => {
    const t = await newTestHouse("hubspot");
    const mapping = mappingDraft.parse({
      ...{ pandora_field: "deal_score", crm_object_type: "deal", crm_property_name: t.property.text },
      ...{ write_condition: "score_above:0", value_transform: "score_label" },
    });
    const result = await previewMapping(t.house, t.workspaceId, { mapping, crm_record_id: null, sample_current: null });
    expect(result).toMatchObject({ raw_value: 61, decision: "write", value: "Fair" });
  });
  test("without a sample it takes the field's example", async () => {
    const t = await newTestHouse("hubspot");
    const shown = await previewMapping(t.house, t.workspaceId, {
      ...{ mapping: draft(t), crm_record_id: null, sample_current: null },
    });
    expect(shown.raw_value).toEqual(expect.any(String));
    expect(shown.after).toBe(`[Mar 3, 2031] ${shown.raw_value}`);
  });
  test("on a real record, read live, written never", async () => {
    const t = await newTestHouse("hubspot");
    const [id] = await deals(t, 1, "deal_risk_summary", () => "No reply");
    t.crm.edit(id!, { [t.property.long]: "Notes of Eve" });
    const shown = await previewMapping(t.house, t.workspaceId, {
      ...{ mapping: draft(t, { append_timestamp_format: "none" }), crm_record_id: id!, sample_current: null },
    });
    expect(shown).toMatchObject({ before: "Notes of Eve", after: "Notes of Eve\n---\nNo reply", written: false });
    expect(t.crm.history()).toEqual([]);
  });
  test("rules that can't be read are refused by name", async () => {
    const t = await newTestHouse("hubspot");
    const preview = (set: object) =>
      previewMapping(t.house, t.workspaceId, { mapping: draft(t, set), crm_record_id: null, sample_current: null });
    await expect(preview({ value_transform: "shout" })).rejects.toMatchObject({ code: "invalid_mapping", status: 422 });
    await expect(preview({ crm_property_name: "nowhere" })).rejects.toMatchObject({
      ...{ status: 422, errors: [{ field: expect.stringContaining("crm_property_name"), code: "unknown_property" }] },
    });
  });
});

test("adopting overwrites what was there before Pandora, once", async () => {
  const t = await newTestHouse("hubspot");
  const mapping = await t.addMapping({
    ...{ pandora_field: "next_step_recommendation", crm_property_name: t.property.text, keep_human_edits: true },
  });
  const [id] = await deals(t, 1, "next_step_recommendation", () => "Call Ann", { [t.property.text]: "typed by Ben" });
  expect((await play(t)).totals.skipped).toEqual({ value_predates_pandora: 1 });
  expect((await play(t, { mappingIds: [mapping], adopt: true })).totals.written).toBe(1);
  expect(t.crm.value(id!, t.property.text)).toBe("Call Ann");
  t.crm.edit(id!, { [t.property.text]: "typed by Ben again" });
  expect((await play(t, { mappingIds: [mapping], adopt: true })).totals.skipped).toEqual({ changed_in_crm: 1 });
  expect(t.crm.value(id!, t.property.text)).toBe("typed by Ben again");
});
