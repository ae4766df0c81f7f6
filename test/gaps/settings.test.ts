/** The rules for gaps over the API: defaults, a change of some, refusals, and verdicts that follow. */
import { expect, test } from "vitest";
import { withGapDefaults } from "../../backend/contract/gap-settings.ts";
import { onSweep } from "../../backend/gaps/on-sweep.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";

const database = await newDatabase();
const api = await newTestApp(database);

test("an admin changes some rules; the others stay, and the calls are judged by the new ones", async () => {
  const { id, call } = await api.newWorkspace();
  const started = new Date(api.clock.now().getTime() - 10 * 86_400_000);
  await database.db.withWorkspace(id, async (tx) => {
    await tx`
      insert into conversations (workspace_id, id, source, started_at, facts_hash, scope_hint, created_at, updated_at)
      values (${id}, gen_random_uuid(), 'generic', ${started}, '', 'external', ${started}, ${started})`;
  });
  const statuses = async () => {
    await onSweep(api.house, { workspace_id: id }, new AbortController().signal);
    return database.db.withWorkspace(id, (tx) => tx`select gap_status from conversations where workspace_id = ${id}`);
  };
  expect((await call("rep", "GET", "settings")).body.gaps).toMatchObject({ days_back: 90, ignored_domains: [] });
  expect(await statuses()).toEqual([{ gap_status: "pending" }]);
  await call("admin", "PATCH", "settings", { gaps: { days_back: 5 } });
  const second = await call("admin", "PATCH", "settings", { gaps: { ignored_domains: ["Agency.com"] } });
  expect(second.body.gaps).toMatchObject({ days_back: 5, ignored_domains: ["agency.com"], aging_days: 7 });
  expect((await api.house.queue.pending())["gaps.sweep"]).toBe(1);
  expect(await statuses()).toEqual([{ gap_status: null }]);
});

test("what makes no sense is refused by name, and a rep may not change rules", async () => {
  const { call } = await api.newWorkspace();
  for (const gaps of [
    { days_back: 0 },
    { internal_domains: ["ann@acme.com"] },
    { unknown_rule: 1 },
    { intro_words: [""] },
  ]) {
    const { status, body } = await call("admin", "PATCH", "settings", { gaps });
    expect(status).toBe(422);
    expect(body.errors[0].field).toMatch(/^gaps/);
  }
  expect((await call("rep", "PATCH", "settings", { gaps: { days_back: 5 } })).status).toBe(403);
});

test("a stored rule that can't be read any more stands at its default, the others stay", () => {
  expect(withGapDefaults({ days_back: "ninety", aging_days: 3 })).toMatchObject({ days_back: 90, aging_days: 3 });
  expect(withGapDefaults(undefined)).toMatchObject({
    days_back: 90,
    ignored_company_types: ["partner", "recruiter", "vendor"],
  });
});
