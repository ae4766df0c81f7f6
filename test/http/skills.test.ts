/** Skills over HTTP: start and watch runs, and set how the scores weigh, with a look at the effect before. */
import { expect, test } from "vitest";
import {
  scoringPreview,
  scoringSettings,
  skillList,
  skillRun,
  skillRunList,
  skillRunsStarted,
} from "../../backend/contract/skills.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { skillNames } from "../../backend/skills/catalogue.ts";
import { planting } from "../skills/planted.ts";
import { newDatabase } from "../support/database.ts";
import { newTestApp } from "./support.ts";

const app = await newTestApp(await newDatabase());
const handlers = createHandlers(app.house);

async function planted(...crms: ("hubspot" | "salesforce")[]) {
  const workspace = await app.newWorkspace();
  for (const crm of crms) await workspace.connect(crm);
  const planted = planting(app.house, workspace.id, crms[0]);
  return {
    ...planted,
    talk: planted.call,
    call: workspace.call,
    drain: () => app.house.queue.drain(handlers, app.clock),
  };
}

test("a skill is started over everything, worked off, and seen in its run, the list and the skill", async () => {
  const t = await planted("hubspot");
  await t.deal("d1");
  await t.deal("d2");
  const before = skillList.parse((await t.call("viewer", "GET", "skills")).body);
  expect(before.items.map(({ name, last_run }) => [name, last_run])).toEqual(skillNames.map((name) => [name, null]));
  const started = await t.call("admin", "POST", "skill-runs", { skill: "deal-score" });
  expect(started.status).toBe(202);
  const [begun] = skillRunsStarted.parse(started.body).items;
  expect(begun).toMatchObject({
    skill: "deal-score",
    trigger: "manual",
    status: "queued",
    crm: "hubspot",
    record_ids: null,
  });
  expect(begun!.initiated_by).toMatch(/^api_key:/);
  await t.drain();
  const ended = skillRun.parse((await t.call("viewer", "GET", `skill-runs/${begun!.id}`)).body);
  expect(ended).toMatchObject({
    status: "completed",
    records: 2,
    changed: 2,
    writeback: "done",
    writeback_run_ids: [],
  });
  const after = skillList.parse((await t.call("rep", "GET", "skills")).body);
  expect(after.items.find(({ name }) => name === "deal-score")!.last_run).toEqual({
    ...{ id: begun!.id, status: "completed", finished_at: ended.finished_at },
  });
});

test("an object's skills, and some records only", async () => {
  const t = await planted("hubspot");
  await t.contact("k1");
  await t.contact("k2");
  await t.company("c1");
  const { body } = await t.call("admin", "POST", "skill-runs", { object_type: "contact", record_ids: ["k2"] });
  expect(skillRunsStarted.parse(body).items.map(({ skill, record_ids }) => [skill, record_ids])).toEqual([
    ["contact-engagement", ["k2"]],
    ["contact-enrichment", ["k2"]],
  ]);
  const account = await t.call("admin", "POST", "skill-runs", { object_type: "account" });
  expect(skillRunsStarted.parse(account.body).items).toMatchObject([{ skill: "account-score" }]);
  await t.drain();
  expect(Object.keys(await t.values("contact", "k2"))).toContain("contact_enrichment_score");
  expect(await t.values("contact", "k1")).toEqual({});
  expect(Object.keys(await t.values("company", "c1"))).toContain("account_score");
});

test.each<[string, object, number, string, object]>([
  ["a skill there is none of", { skill: "horoscope" }, 422, "unknown_skill", { field: "skill", allowed: skillNames }],
  [
    "records for an audit",
    { skill: "data-quality-audit", record_ids: ["d1"] },
    422,
    "no_records",
    { field: "record_ids" },
  ],
  ["neither skill nor object", {}, 422, "invalid_request", { field: "skill" }],
  ["both", { skill: "deal-score", object_type: "deal" }, 422, "invalid_request", { field: "skill" }],
  ["no records at all", { skill: "deal-score", record_ids: [] }, 422, "invalid_request", { field: "record_ids" }],
  [
    "an id that is none",
    { skill: "deal-score", record_ids: ["a'b"] },
    422,
    "invalid_request",
    { field: "record_ids.0" },
  ],
  [
    "both CRMs are connected, none is named",
    { skill: "deal-score" },
    422,
    "which_crm",
    { field: "crm", allowed: ["hubspot", "salesforce"] },
  ],
])("%s is refused, saying where", async (name, body, status, code, error) => {
  const t = await (name.startsWith("both CRMs") ? planted("hubspot", "salesforce") : planted("hubspot"));
  const answer = await t.call("admin", "POST", "skill-runs", body);
  expect(answer).toMatchObject({ status, body: { code, errors: [error] } });
  expect((await t.call("admin", "GET", "skill-runs")).body.items).toEqual([]);
});

