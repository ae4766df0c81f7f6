import { describe, expect, test } from "vitest";
import { undoRun } from "../../backend/writeback/runs.ts";
import { listLog, undoWrite } from "../../backend/writes/log.ts";
import { newTestHouse, type TestHouse } from "../support/house.ts";
import { allChanges, deals, finish, play, setValues, start } from "../writeback/flows-setup.ts";

async function undo(t: TestHouse, runId: string) {
  const started = await undoRun(t.house, t.workspaceId, runId, "ada");
  return finish(t, started.id);
}
const lines = (text: string | null) => text?.replaceAll("\r\n", "\n") ?? null;

for (const type of ["hubspot", "salesforce"] as const) {
  describe(`undo of a run: ${type}`, () => {
    test("restores what stood there, blanks too, and leaves alone what was edited since", async () => {
      const t = await newTestHouse(type);
      await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
      await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
      const ids = await deals(t, 4, "deal_score", (n) => 60 + n);
      await setValues(t, "next_step_recommendation", new Map(ids.map((id) => [id, "Call Ann"])));
      t.crm.edit(ids[0]!, { [t.property.number]: "7", [t.property.text]: "typed by Ben" });
      const sync = await play(t);
      expect(sync.totals.written).toBe(8);
      t.crm.edit(ids[2]!, { [t.property.text]: "changed by Eve" });
      t.crm.edit(ids[3]!, { [t.property.number]: null });

      const done = await undo(t, sync.id);
      expect(done).toMatchObject({
        ...{ kind: "undo", trigger: "undo", status: "completed" },
        totals: { records: 4, done: 8, written: 6, skipped: { edited_since: 2 } },
      });
      expect(ids.map((id) => t.crm.value(id, t.property.number))).toEqual(["7", null, null, null]);
      expect(ids.map((id) => t.crm.value(id, t.property.text))).toEqual(["typed by Ben", null, "changed by Eve", null]);
      const left = await allChanges(t, done.id, "skip");
      expect(left.map((one) => [one.crm_record_id, one.reason]).sort()).toEqual(
        [ids[2], ids[3]].map((id) => [id, "edited_since"]).sort(),
      );
      expect(left[0]!.reason_text).toContain("Left alone");
    });

    test("an append's undo removes only ours, though a person wrote around it", async () => {
      const t = await newTestHouse(type);
      await t.addMapping({
        ...{ pandora_field: "deal_risk_summary", crm_property_name: t.property.long, write_mode: "append" },
        append_timestamp_format: "none",
      });
      const [around, edited, alone] = await deals(t, 3, "deal_risk_summary", () => "No reply\nfor weeks");
      t.crm.edit(around!, { [t.property.long]: "Notes of Eve" });
      const sync = await play(t);
      expect(lines(t.crm.value(around!, t.property.long))).toBe("Notes of Eve\n---\nNo reply\nfor weeks");
      t.crm.edit(around!, { [t.property.long]: "Eve, later\n---\nNo reply\nfor weeks\n---\nBen" });
      t.crm.edit(edited!, { [t.property.long]: "No reply\nfor days" });
      const done = await undo(t, sync.id);
      expect(done.totals).toMatchObject({ written: 2, skipped: { edited_since: 1 } });
      expect(lines(t.crm.value(around!, t.property.long))).toBe("Eve, later\n---\nBen");
      expect(lines(t.crm.value(edited!, t.property.long))).toBe("No reply\nfor days");
      expect(t.crm.value(alone!, t.property.long)).toBeNull();
    });
  });
}

describe("after an undo", () => {
  test("the next sync holds until the value changes", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    const sync = await play(t);
    await undo(t, sync.id);
    expect((await play(t)).totals).toMatchObject({ written: 0, skipped: { held_after_undo: 1 } });
    expect(t.crm.value(id!, t.property.number)).toBeNull();
    await t.setValue(id!, "deal_score", 61, 2);
    expect((await play(t)).totals.written).toBe(1);
    expect(t.crm.value(id!, t.property.number)).toBe("61");
  });

  test("an undone append is not appended again", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_risk_summary", crm_property_name: t.property.long, write_mode: "append" },
    });
    const [id] = await deals(t, 1, "deal_risk_summary", () => "No reply");
    await undo(t, (await play(t)).id);
    expect((await play(t)).totals.skipped).toEqual({ held_after_undo: 1 });
    expect(t.crm.value(id!, t.property.long)).toBeNull();
  });

  test("our write before that one is ours again: keep_human_edits lets it be replaced", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, keep_human_edits: true },
    });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await play(t);
    await t.setValue(id!, "deal_score", 70, 2);
    await undo(t, (await play(t)).id);
    expect(t.crm.value(id!, t.property.number)).toBe("60");
    await t.setValue(id!, "deal_score", 80, 3);
    expect((await play(t)).totals.written).toBe(1);
    expect(t.crm.value(id!, t.property.number)).toBe("80");
  });

  test("a run is undone once: what was taken back is not taken back again", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    const sync = await play(t);
    await undo(t, sync.id);
    t.crm.edit(id!, { [t.property.number]: "60" });
    expect((await undo(t, sync.id)).totals).toMatchObject({ records: 0, done: 0 });
    expect(t.crm.value(id!, t.property.number)).toBe("60");
  });

  test("two writes of one run to the same property are taken back newest first", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    t.crm.edit(id!, { [t.property.number]: "7" });
    const first = await play(t);
    t.clock.advance(1_000);
    await t.setValue(id!, "deal_score", 70, 2);
    const second = await play(t);
    // As when a unit is worked off again after a crash, and the value rose in between.
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) =>
        tx`update crm_write_log set run_id = ${first.id} where workspace_id = ${t.workspaceId} and run_id = ${second.id}`,
    );
    const done = await undo(t, first.id);
    expect(done).toMatchObject({ status: "completed", totals: { done: 2, written: 2 } });
    expect(t.crm.value(id!, t.property.number)).toBe("7");
  });
});

