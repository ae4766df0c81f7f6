import { describe, expect, test } from "vitest";
import { calls, connectSalesforce } from "./salesforce-setup.ts";

describe("bulk", () => {
  test("many updates take six calls and the polls; each row is settled by its own result", async () => {
    const c = await connectSalesforce();
    const ids = Array.from({ length: 2_500 }, (_, i) =>
      c.sim.addRecord("deal", { Name: `Deal ${i}`, NextStep: "before" }),
    );
    c.sim.remove("deal", ids[1] ?? "");
    const writes = ids.map((id, i) => ({
      id,
      properties: { NextStep: i === 2 ? "x".repeat(300) : i === 3 ? null : `quote " comma, line\nbreak ${i}` },
    }));
    await c.crm.describeProperties("deal");
    const before = calls(c.sim);
    const settled = await c.crm.bulkUpdate("deal", writes);
    expect(calls(c.sim) - before).toBe(6 + 2);
    expect(settled.slice(0, 4)).toMatchObject([
      { ok: true, value: { id: ids[0] } },
      { ok: false, error: { kind: "record_gone" } },
      { ok: false, error: { kind: "value_refused", detail: { property: "NextStep" } } },
      { ok: true },
    ]);
    expect(settled.filter((each) => each.ok)).toHaveLength(2_498);
    expect(c.sim.record("deal", ids[0] ?? "")?.properties["NextStep"]).toBe('quote " comma, line\nbreak 0');
    expect(c.sim.record("deal", ids[3] ?? "")?.properties["NextStep"]).toBeNull();
    await c.crm.close();
    await c.stop();
  });

  test("rows the job did not come to were not written and may be sent again", async () => {
    const c = await connectSalesforce();
    const ids = Array.from({ length: 5 }, () => c.sim.addRecord("deal", { Name: "Deal" }));
    c.sim.stopBulkAfter(2);
    const settled = await c.crm.bulkUpdate(
      "deal",
      ids.map((id) => ({ id, properties: { NextStep: "after" } })),
    );
    expect(settled.map((each) => (each.ok ? "ok" : each.error.kind))).toEqual([
      "ok",
      "ok",
      "retry_later",
      "retry_later",
      "retry_later",
    ]);
    await c.crm.close();
    await c.stop();
  });

  test("a lost reply to the close is no reason to guess: the job tells", async () => {
    const c = await connectSalesforce();
    const id = c.sim.addRecord("deal", { Name: "Deal" });
    c.sim.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
    expect(await c.crm.bulkUpdate("deal", [{ id, properties: { NextStep: "after" } }])).toMatchObject([{ ok: true }]);
    expect(c.sim.history({ objectType: "deal", id, property: "NextStep" })).toHaveLength(1);
    await c.crm.close();
    await c.stop();
  });

  test("a large export comes in pages and is whole", async () => {
    const c = await connectSalesforce();
    for (let i = 0; i < 120; i += 1) c.sim.addRecord("company", { Name: `Firm, "${i}"` });
    const rows: unknown[] = [];
    for await (const page of c.crm.bulkQuery({ select: ["Id", "Name"], from: "Account" })) rows.push(...page);
    expect(rows).toHaveLength(120);
    expect(rows).toContainEqual(expect.objectContaining({ Name: 'Firm, "7"' }));
    await c.crm.close();
    await c.stop();
  });
});