test("with both CRMs the named one is analysed; without any there is nothing to analyse", async () => {
  const t = await planted("hubspot", "salesforce");
  const answer = await t.call("admin", "POST", "skill-runs", { skill: "deal-score", crm: "salesforce" });
  expect(answer).toMatchObject({ status: 202, body: { items: [{ crm: "salesforce" }] } });
  const bare = await planted();
  expect(await bare.call("admin", "POST", "skill-runs", { skill: "deal-score" })).toMatchObject({
    ...{ status: 409, body: { code: "not_connected" } },
  });
});

test.each(["rep", "viewer"] as const)("a %s may look, and not start or set anything", async (role) => {
  const t = await planted("hubspot");
  const scoring = { deal_score: { weights: { activity: 1 } } };
  for (const [method, path, body] of [
    ["POST", "skill-runs", { skill: "deal-score" }],
    ["PATCH", "skills/scoring", { scoring }],
    ["POST", "skills/scoring/preview", { score: "deal_score", scoring }],
  ] as const) {
    expect(await t.call(role, method, path, body)).toMatchObject({ status: 403, body: { code: "forbidden" } });
  }
  for (const path of ["skills", "skills/scoring", "skill-runs", "findings"]) {
    expect((await t.call(role, "GET", path)).status).toBe(200);
  }
});

test("runs come newest first, page by page, each once; of one skill when asked", async () => {
  const t = await planted("hubspot");
  const ids: string[] = [];
  for (let n = 0; n < 5; n += 1) {
    app.clock.advance(1_000);
    ids.unshift((await t.run(n % 2 === 0 ? "deal-score" : "account-score")).id);
  }
  const pages: string[] = [];
  let path = "skill-runs?limit=2";
  for (;;) {
    const { items, next_cursor } = skillRunList.parse((await t.call("viewer", "GET", path)).body);
    pages.push(...items.map(({ id }) => id));
    if (next_cursor === null) break;
    path = `skill-runs?limit=2&cursor=${next_cursor}`;
  }
  expect(pages).toEqual(ids);
  const some = skillRunList.parse((await t.call("viewer", "GET", "skill-runs?skill=account-score")).body);
  expect(some.items.map(({ id }) => id)).toEqual([ids[1], ids[3]]);
  const other = await planted("hubspot");
  expect((await other.call("admin", "GET", `skill-runs/${ids[0]}`)).status).toBe(404);
  expect((await t.call("admin", "GET", "skill-runs/nonsense")).status).toBe(404);
});

test("weights and limits are shown with their words, changed, kept and audited; what they move is scored anew", async () => {
  const t = await planted("hubspot");
  await t.deal("d1", { last_activity_at: t.ago(40) });
  const shown = scoringSettings.parse((await t.call("viewer", "GET", "skills/scoring")).body);
  const activity = (settings: typeof shown) =>
    settings.items.find(({ score }) => score === "deal_score")!.weights.find(({ key }) => key === "activity")!;
  expect(activity(shown)).toMatchObject({ label: "Recent activity", default: 25, value: 25 });
  await t.run("deal-score");
  const before = (await t.values("deal", "d1"))["deal_score"]!.value as number;

  const first = await t.call("admin", "PATCH", "skills/scoring", {
    scoring: { deal_score: { weights: { activity: 80 } } },
  });
  expect(first.status).toBe(200);
  expect(activity(scoringSettings.parse(first.body))).toMatchObject({ default: 25, value: 80 });
  // A second change keeps the first.
  await t.call("admin", "PATCH", "skills/scoring", { scoring: { deal_score: { weights: { contacts: 0 } } } });
  const kept = scoringSettings.parse((await t.call("admin", "GET", "skills/scoring")).body);
  expect(activity(kept).value).toBe(80);
  const runs = (await t.call("admin", "GET", "skill-runs")).body.items as { skill: string; status: string }[];
  expect(runs.filter(({ status }) => status === "queued").map(({ skill }) => skill)).toEqual(["deal-score"]);
  await t.drain();
  const { value, factors } = (await t.values("deal", "d1"))["deal_score"]!;
  expect(value).toBeLessThan(before);
  expect(factors.find(({ key }) => key === "contacts")).toMatchObject({ max: 0 });
  const audit = await t.inside(
    (tx) =>
      tx`select action, detail from audit_events where workspace_id = ${t.workspaceId} and action = 'scoring.changed' order by at`,
  );
  expect(audit).toHaveLength(2);
  expect(audit[1]).toMatchObject({
    detail: {
      before: { deal_score: { weights: { activity: 80 } } },
      after: { deal_score: { weights: { activity: 80, contacts: 0 } } },
    },
  });
});

