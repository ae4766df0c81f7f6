import { describe, expect, test } from "vitest";
import { change, run as runSchema } from "../../backend/contract/runs.ts";
import { newTestHouse } from "../support/house.ts";
import { allChanges, deals, play, setValues } from "../writeback/flows-setup.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, () => {
    test("writes nothing, and says what the sync that follows does", async () => {
      const t = await newTestHouse(type);
      const score = await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
      const step = await t.addMapping({
        ...{ pandora_field: "next_step_recommendation", crm_property_name: t.property.text },
        write_mode: "never_overwrite",
      });
      await t.addMapping({
        ...{ pandora_field: "deal_risk_summary", crm_property_name: t.property.long, write_mode: "append" },
        append_timestamp_format: "prefix",
      });
      const ids = await deals(t, 6, "deal_score", (n) => 50 + n);
      t.crm.edit(ids[0]!, { [t.property.number]: "50" });
      t.crm.edit(ids[1]!, { [t.property.number]: "7", [t.property.text]: "typed by Ben" });
      t.crm.edit(ids[2]!, { [t.property.long]: "Notes of Eve" });
      await setValues(t, "next_step_recommendation", new Map(ids.slice(0, 3).map((id) => [id, "Call Ann"])));
      await setValues(t, "deal_risk_summary", new Map([...ids.slice(0, 3).map((id) => [id, "No reply"] as const)]));
      await setValues(t, "deal_score", new Map([[ids[5]!, null]]));

      const dry = await play(t, { kind: "dry_run" });
      expect(dry).toMatchObject({
        ...{ kind: "dry_run", status: "completed", totals: { records: 6, done: 12, written: 9, already_current: 1 } },
        report: { total: 12, would_change: 9, unchanged: 1, skipped: 2, invalid: 0 },
      });
      expect(dry.totals.skipped).toEqual({ crm_value_present: 1, no_value: 1 });
      expect(runSchema.parse(dry)).toEqual(dry);
      expect(t.crm.history()).toEqual([]);
      expect(await t.log()).toEqual([]);
      expect(await t.states()).toEqual({ leased: 0, pending: 0 });

      const planned = await allChanges(t, dry.id);
      for (const each of planned) expect(change.parse(each)).toEqual(each);
      expect(planned.find((one) => one.mapping_id === score && one.crm_record_id === ids[1])).toMatchObject({
        ...{ decision: "write", before: "7", after: "51", record_name: `Deal ${ids[1]}` },
      });
      expect(planned.find((one) => one.mapping_id === step && one.decision === "skip")).toMatchObject({
        ...{ crm_record_id: ids[1], reason: "crm_value_present", before: "typed by Ben", after: "typed by Ben" },
        reason_text: expect.stringContaining("fills blanks only"),
      });

      const sync = await play(t);
      expect(sync.totals).toEqual(dry.totals);
      const key = (one: (typeof planned)[number]) =>
        [one.crm_record_id, one.crm_property_name, one.decision, one.reason, one.before, one.after].join("|");
      expect((await allChanges(t, sync.id)).map(key).sort()).toEqual(planned.map(key).sort());
      // Salesforce stores line ends its own way.
      expect(t.crm.value(ids[2]!, t.property.long)?.replaceAll("\r\n", "\n")).toBe(
        "Notes of Eve\n---\n[Mar 3, 2031] No reply",
      );
    });
  });
}

test("what would be refused is told before anything is sent", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "deal_risk_summary", crm_property_name: t.property.number });
  await deals(t, 2, "deal_risk_summary", (n) => (n === 0 ? "high" : "12"));
  const dry = await play(t, { kind: "dry_run" });
  expect(dry.report).toEqual({ total: 2, would_change: 1, unchanged: 0, skipped: 0, invalid: 1 });
  expect(await allChanges(t, dry.id, "skip")).toMatchObject([{ reason: "does_not_fit" }]);
  expect(await allChanges(t, dry.id, "write")).toMatchObject([{ after: "12" }]);
  expect(await allChanges(t, dry.id, "error")).toEqual([]);
});

test("a record that is gone is listed as an error", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({ pandora_field: "deal_score", crm_property_name: t.property.number });
  const [gone] = await deals(t, 2, "deal_score", () => 60);
  t.crm.archive(gone!);
  const dry = await play(t, { kind: "dry_run" });
  expect(dry).toMatchObject({ report: { would_change: 1, invalid: 1 }, totals: { errors: { record_gone: 1 } } });
  expect(await allChanges(t, dry.id, "error")).toMatchObject([{ crm_record_id: gone, reason: "record_gone" }]);
});

test("a paused mapping may be looked at, and is not synced", async () => {
  const t = await newTestHouse("hubspot");
  const id = await t.addMapping({
    pandora_field: "deal_score",
    crm_property_name: t.property.number,
    status: "paused",
  });
  await deals(t, 1, "deal_score", () => 60);
  expect(await play(t, { kind: "dry_run", mappingIds: [id] })).toMatchObject({ report: { total: 1, would_change: 1 } });
  await expect(play(t, { mappingIds: [id] })).rejects.toMatchObject({ code: "mapping_not_active", status: 409 });
});

test("a reading that fails is tried again, and never taken for a blank", async () => {
  const t = await newTestHouse("hubspot");
  await t.addMapping({
    ...{ pandora_field: "deal_score", crm_property_name: t.property.number, write_mode: "never_overwrite" },
  });
  const [id] = await deals(t, 1, "deal_score", () => 60);
  t.crm.edit(id!, { [t.property.number]: "7" });
  t.crm.faults.set([{ name: "500", rate: 1, on: "reads", times: 1 }]);
  const dry = await play(t, { kind: "dry_run" });
  expect(t.crm.faults.hits()["500"]).toBe(1);
  expect(dry).toMatchObject({ status: "completed", totals: { done: 1, skipped: { crm_value_present: 1 } } });
});
