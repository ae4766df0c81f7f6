/** Which records are analysed after a change: those that changed, and those whose facts they are part of. */
import { expect, test } from "vitest";
import type { ChangedRecords } from "../../backend/mirror/on-import.ts";
import { analyseChanged, analyseConversations } from "../../backend/skills/on-changes.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { planting } from "./planted.ts";

const app = await newTestApp(await newDatabase());

async function planted() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  const t = planting(app.house, workspace.id);
  await t.company("c1");
  await t.company("c2");
  await t.contact("k1", { company_id: "c2" });
  await t.contact("k2");
  await t.deal("d1", { company_id: "c1", contacts: ["k1", "k2"] });
  await t.deal("d2");
  return {
    ...t,
    changed: (changed: ChangedRecords) =>
      t.inside((tx) => analyseChanged(app.house)(tx, t.workspaceId, "hubspot", changed)),
    talked: (ids: string[]) => t.inside((tx) => analyseConversations(app.house)(tx, t.workspaceId, ids)),
    /** What waits, as "skill: ids", and is taken away. */
    queued: async () => {
      const rows = await t.inside(
        (tx) => tx<{ skill: string; trigger: string; ids: string[] | null }[]>`
          delete from skill_runs where workspace_id = ${t.workspaceId} and status = 'queued'
          returning skill, trigger, scope -> 'record_ids' as ids`,
      );
      return rows.map(({ skill, trigger, ids }) => `${trigger} ${skill}: ${ids?.toSorted().join(" ") ?? "all"}`).sort();
    },
  };
}

test("a deal counts for its company and its contacts", async () => {
  const t = await planted();
  await t.changed({ deal: ["d1", "d2"] });
  expect(await t.queued()).toEqual([
    ...["mirror account-score: c1", "mirror contact-engagement: k1 k2", "mirror deal-score: d1 d2"],
  ]);
});

test("a deal that moved counts for the company it left too", async () => {
  const t = await planted();
  await t.change("deals", "d1", { company_id: "c2" });
  await t.changed({ deal: ["d1"] });
  expect(await t.queued()).toContain("mirror account-score: c1 c2");
  await t.change("deals", "d1", { company_id: null });
  await t.changed({ deal: ["d1"] });
  expect(await t.queued()).toContain("mirror account-score: c2");
});

test("a contact counts for its company; a company for itself", async () => {
  const t = await planted();
  await t.changed({ contact: ["k1", "k2"] });
  expect(await t.queued()).toEqual([
    "mirror account-score: c2",
    "mirror contact-engagement: k1 k2",
    "mirror contact-enrichment: k1 k2",
  ]);
  await t.changed({ company: ["c1"] });
  expect(await t.queued()).toEqual(["mirror account-score: c1"]);
});

test("after an import everything is analysed; at the end of a round what has not been for a day", async () => {
  const t = await planted();
  await t.changed({ deal: null, company: null, contact: null });
  expect(await t.queued()).toEqual([
    "mirror account-score: all",
    "mirror contact-engagement: all",
    "mirror contact-enrichment: all",
    "mirror deal-score: all",
  ]);
  await t.changed({});
  const daily = await t.queued();
  expect(daily.map((line) => line.replace(/^\w+ /, ""))).toEqual([
    ...["account-score: all", "contact-engagement: all", "contact-enrichment: all"],
    ...["data-quality-audit: all", "deal-score: all", "pipeline-coverage: all"],
  ]);
});

test("a conversation counts for the deal, companies and contacts it is linked to", async () => {
  const t = await planted();
  const one = await t.call({ deal: "d1", companies: ["c1", "c2"], people: ["k1", "stranger@x.test"] });
  const other = await t.call({ companies: ["c1"], people: ["k2"] });
  const nobodys = await t.call({});
  await t.call({ deal: "d2", people: ["k2"] });
  await t.talked([one, other, nobodys]);
  expect(await t.queued()).toEqual([
    "conversations account-score: c1 c2",
    "conversations contact-engagement: k1 k2",
    "conversations deal-score: d1",
  ]);
  await t.talked([nobodys]);
  await t.talked([]);
  expect(await t.queued()).toEqual([]);
});

test("an analysis asked for by a person does not wait for the ones that come by themselves", async () => {
  const t = await planted();
  await t.changed({ deal: ["d1"] });
  const run = await t.run("deal-score", ["d1"]);
  expect(run).toMatchObject({ trigger: "manual", status: "completed", records: 1 });
  expect(await t.queued()).toContain("mirror deal-score: d1");
});
