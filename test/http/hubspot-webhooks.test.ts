import { expect, test } from "vitest";
import { runAdmin } from "../../backend/admin.ts";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { install, setUp } from "../connections/setup.ts";
import { signHubSpot } from "../support/callers.ts";
import { read } from "./support.ts";

const company = generateCompany({
  ...{ seed: 7, now: new Date("2026-11-22T09:00:00Z"), deals: 40, companies: 20, contacts: 40, owners: 4 },
});
const setup = await setUp({ company });
const { house, hubspot } = setup;
const app = createApp(house, realServices);
const handlers = createHandlers(house);
const drain = () => house.queue.drain(handlers, house.clock);
const workspaceId = await install(setup, "hubspot");
await drain();
const { key } = await createApiKey(house, workspaceId, { name: "test", role: "admin" }, "test");

let eventId = 0;
const event = (subscriptionType: string, more: object) => ({
  ...{ eventId: ++eventId, subscriptionId: 11, portalId: Number(hubspot.portalId), appId: 1001 },
  ...{ occurredAt: house.clock.now().getTime(), attemptNumber: 0, subscriptionType },
  ...more,
});
async function deliver(events: unknown, change: { secret?: string; at?: Date; uri?: string } = {}) {
  const body = JSON.stringify(events);
  const uri = change.uri ?? `${setup.url}/webhooks/hubspot`;
  const secret = change.secret ?? hubspot.clientSecret;
  const signature = signHubSpot({ secret, method: "POST", uri, body, at: change.at ?? house.clock.now() });
  const headers = { ...signature, "content-type": "application/json" };
  return read(await app.request("/webhooks/hubspot", { method: "POST", headers, body }));
}
const rows = <T extends object>(table: string, id: string) =>
  house.db.withWorkspace(
    workspaceId,
    (tx) => tx<T[]>`select * from ${tx(table)} where workspace_id = ${workspaceId} and crm_id = ${id}`,
  );
const living = async (table: string) => {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm_id: string }[]>`
      select crm_id from ${tx(table)} where workspace_id = ${workspaceId} and deleted_at is null order by crm_id limit 1`,
  );
  return row!.crm_id;
};

test("an unsigned, late or tampered delivery, and one signed for another address, sets nothing off", async () => {
  const events = [event("deal.deletion", { objectId: Number(await living("deals")) })];
  const unsigned = await app.request("/webhooks/hubspot", { method: "POST", body: JSON.stringify(events) });
  expect(unsigned.status).toBe(401);
  const late = new Date(house.clock.now().getTime() - 300_001);
  for (const change of [{ secret: "guessed" }, { at: late }, { uri: `${setup.url}/webhooks/other` }]) {
    expect((await deliver(events, change)).status).toBe(401);
  }
  expect(await house.queue.pending()).not.toHaveProperty("mirror.told");
});

test("a signed delivery of nonsense is refused; events of other objects and other portals are taken and left alone", async () => {
  for (const wrong of [{}, [{ subscriptionType: "deal.deletion" }], Array(201).fill(event("deal.deletion", {}))]) {
    expect((await deliver(wrong)).body.code).toBe("malformed_events");
  }
  const ticket = event("ticket.deletion", { objectId: 1 });
  const elsewhere = { ...event("deal.deletion", { objectId: 1 }), portalId: 5 };
  expect((await deliver([ticket, elsewhere, event("deal.somethingNew", { objectId: 1 })])).status).toBe(200);
  expect(await house.queue.pending()).not.toHaveProperty("mirror.told");
});

test("a deleted deal is gone at once, in either spelling of the event; told twice it is one job", async () => {
  for (const spelling of [{}, { subscriptionType: "object.deletion", objectTypeId: "0-3" }]) {
    const id = await living("deals");
    hubspot.archive("deal", id);
    const told = event("deal.deletion", { objectId: Number(id), ...spelling });
    await deliver([told]);
    await deliver([{ ...told, attemptNumber: 1 }]);
    expect(await house.queue.pending()).toMatchObject({ "mirror.told": 1 });
    await drain();
    expect((await rows<{ deleted_at: Date | null }>("deals", id))[0]!.deleted_at).not.toBeNull();
  }
});

test("a deletion that comes after the record was restored deletes nothing", async () => {
  const id = await living("deals");
  await deliver([event("deal.deletion", { objectId: Number(id) })]);
  await drain();
  expect((await rows<{ deleted_at: Date | null }>("deals", id))[0]!.deleted_at).toBeNull();
});

test("a merge moves what hung on the absorbed company, also when the survivor gets an id of its own", async () => {
  const [deal] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm_id: string; company_id: string }[]>`
      select crm_id, company_id from deals where deleted_at is null and company_id is not null order by crm_id desc limit 1`,
  );
  await deliver([
    event("company.merge", { primaryObjectId: 77, mergedObjectIds: [Number(deal!.company_id)], newObjectId: 78 }),
  ]);
  await house.queue.drain({ ...handlers, "mirror.round": { run: async () => {} } }, house.clock);
  expect((await rows<{ company_id: string }>("deals", deal!.crm_id))[0]!.company_id).toBe("78");
  expect((await rows<{ merged_into: string }>("companies", deal!.company_id))[0]!.merged_into).toBe("78");
});

