/** Deals made while the process that makes them is killed with `kill -9`, again and again; then a look at the CRM. */
import { setTimeout as wait } from "node:timers/promises";
import type { Creation } from "../../backend/contract/creations.ts";
import type { Crm, CrmType, ObjectType } from "../../backend/crm/port.ts";
import { type Fault, mulberry32 } from "../../backend/simulator/faults.ts";
import { auditCreation, type Seen } from "../simulation/creation-auditor.ts";
import { type ChaosCall, openBeside, plantCalls } from "./creation-calls.ts";
import { type ChaosWorld, startChaosWorld } from "./world.ts";

export type CreationRound = { crm: CrmType; kills: number; newCompanies: number; faults: Fault[] };

/** So many people click at once; each process dies under some of them. */
const clicksAtOnce = 3;

/** @returns what is wrong, in words */
export async function playCreations(round: CreationRound, seed: number): Promise<string[]> {
  const random = mulberry32(seed);
  const world = await startChaosWorld(round.crm, 1);
  const crm = openBeside(world);
  try {
    const calls = await plantCalls(world, crm, round.kills * clicksAtOnce, round.newCompanies);
    await world.faults(round.faults, seed);
    for (let kill = 0; kill < round.kills; kill++) {
      const mine = calls.slice(kill * clicksAtOnce, (kill + 1) * clicksAtOnce);
      // Nobody waits for the answers: the process dies before it can give them all.
      const clicks = mine.flatMap((call) =>
        [click(world, call), click(world, call)].map((each) => each.catch(() => null)),
      );
      await untilBusy(world, mine);
      // Somewhere inside the next calls.
      await wait(random() * 250);
      await world.kill();
      await Promise.all(clicks);
      await world.start();
    }
    await world.faults([], 0);
    const made = new Map<string, Creation>();
    for (const call of calls) made.set(call.id, await untilMade(world, call));
    const faults = await inspectCreations(world, crm, calls, made);
    const taken = await takenOver(world);
    // Kills that hit nobody prove nothing.
    if (taken === 0) faults.push("no deal was in the making when its process was killed");
    console.log(
      `${round.crm}: ${round.kills} kills under ${calls.length} deals being made, ${taken} taken over: ${faults.length} faults`,
    );
    return faults;
  } finally {
    await crm.close();
    await world.stop();
  }
}

function click(world: ChaosWorld, call: ChaosCall) {
  const where = `conversations/without-deals/${call.id}/create-deal`;
  return world.ask("POST", where, { deal_name: `Deal of ${call.title}` });
}

/** Waits until the deal of one of these calls is in the making, so that each kill hits work. */
async function untilBusy(world: ChaosWorld, calls: ChaosCall[]): Promise<void> {
  const ids = calls.map((call) => call.id);
  for (let n = 0; n < 500; n++) {
    const busy = await world.db.withWorkspace(
      world.workspaceId,
      (tx) => tx`
        select 1 from deal_creations
        where workspace_id = ${world.workspaceId} and conversation_id in ${tx(ids)} and state in ('claimed', 'sent')
          and lease_owner is not null limit 1`,
    );
    if (busy.length > 0) return;
    await wait(10);
  }
}

/** Clicks again, as a person would, until the deal is there. */
async function untilMade(world: ChaosWorld, call: ChaosCall): Promise<Creation> {
  let last: unknown;
  for (let n = 0; n < 240; n++) {
    const { status, body } = await click(world, call);
    const creation = body as Creation;
    last = body;
    if (status < 300 && creation.status !== "in_progress") return creation;
    await wait(500);
  }
  throw new Error(`no deal was made of ${call.title}: ${JSON.stringify(last)}`);
}

/** How many a second process ended. */
async function takenOver(world: ChaosWorld): Promise<number> {
  const [row] = await world.db.withWorkspace(
    world.workspaceId,
    (tx) => tx<{ n: number }[]>`
      select count(*)::int as n from deal_creations where workspace_id = ${world.workspaceId} and attempts > 1`,
  );
  return row!.n;
}

async function inspectCreations(
  world: ChaosWorld,
  crm: Crm,
  calls: ChaosCall[],
  made: Map<string, Creation>,
): Promise<string[]> {
  const names =
    world.crm === "hubspot"
      ? { deal: "dealname", email: "email", domain: "domain" }
      : { deal: "Name", email: "Email", domain: "Website" };
  const [deals, contacts, companies] = [
    await all(crm, "deal", names.deal),
    await all(crm, "contact", names.email),
    await all(crm, "company", names.domain),
  ];
  const notes = await noteTexts(world);
  const rows = await world.db.withWorkspace(
    world.workspaceId,
    (tx) => tx<{ id: string; deal_id: string | null; keys: string[] }[]>`
      select c.id, c.deal_id, jsonb_agg(m.deal_key) as keys from conversations c
      join deal_creations m on m.workspace_id = ${world.workspaceId} and m.conversation_id = c.id
      where c.workspace_id = ${world.workspaceId} group by c.id, c.deal_id`,
  );
  return calls.flatMap((call) => {
    const row = rows.find(({ id }) => id === call.id);
    const seen: Seen = {
      deals: deals.filter(({ value }) => value === `Deal of ${call.title}`),
      contacts: new Map(
        call.people.map((email) => [email, contacts.filter(({ value }) => value === email).map(({ id }) => id)]),
      ),
      companies: companies.filter(({ value }) => value === call.domain).map(({ id }) => id),
      notes: notes.filter((text) => row?.keys.some((key) => text.includes(key))),
    };
    const wanted = { creation: made.get(call.id)!, people: call.people, company: call.company };
    return auditCreation({ ...wanted, linkedTo: row?.deal_id ?? null }, seen).map((fault) => `${call.title}: ${fault}`);
  });
}

async function all(crm: Crm, objectType: ObjectType, property: string) {
  const found: { id: string; value: string | null; companies: string[]; contacts: string[] }[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Crm["listAll"]>> = await crm.listAll(objectType, [property], cursor);
    for (const { id, properties, associations, deleted } of page.items) {
      if (deleted) continue;
      const ids = (type: ObjectType) => (associations[type] ?? []).map((each) => each.id);
      found.push({ id, value: properties[property] ?? null, companies: ids("company"), contacts: ids("contact") });
    }
    cursor = page.cursor;
  } while (cursor !== null);
  return found;
}

/** The port finds a note by its key; here all are counted. */
async function noteTexts(world: ChaosWorld): Promise<string[]> {
  const { url, token } = world.simulator;
  const get = async (path: string) =>
    (await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })).json()) as {
      results?: { properties: { hs_note_body?: string } }[];
      records?: { Description: string | null }[];
      paging?: { next?: { after: string } };
    };
  if (world.crm === "salesforce") {
    const query = encodeURIComponent("SELECT Id, Description FROM Task");
    return ((await get(`/services/data/v68.0/query?q=${query}`)).records ?? []).map((each) => each.Description ?? "");
  }
  const texts: string[] = [];
  let after: string | undefined;
  do {
    const from = after ? `&after=${after}` : "";
    const page = await get(`/crm/objects/2026-09/notes?limit=100&properties=hs_note_body${from}`);
    texts.push(...(page.results ?? []).map((each) => each.properties.hs_note_body ?? ""));
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return texts;
}
