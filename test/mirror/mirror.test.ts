import { describe, expect, test } from "vitest";
import type { CrmType } from "../../backend/crm/port.ts";
import { onImport } from "../../backend/mirror/on-import.ts";
import { onRound } from "../../backend/mirror/on-round.ts";
import { importProgress } from "../../backend/mirror/progress.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { install, type Setup, setUp } from "../connections/setup.ts";

const now = new Date("2026-11-22T09:00:00Z");
const size = { deals: 240, companies: 130, contacts: 230, owners: 6 };
const company = generateCompany({ seed: 7, now, ...size });

/** The same words for both CRMs' people. */
const words = {
  hubspot: {
    deal: { name: "dealname", amount: "amount", close: "closedate", stage: "dealstage", next: "presentationscheduled" },
    company: { name: "name" },
    id: (s: Setup, key: string) => s.hubspot.idOf(key)!,
    edit: (s: Setup, type: string, id: string, properties: Record<string, string | null>) =>
      s.hubspot.edit(type, id, properties),
    remove: (s: Setup, type: string, id: string) => s.hubspot.archive(type, id),
    merge: (s: Setup, type: string, winner: string, loser: string) => s.hubspot.merge(type, winner, loser),
    calls: (s: Setup) => Object.values(s.hubspot.stats().calls).reduce((sum, n) => sum + n, 0),
    faults: (s: Setup) => s.hubspot.faults,
  },
  salesforce: {
    deal: { name: "Name", amount: "Amount", close: "CloseDate", stage: "StageName", next: "Presentation Scheduled" },
    company: { name: "Name" },
    id: (s: Setup, key: string) => s.salesforce.ids.get(key)!,
    edit: (s: Setup, type: string, id: string, properties: Record<string, string | null>) =>
      s.salesforce.edit(type, id, properties),
    remove: (s: Setup, type: string, id: string) => s.salesforce.remove(type, id),
    merge: (s: Setup, type: string, winner: string, loser: string) => s.salesforce.merge(type, winner, loser),
    calls: (s: Setup) => Object.values(s.salesforce.stats().calls).reduce((sum, n) => sum + n, 0),
    faults: (s: Setup) => s.salesforce.faults,
  },
};

async function connected(crm: CrmType) {
  const setup = await setUp({ company });
  const id = await install(setup, crm);
  const { house } = setup;
  const rows = <T extends object>(
    query: (tx: Parameters<Parameters<typeof house.db.withWorkspace<T[]>>[1]>[0]) => Promise<T[]>,
  ) => house.db.withWorkspace(id, query);
  const round = async () => {
    await house.db.withWorkspace(id, (tx) =>
      house.queue.enqueue(tx, { kind: "mirror.round", payload: { workspace_id: id, crm }, key: `${id}:${crm}` }),
    );
    await setup.drain();
  };
  const deal = async (key: string) =>
    (
      await rows((tx) => tx<Record<string, unknown>[]>`select * from deals where crm_id = ${words[crm].id(setup, key)}`)
    )[0]!;
  return { setup, house, id, rows, round, deal, crm, its: words[crm] };
}