describe("undo of one write", () => {
  test("at once, and the log says what took it back", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await play(t);
    const [write] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    expect(write).toMatchObject({ status: "success", can_undo: true, undone_by: null });
    const taken = await undoWrite(t.house, t.workspaceId, write!.id, "ada");
    expect(taken).toMatchObject({
      ...{ status: "success", trigger_source: "undo", initiated_by: "ada", undoes: write!.id, can_undo: false },
    });
    expect(t.crm.value(id!, t.property.number)).toBeNull();
    const { items } = await listLog(t.house, t.workspaceId, { limit: 10 });
    expect(items.find((one) => one.id === write!.id)).toMatchObject({ undone_by: taken.id, can_undo: false });
    await expect(undoWrite(t.house, t.workspaceId, write!.id, "ada")).rejects.toMatchObject({
      ...{ code: "nothing_to_undo", status: 409 },
    });
    await expect(undoWrite(t.house, t.workspaceId, taken.id, "ada")).rejects.toMatchObject({ code: "nothing_to_undo" });
  });

  test("is left alone when edited since, and says so again when asked again", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await play(t);
    const [write] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    t.crm.edit(id!, { [t.property.number]: "99" });
    for (let time = 0; time < 2; time += 1) {
      expect(await undoWrite(t.house, t.workspaceId, write!.id, "ada")).toMatchObject({
        ...{ status: "skipped", skip_reason: "edited_since", undoes: write!.id, can_undo: false },
        reason_text: "Left alone: someone changed it in the CRM since Pandora's write of 3 Mar",
      });
    }
    expect(t.crm.value(id!, t.property.number)).toBe("99");
    expect((await t.log()).filter((row) => row.skip_reason === "edited_since")).toHaveLength(1);
  });

  test("a record that is gone is said to be gone, each time", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    await play(t);
    const [write] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    t.crm.archive(id!);
    for (let time = 0; time < 2; time += 1) {
      expect(await undoWrite(t.house, t.workspaceId, write!.id, "ada")).toMatchObject({
        ...{ status: "error", error_code: "record_gone", reason_text: expect.stringContaining("deleted or merged") },
      });
    }
  });

  test("under skip_read nobody knows what stood there", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number, skip_read: true });
    const [id] = await deals(t, 1, "deal_score", () => 60);
    const sync = await play(t);
    const [write] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    expect(write!.can_undo).toBe(false);
    expect(await undoWrite(t.house, t.workspaceId, write!.id, "ada")).toMatchObject({
      ...{ status: "skipped", skip_reason: "previous_unknown" },
    });
    expect((await undo(t, sync.id)).totals.skipped).toEqual({ previous_unknown: 1 });
    expect(t.crm.value(id!, t.property.number)).toBe("60");
  });

  test("nothing to undo where the value came back by itself", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "next_step_recommendation", crm_property_name: t.property.text });
    const [id] = await deals(t, 1, "next_step_recommendation", () => "Call Ann");
    t.crm.edit(id!, { [t.property.text]: "typed by Ben" });
    await play(t);
    const [write] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    await t.house.db.withWorkspace(
      t.workspaceId,
      (tx) => tx`update crm_write_log set previous_value = 'Call Ann ' where workspace_id = ${t.workspaceId}`,
    );
    expect(await undoWrite(t.house, t.workspaceId, write!.id, "ada")).toMatchObject({ skip_reason: "nothing_to_undo" });
  });

  test("a skip, another workspace's entry and an unknown id are no writes to undo", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({
      ...{ pandora_field: "deal_score", crm_property_name: t.property.number, write_condition: "score_above:70" },
    });
    await deals(t, 1, "deal_score", () => 60);
    await play(t);
    const [skip] = (await listLog(t.house, t.workspaceId, { limit: 10 })).items;
    expect(skip).toMatchObject({ status: "skipped", can_undo: false });
    await expect(undoWrite(t.house, t.workspaceId, skip!.id, "ada")).rejects.toMatchObject({ code: "nothing_to_undo" });
    await expect(
      undoWrite(t.house, t.workspaceId, "00000000-0000-4000-8000-000000000000", "ada"),
    ).rejects.toMatchObject({ code: "not_found", status: 404 });
  });
});

describe("which runs can be undone", () => {
  test("not a dry run, not one that goes on, not one that is not there", async () => {
    const t = await newTestHouse("hubspot");
    await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
    await deals(t, 1, "deal_score", () => 60);
    const dry = await play(t, { kind: "dry_run" });
    await expect(undo(t, dry.id)).rejects.toMatchObject({ code: "nothing_to_undo", status: 409 });
    await expect(undo(t, "00000000-0000-4000-8000-000000000000")).rejects.toMatchObject({ code: "not_found" });
    const going = await start(t);
    await expect(undo(t, going.id)).rejects.toMatchObject({ code: "run_not_finished", status: 409 });
  });
});
