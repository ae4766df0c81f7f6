import { describe, expect, test } from "vitest";
import { type LogEntry, type LogQuery, logEntry } from "../../backend/contract/log.ts";
import { exportLog, listLog } from "../../backend/writes/log.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { deals, play, setValues } from "../writeback/flows-setup.ts";

async function all(t: TestHouse, query: Omit<LogQuery, "limit" | "cursor"> = {}, limit = 2): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await listLog(t.house, t.workspaceId, { ...query, limit, ...(cursor ? { cursor } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    entries.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return entries;
}

async function csv(t: TestHouse, query: Omit<LogQuery, "limit" | "cursor"> = {}): Promise<string> {
  let text = "";
  for await (const line of exportLog(t.house, t.workspaceId, query)) text += line;
  return text;
}

/** Four deals: one written, three below the condition; then a text that the CRM refuses. */
async function played() {
  const t = await newTestHouse("hubspot");
  const score = await t.addMapping({
    ...{ pandora_field: "deal_score", crm_property_name: t.property.number, write_condition: "score_above:50" },
  });
  const step = await t.addMapping({
    ...{ pandora_field: "next_step_recommendation", crm_property_name: t.property.text },
  });
  const ids = await deals(t, 4, "deal_score", (n) => 48 + n);
  const run = await play(t);
  t.clock.advance(60_000);
  await setValues(t, "next_step_recommendation", new Map([[ids[3]!, '=HYPERLINK("http://evil")']]));
  t.crm.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
  const second = await play(t);
  return { t, ids, score, step, run, second };
}

describe("the log", () => {
  test("newest first, page by page, nothing twice and nothing left out", async () => {
    const { t } = await played();
    const whole = await all(t, {}, 100);
    for (const entry of whole) expect(logEntry.parse(entry)).toEqual(entry);
    const times = whole.map((entry) => entry.created_at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(whole).toHaveLength(5);
    for (const limit of [1, 2, 3]) expect(await all(t, {}, limit)).toEqual(whole);
  });
  test("filtered by mapping, record, run, status, object and CRM", async () => {
    const { t, ids, score, step, run, second } = await played();
    const counts = {
      mapping: [(await all(t, { mapping_id: score })).length, (await all(t, { mapping_id: step })).length],
      record: await Promise.all(ids.map(async (id) => (await all(t, { record_id: id })).length)),
      run: [(await all(t, { run_id: run.id })).length, (await all(t, { run_id: second.id })).length],
      status: [(await all(t, { status: "skipped" })).length, (await all(t, { status: "success" })).length],
      object: [(await all(t, { object_type: "deal" })).length, (await all(t, { object_type: "company" })).length],
      crm: [(await all(t, { crm: "hubspot" })).length, (await all(t, { crm: "salesforce" })).length],
    };
    // A condition that is still not met is no news: the second run logs the refusal only.
    expect(counts).toEqual({
      mapping: [4, 1],
      record: [1, 1, 1, 2],
      run: [4, 1],
      status: [3, 1],
      object: [5, 0],
      crm: [5, 0],
    });
    expect(await all(t, { mapping_id: score, status: "success", record_id: ids[3]! })).toHaveLength(1);
  });
  test("says why in words", async () => {
    const { t, ids } = await played();
    const [refused] = await all(t, { status: "error" });
    expect(refused).toMatchObject({
      ...{ error_code: "value_refused", crm_record_id: ids[3], record_name: `Deal ${ids[3]}`, can_undo: false },
      ...{ pandora_field: "next_step_recommendation", trigger_source: "manual", initiated_by: "ada" },
      reason_text: expect.stringMatching(/^Failed: the CRM refused the value \(.*refused by a rule/),
      record_url: expect.stringContaining(ids[3]!),
    });
    const [skipped] = await all(t, { record_id: ids[0]! });
    expect(skipped).toMatchObject({
      ...{ status: "skipped", skip_reason: "condition_not_met", raw_value: 48, value_written: null },
      reason_text: "Skipped: the mapping's condition is not met (score_above:50)",
    });
    const [written] = await all(t, { status: "success" });
    expect(written).toMatchObject({ value: "51", value_written: "51", previous_value: null, reason_text: null });
  });
  test("what changed in the CRM is told with the day of our write", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, keep_human_edits: true },
    });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await play(t);
    t.crm.edit(id!, { [t.property.number]: "99" });
    await t.setValue(id!, "deal_score", 61, 2);
    await play(t);
    expect((await all(t, { status: "skipped" }))[0]).toMatchObject({
      ...{ skip_reason: "changed_in_crm", previous_value: "99" },
      reason_text: "Kept: someone changed it in the CRM since Pandora's write of 3 Mar",
    });
  });
  test("a cursor that is none of ours is refused", async () => {
    const { t } = await played();
    await expect(listLog(t.house, t.workspaceId, { limit: 2, cursor: "x" })).rejects.toMatchObject({
      ...{ code: "bad_cursor", status: 400 },
    });
  });
  test("another workspace sees nothing of it", async () => {
    const { t } = await played();
    const other = "00000000-0000-4000-8000-0000000000ff";
    expect(await listLog(t.house, other, { limit: 10 })).toEqual({ items: [], next_cursor: null });
  });
});

describe("the export", () => {
  test("has a head, a line for each entry, and no formula", async () => {
    const { t } = await played();
    // What a rep typed is as untrusted as what Pandora wrote.
    const text = await csv(t);
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toMatch(/^created_at,status,reason_text,.*,id$/);
    expect(lines).toHaveLength(6);
    expect(text).toContain('"\'=HYPERLINK(""http://evil"")"');
    expect(text).not.toMatch(/(^|,)"?=/m);
  });
  test("takes the same filters", async () => {
    const { t, ids } = await played();
    expect((await csv(t, { record_id: ids[0]! })).trimEnd().split("\r\n")).toHaveLength(2);
    expect((await csv(t, { object_type: "contact" })).trimEnd().split("\r\n")).toHaveLength(1);
  });
  test("is as long as the log, beyond one page", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const ids = await deals(t, 450, "deal_score", (n) => n);
    await play(t);
    const text = await csv(t);
    expect(text.trimEnd().split("\r\n")).toHaveLength(451);
    for (const id of ids) expect(text).toContain(`,${id},`);
  });
});