describe.each(["hubspot", "salesforce"] as const)("mirror of %s", (crm) => {
  test("the first import brings everything, with links, owners as reps, and progress to look at", async () => {
    const { setup, house, id, rows } = await connected(crm);
    expect((await importProgress(house, id, crm)).status).toBe("waiting");
    await setup.drain();
    const progress = await importProgress(house, id, crm);
    expect(progress.status).toBe("done");
    expect(Object.fromEntries(progress.objects.map((each) => [each.object_type, each.done]))).toMatchObject({
      company: size.companies,
      contact: size.contacts,
      deal: size.deals,
    });
    const [count] = await rows(
      (tx) => tx<Record<string, number>[]>`
      select (select count(*)::int from companies) as companies, (select count(*)::int from contacts where company_id is not null) as contacts,
        (select count(*)::int from deals where company_id is not null) as deals,
        (select count(*)::int from deal_contacts) as links, (select count(*)::int from deals where is_closed is null) as unknown_stage,
        (select count(*)::int from members where role = 'rep') as reps,
        (select count(*)::int from deal_contacts where is_primary) as primaries`,
    );
    expect(count).toMatchObject({
      companies: size.companies,
      contacts: size.contacts,
      deals: size.deals,
      unknown_stage: 0,
    });
    expect(count!.links).toBe(company.deals.reduce((sum, deal) => sum + deal.contacts.length, 0));
    expect(count!.primaries).toBe(company.deals.filter((deal) => deal.contacts.length > 0).length);
    expect(count!.reps).toBeGreaterThanOrEqual(4);
    const seed = company.deals.find((deal) => deal.amount !== null && deal.closeDate !== null)!;
    const [row] = await rows(
      (tx) => tx<Record<string, unknown>[]>`
      select name, amount::float8 as amount, close_date::text as close_date, is_won from deals
      where crm_id = ${words[crm].id(setup, seed.key)}`,
    );
    expect(row).toMatchObject({
      name: seed.name.slice(0, 120),
      amount: seed.amount,
      close_date: seed.closeDate!.toISOString().slice(0, 10),
    });
  });

  test("an import that dies goes on at its page, and nothing comes twice", async () => {
    const { setup, house, id, rows } = await connected(crm);
    const stopping = new AbortController();
    let stored = 0;
    const dying = { ...house, db: { ...house.db } };
    dying.db.withWorkspace = async (workspaceId, work) => {
      const result = await house.db.withWorkspace(workspaceId, work);
      const [progress] = await rows(
        (tx) =>
          tx<
            { n: number }[]
          >`select coalesce(sum(done), 0)::int as n from mirror_progress where object_type in ('company', 'contact')`,
      );
      // Killed right after its first stored page.
      if (progress!.n > stored && progress!.n >= (crm === "hubspot" ? 100 : 130)) stopping.abort();
      stored = progress!.n;
      return result;
    };
    const payload = { workspace_id: id, crm };
    await expect(onImport(dying, payload, stopping.signal, async () => {})).rejects.toThrow();
    const half = await importProgress(house, id, crm);
    expect(half.status).toBe("running");
    expect(half.objects.find((each) => each.object_type === "deal")?.done).toBe(0);
    await setup.drain();
    const progress = await importProgress(house, id, crm);
    expect(progress.status).toBe("done");
    // Counted once: the page before the crash was not read again.
    expect(progress.objects.map((each) => each.done)).toEqual([expect.any(Number), expect.any(Number), 130, 230, 240]);
  });

  test("a round brings what changed, counts pushes and drops, follows stages, and asks for an analysis of these deals", async () => {
    const { setup, house, rows, round, deal, its } = await connected(crm);
    await setup.drain();
    house.clock.advance(3_600_000);
    await setup.drain();
    const seed = company.deals.find(
      (each) =>
        each.amount !== null && each.amount > 5000 && each.closeDate && each.stageKey === "appointmentscheduled",
    )!;
    const crmId = its.id(setup, seed.key);
    const before = await deal(seed.key);
    its.edit(setup, "deal", crmId, { [its.deal.close]: "2027-09-30", [its.deal.amount]: "1000" });
    await round();
    const pushed = await deal(seed.key);
    expect(pushed).toMatchObject({ close_date_pushes: Number(before.close_date_pushes) + 1, amount_drops: 1 });
    house.clock.advance(3_600_000);
    const movedAt = house.clock.now().toISOString();
    its.edit(setup, "deal", crmId, { [its.deal.stage]: its.deal.next });
    await round();
    const moved = await deal(seed.key);
    expect(new Date(moved.stage_entered_at as string).toISOString()).toBe(movedAt);
    expect(moved).toMatchObject({ close_date_pushes: Number(before.close_date_pushes) + 1, amount_drops: 1 });
    await round();
    expect(await deal(seed.key)).toMatchObject({ close_date_pushes: pushed.close_date_pushes, amount_drops: 1 });
    const runs = await rows(
      (tx) => tx<{ scope: { record_ids?: string[] } }[]>`
        select scope from skill_runs where skill = 'deal-score' and trigger = 'mirror' order by created_at`,
    );
    expect(runs[0]?.scope).toEqual({ crm });
    expect(runs.slice(1).every((run) => run.scope.record_ids?.includes(crmId))).toBe(true);
    expect(runs.length).toBeGreaterThan(1);
  });

  test("what Pandora writes is no fact: neither a push nor a reason to analyse", async () => {
    const { setup, house, id, rows, round, deal, its } = await connected(crm);
    await setup.drain();
    await rows(
      (tx) => tx`
      insert into crm_property_mappings (workspace_id, crm_type, pandora_field, crm_object_type, crm_property_name,
        crm_property_label, crm_field_type, sync_trigger, write_mode)
      values (${id}, ${crm}, 'deal_score', 'deal', ${its.deal.amount}, 'Amount', 'number', 'manual', 'overwrite')`,
    );
    const named = () =>
      rows((tx) => tx`select 1 from skill_runs where trigger = 'mirror' and scope -> 'record_ids' is not null`);
    const before = await named();
    house.clock.advance(3_600_000);
    const seed = company.deals.find((each) => each.amount !== null && each.amount > 5000)!;
    its.edit(setup, "deal", its.id(setup, seed.key), { [its.deal.amount]: "61" });
    await round();
    expect(await deal(seed.key)).toMatchObject({ amount_drops: 0 });
    expect(Number((await deal(seed.key)).amount)).toBe(61);
    expect(await named()).toHaveLength(before.length);
  });

  test("deletions and merges are followed: what hung on the absorbed record hangs on the survivor", async () => {
    const { setup, house, rows, round, its } = await connected(crm);
    await setup.drain();
    house.clock.advance(3_600_000);
    const busy = company.companies.filter((each) => company.deals.some((deal) => deal.companyKey === each.key));
    const [winner, loser] = [its.id(setup, busy[0]!.key), its.id(setup, busy[1]!.key)];
    const gone = its.id(setup, company.deals.find((deal) => deal.companyKey !== busy[1]!.key)!.key);
    its.merge(setup, "company", winner, loser);
    its.remove(setup, "deal", gone);
    await round();
    const [merged] = await rows(
      (tx) => tx`select merged_into, deleted_at is not null as deleted from companies where crm_id = ${loser}`,
    );
    expect(merged).toEqual({ merged_into: winner, deleted: true });
    expect(await rows((tx) => tx`select crm_id from deals where company_id = ${loser}`)).toEqual([]);
    const [kept] = await rows((tx) => tx`select deleted_at from companies where crm_id = ${winner}`);
    expect(kept?.deleted_at).toBeNull();
    const [deleted] = await rows(
      (tx) => tx`select deleted_at is not null as deleted from deals where crm_id = ${gone}`,
    );
    expect(deleted?.deleted).toBe(true);
  });

  test("a round before the import is done turns into the import; one with nothing new changes nothing", async () => {
    const { setup, house, id, rows, round } = await connected(crm);
    await round();
    expect((await importProgress(house, id, crm)).status).toBe("done");
    const print = () =>
      rows(
        (tx) => tx`
      select md5(string_agg(to_jsonb(d)::text, '|' order by crm_id) ) as print from (select name, amount, stage_id, close_date,
        close_date_pushes, amount_drops, stage_entered_at, closed_at, company_id, crm_id from deals) d`,
      );
    const before = await print();
    house.clock.advance(300_000);
    await round();
    expect(await print()).toEqual(before);
    expect(setup.delivered).not.toContain("mirror.import");
  });
});