test("a burst of changes is one round a little later, and the mirror holds what the CRM says by then", async () => {
  const id = await living("deals");
  hubspot.edit("deal", id, { dealname: "Renamed in HubSpot" });
  for (const propertyValue of ["On the way", "Renamed in HubSpot"]) {
    await deliver([event("deal.propertyChange", { objectId: Number(id), propertyName: "dealname", propertyValue })]);
  }
  expect(await house.queue.pending()).toMatchObject({ "mirror.round": 1 });
  house.clock.advance(60_000);
  await drain();
  expect((await rows<{ name: string }>("deals", id))[0]!.name).toBe("Renamed in HubSpot");
});

test("a privacy deletion leaves no trace of the person in any table, and keeps the skeleton of log and calls", async () => {
  const [person] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm_id: string; email: string; name: string }[]>`
      select crm_id, email, name from contacts c where deleted_at is null and email is not null and exists (
        select 1 from deal_contacts d where d.workspace_id = c.workspace_id and d.contact_id = c.crm_id)
      order by crm_id limit 1`,
  );
  const { crm_id: contactId, email, name } = person!;
  const conversations = [
    {
      ...{ external_id: "c1", title: "Intro call", started_at: "2026-11-20T09:00:00Z", duration_minutes: 30 },
      participants: [
        { name, email, phone: "+49 30 1234567" },
        { name: "Someone else", email: "someone@elsewhere.test" },
      ],
      ...{ summary: `${name} asked for a proposal.`, transcript: `${name}: my number is +49 30 1234567` },
    },
  ];
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ conversations });
  const sent = await app.request("/api/workspaces/me/conversations", { method: "POST", headers, body });
  expect(sent.status).toBe(200);
  await drain();
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      insert into crm_write_log (id, workspace_id, crm_type, crm_object_type, crm_record_id, crm_property_name, raw_value, value,
        value_written, previous_value, status, trigger_source, initiated_by, created_at)
      values (gen_random_uuid(), ${workspaceId}, 'hubspot', 'contact', ${contactId}, 'notes', ${tx.json(email)}, ${email},
        ${email}, ${name}, 'success', 'manual', 'test', ${house.clock.now()})`,
  );
  const before = await tracesOf([email, name, "1234567"]);
  expect(before).toEqual(expect.arrayContaining(["contacts", "conversation_participants", "conversation_tellings"]));

  const told = event("contact.privacyDeletion", { objectId: Number(contactId) });
  hubspot.archive("contact", contactId);
  await deliver([told]);
  await deliver([told]);
  await drain();

  expect(await tracesOf([email, name, "1234567"])).toEqual([]);
  const kept = await house.db.withWorkspace(workspaceId, async (tx) => {
    const log = await tx`select status, value from crm_write_log where crm_record_id = ${contactId}`;
    const people = await tx`
      select p.email from conversation_participants p join conversations c on c.id = p.conversation_id
      where c.title = 'Intro call' order by ordinal`;
    const audit = await tx`select action from audit_events where subject = ${contactId}`;
    return { log: [...log], people: [...people], audit: [...audit] };
  });
  expect(kept).toEqual({
    log: [{ status: "success", value: null }],
    people: [{ email: null }, { email: "someone@elsewhere.test" }],
    audit: [{ action: "person.forgotten" }],
  });
});

test("an operator forgets somebody by address, also one who is no contact of any CRM", async () => {
  const email = "guest@nowhere.test";
  const conversations = [
    {
      ...{ external_id: "c2", title: "With a guest", started_at: "2026-11-21T09:00:00Z", host_email: email },
      ...{ participants: [{ name: "Gudrun Guest", email }], summary: "Gudrun Guest wants a demo." },
    },
  ];
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  await app.request("/api/workspaces/me/conversations", {
    ...{ method: "POST", headers, body: JSON.stringify({ conversations }) },
  });
  await drain();
  expect(await tracesOf([email, "Gudrun"])).not.toEqual([]);
  const said: string[] = [];
  const at = { db: house.db, keys: house.config.keys, print: (line: string) => said.push(line), complain: () => {} };
  expect(await runAdmin(["forget-person", workspaceId, "Guest@nowhere.test"], at)).toBe(0);
  expect(said[0]).toBe("Forgotten: 0 contacts, 1 conversations they were in.");
  expect(await tracesOf([email, "Gudrun"])).toEqual([]);
  expect(await runAdmin(["forget-person", workspaceId, "no address"], at)).toBe(2);
});

test("disconnecting with the data leaves nothing of the portal's records, and calls stand without a company", async () => {
  await realServices.disconnect(house, workspaceId, "hubspot", { deleteData: true, by: "test" });
  await drain();
  const left = await house.db.withWorkspace(workspaceId, async (tx) => {
    const tables = [
      "contacts",
      "companies",
      "deals",
      "record_values",
      "findings",
      "conversation_companies",
      "crm_write_state",
    ];
    const counts: [string, number][] = [];
    for (const table of tables) counts.push([table, (await tx`select 1 from ${tx(table)}`).length]);
    const calls = await tx`select 1 from conversations where company_id is not null or deal_id is not null`;
    return { counts: counts.filter(([, n]) => n > 0), calls: calls.length };
  });
  expect(left).toEqual({ counts: [], calls: 0 });
});

/** Tables of the workspace in which one of these texts stands; answers kept for a day, and read again by nobody, aside. */
async function tracesOf(texts: string[]): Promise<string[]> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const tables = await tx<{ name: string }[]>`
      select c.table_name as name from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE'
        and c.table_name not like 'directory%' order by 1`;
    const found: string[] = [];
    for (const { name } of tables) {
      for (const text of texts) {
        const rows = await tx`select 1 from ${tx(name)} t where t::text ilike ${`%${text}%`} limit 1`;
        if (rows.length > 0 && !found.includes(name)) found.push(name);
      }
    }
    return found;
  });
}