test.each<[string, object, string[]]>([
  ["a score there is none of", { luck: {} }, ["scoring.luck"]],
  ["a factor there is none of", { deal_score: { weights: { luck: 3 } } }, ["scoring.deal_score.weights.luck"]],
  [
    "several faults at once",
    { deal_score: { weights: { activity: -1 } }, account_score: { thresholds: { won_full: 0 } } },
    ["scoring.deal_score.weights.activity", "scoring.account_score.thresholds.won_full"],
  ],
  [
    "all points from after none",
    { deal_score: { thresholds: { activity_full_days: 40 } } },
    ["scoring.deal_score.thresholds.activity_full_days"],
  ],
])("settings with %s are refused at their place, and nothing is stored or run", async (_, scoring, fields) => {
  const t = await planted("hubspot");
  for (const [method, path, body] of [
    ["PATCH", "skills/scoring", { scoring }],
    ["POST", "skills/scoring/preview", { scoring, score: "deal_score" }],
  ] as const) {
    const answer = await t.call("admin", method, path, body);
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid_scoring" } });
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  }
  expect((await t.call("admin", "GET", "skill-runs")).body.items).toEqual([]);
});

test.each([
  ["deal_score", "deal", { weights: { activity: 90 } }],
  ["enhanced_deal_score", "deal", { weights: { conversation_recency: 90 } }],
  ["account_score", "company", { weights: { idle: 90 }, thresholds: { idle_none_days: 60 } }],
  ["enhanced_account_score", "company", { weights: { fit_industry: 60 }, thresholds: { customers_min: 1 } }],
  ["contact_engagement_score", "contact", { weights: { open_deals: 90 } }],
  ["contact_enrichment_score", "contact", { weights: { role: 90 } }],
] as const)(
  "the preview of %s stores nothing, and says what a run with these settings then gives",
  async (score, objectType, set) => {
    const t = await planted("hubspot");
    const crew = ["a", "b", "c"] as const;
    for (const [n, id] of crew.entries()) {
      await t.company(id, { industry: n === 2 ? "Retail" : "Software", last_activity_at: t.ago(n * 30) });
      await t.contact(id, { company_id: id, job_title: n === 1 ? null : "VP Sales", email: `${id}@x.test` });
      await t.deal(id, { company_id: id, contacts: n === 0 ? [id] : [], last_activity_at: t.ago(n * 9) });
      await t.deal(`${id}-won`, { company_id: id, is_closed: true, is_won: n !== 2, closed_at: t.ago(90) });
      await t.talk({ deal: id, ago: n * 20, companies: [id], people: [id] });
    }
    const skill = {
      deal: "deal-score",
      company: "account-score",
      contact: score.includes("enrichment") ? "contact-enrichment" : "contact-engagement",
    } as const;
    await t.run(skill[objectType]);
    const stored = await t.everything();
    const scores = async () => {
      const all = (await t.everything()).filter((row) => row["field"] === score && row["object_type"] === objectType);
      return new Map(all.map((row) => [row["crm_record_id"] as string, row["value"] as number]));
    };
    const before = await scores();
    const answer = await t.call("admin", "POST", "skills/scoring/preview", { score, scoring: { [score]: set } });
    const preview = scoringPreview.parse(answer.body);
    expect(await t.everything()).toEqual(stored);
    expect((await t.call("admin", "GET", "skills/scoring")).body).toEqual(
      (await (await planted("hubspot")).call("admin", "GET", "skills/scoring")).body,
    );
    await t.call("admin", "PATCH", "skills/scoring", { scoring: { [score]: set } });
    await t.drain();
    const after = await scores();
    const ids = [...before.keys()];
    const mean = (of: Map<string, number>) =>
      Math.round(([...of.values()].reduce((sum, n) => sum + n, 0) / of.size) * 10) / 10;
    expect(preview).toMatchObject({
      ...{ score, records: before.size, mean_before: mean(before), mean_after: mean(after) },
      up: ids.filter((id) => after.get(id)! > before.get(id)!).length,
      down: ids.filter((id) => after.get(id)! < before.get(id)!).length,
    });
    expect(preview.up + preview.down).toBeGreaterThan(0);
    for (const sample of preview.samples) {
      expect(sample).toMatchObject({
        before: before.get(sample.crm_record_id),
        after: after.get(sample.crm_record_id),
      });
      expect(sample.record_name).toContain(sample.crm_record_id);
    }
    const moves = preview.samples.map((sample) => Math.abs(sample.after - sample.before));
    expect(moves).toEqual(moves.toSorted((one, other) => other - one));
    expect(preview.samples).toHaveLength(preview.up + preview.down);
  },
);