test("a change made while a round lay interrupted is seen by the round after it", async () => {
  const { setup, house, id, round, deal, its, crm } = await connected("hubspot");
  await setup.drain();
  house.clock.advance(3_600_000);
  for (const each of company.deals) its.edit(setup, "deal", its.id(setup, each.key), { dealname: `${each.name} II` });
  const stopping = new AbortController();
  const dying = { ...house, db: { ...house.db } };
  dying.db.withWorkspace = async (workspaceId, work) => {
    const result = await house.db.withWorkspace(workspaceId, work);
    const [at] = await house.db.withWorkspace(
      id,
      (tx) => tx`select cursor from mirror_progress where object_type = 'deal' and cursor is not null`,
    );
    if (at) stopping.abort();
    return result;
  };
  await expect(onRound(dying, { workspace_id: id, crm }, stopping.signal, async () => {})).rejects.toThrow();
  // Its page was passed before the interruption.
  const first = company.deals[0]!;
  expect((await deal(first.key)).name).toBe(`${first.name} II`);
  house.clock.advance(600_000);
  its.edit(setup, "deal", its.id(setup, first.key), { dealname: "Edited meanwhile" });
  house.clock.advance(600_000);
  await round();
  house.clock.advance(300_000);
  await round();
  expect((await deal(first.key)).name).toBe("Edited meanwhile");
  const last = company.deals.at(-1)!;
  expect((await deal(last.key)).name).toBe(`${last.name} II`);
});
