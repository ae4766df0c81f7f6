/** What the settings page inside HubSpot needs beyond the doors of others: choices for a filter, and a way out for the log. */
import { expect, test } from "vitest";
import { filterChoices } from "../../backend/contract/filter-choices.ts";
import { planting } from "../skills/planted.ts";
import { newDatabase } from "../support/database.ts";
import { newTestApp } from "./support.ts";

const app = await newTestApp(await newDatabase());

async function connected() {
  const workspace = await app.newWorkspace();
  await workspace.connect("hubspot");
  return { workspace, t: planting(app.house, workspace.id) };
}

test("a filter can name the CRM's pipelines in their order, and its active owners by name", async () => {
  const { workspace, t } = await connected();
  await t.owner("o2", { email: "bob@us.test", name: "Bob" });
  await t.owner("o1", { email: "ann@us.test", name: "Ann" });
  await t.owner("o3", { email: "gone@us.test", name: "Gone" });
  await t.inside(async (tx) => {
    await tx`update crm_owners set active = false where owner_id = 'o3'`;
    await tx`delete from crm_stages where workspace_id = ${workspace.id}`;
    const stages = [
      ["late", "Renewals", "s1", 5],
      ["early", "New business", "s2", 0],
      ["early", "New business", "s3", 1],
    ] as const;
    for (const [pipeline, label, stage, at] of stages) {
      await tx`
        insert into crm_stages (workspace_id, crm, pipeline_id, stage_id, pipeline_label, stage_label, sort_order,
          is_closed, is_won, synced_at)
        values (${workspace.id}, 'hubspot', ${pipeline}, ${stage}, ${label}, ${stage}, ${at}, false, false, now())`;
    }
  });
  const answer = await workspace.call("admin", "GET", "crm-writeback/filter-choices?crm=hubspot");
  expect(answer.status).toBe(200);
  const { pipelines, owners } = filterChoices.parse(answer.body);
  expect(pipelines).toEqual([
    { id: "early", label: "New business" },
    { id: "late", label: "Renewals" },
  ]);
  expect(owners.map(({ label }) => label)).toEqual(["Ann", "Bob"]);
});

test("choices of a filter are for those who make mappings, and for a CRM that is connected", async () => {
  const { workspace } = await connected();
  expect((await workspace.call("rep", "GET", "crm-writeback/filter-choices")).status).toBe(403);
  const other = await workspace.call("admin", "GET", "crm-writeback/filter-choices?crm=salesforce");
  expect(other.body).toMatchObject({ status: 409, code: "not_connected" });
});

async function linkFor(workspace: Awaited<ReturnType<typeof connected>>["workspace"], body: object = {}) {
  const made = await workspace.call("admin", "POST", "crm-writeback/log/export-link", body);
  expect(made.status).toBe(200);
  return new URL(made.body.url);
}

const open = (url: URL) => app.app.request(url.pathname + url.search);

test("a link downloads the log once, without any other proof", async () => {
  const { workspace } = await connected();
  const url = await linkFor(workspace, { status: "success" });
  expect(url.origin).toBe("http://pandora.test");
  const first = await open(url);
  expect(first.status).toBe(200);
  expect(first.headers.get("content-disposition")).toContain("attachment");
  expect(first.headers.get("cache-control")).toBe("no-store");
  expect(await first.text()).toMatch(/^created_at,status,/);
  const second = await open(url);
  expect(second.status).toBe(410);
  expect(await second.json()).toMatchObject({ code: "download_link_invalid" });
});

test("a link runs out after ten minutes", async () => {
  const { workspace } = await connected();
  const url = await linkFor(workspace);
  app.clock.advance(10 * 60_000 + 1);
  expect((await open(url)).status).toBe(410);
});

test("a changed or made-up link opens nothing, and a link is one workspace's", async () => {
  const { workspace } = await connected();
  const url = await linkFor(workspace);
  const ticket = url.searchParams.get("ticket")!;
  const changed = new URL(url);
  changed.searchParams.set("ticket", `${ticket.slice(0, -6)}AAAAAA`);
  expect((await open(changed)).status).toBe(410);
  changed.searchParams.set("ticket", "nothing");
  expect((await open(changed)).status).toBe(410);
  // The seal names the workspace: it can't be said otherwise in the address.
  expect((await open(new URL(`${url}&workspace_id=${workspace.id}`))).status).toBe(400);
  expect((await open(url)).status).toBe(200);
});

test("a filter that can't be is refused before a link is made", async () => {
  const { workspace } = await connected();
  const answer = await workspace.call("admin", "POST", "crm-writeback/log/export-link", { status: "odd" });
  expect(answer.body).toMatchObject({ status: 422, errors: [{ field: "status" }] });
  expect((await workspace.call(null, "POST", "crm-writeback/log/export-link", {})).status).toBe(401);
});
