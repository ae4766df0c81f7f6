/** Calls and meetings of both CRMs, and Salesforce's leads, page by page over real HTTP. */
import { afterEach, expect, test } from "vitest";
import type { ActivityRecord, Crm, LeadRecord, Page } from "../../backend/crm/port.ts";
import { type HubSpotSetup, setupHubSpot } from "./hubspot-setup.ts";
import { type Connected, connectSalesforce } from "./salesforce-setup.ts";

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops) await stop();
  stops = [];
});

async function hubSpot(): Promise<HubSpotSetup> {
  const s = await setupHubSpot({ searchLagMs: 0 });
  stops.push(s.crm.close, s.stop);
  return s;
}

async function salesforce(): Promise<Connected> {
  const org = await connectSalesforce();
  stops.push(org.crm.close, org.stop);
  return org;
}

async function pages<T>(list: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list(cursor);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== null);
  return items;
}

const activities = (crm: Crm, since: string) => pages<ActivityRecord>((cursor) => crm.activities!(since, cursor));
const leads = (crm: Crm, since: string | null) => pages<LeadRecord>((cursor) => crm.leads!(since, cursor));

test("HubSpot: calls and meetings come with people, company and deal", async () => {
  const { crm, simulator: sim, clock } = await hubSpot();
  const since = clock.now().toISOString();
  const attendee = sim.addOwner({ email: "ben@acme.example", firstName: "Ben", lastName: "Rep", active: true });
  const [contact, company, deal] = [
    sim.addRecord("contact", { email: "kim@litware.example" }),
    sim.addRecord("company", { name: "Litware" }),
    sim.addRecord("deal", { dealname: "Pilot" }),
  ];
  const call = sim.addRecord("call", {
    hs_call_title: "Intro",
    hs_timestamp: since,
    hs_call_duration: "600000",
    hs_call_direction: "OUTBOUND",
    hubspot_owner_id: attendee,
  });
  for (const [type, id] of [
    ["contact", contact],
    ["company", company],
    ["deal", deal],
  ] as const) {
    sim.associate("call", call, type, id);
  }
  const meeting = sim.addRecord("meeting", {
    hs_meeting_title: "Demo",
    hs_timestamp: since,
    hs_meeting_start_time: since,
    hs_meeting_location: "https://meet.example/abc",
    hs_attendee_owner_ids: attendee,
  });
  const found = await activities(crm, since);
  expect(found.map(({ kind, id }) => [kind, id])).toEqual([
    ["call", call],
    ["meeting", meeting],
  ]);
  expect(found[0]).toMatchObject({
    ownerId: attendee,
    attendeeOwnerIds: [],
    deleted: false,
    associations: { contact: [{ id: contact }], company: [{ id: company }], deal: [{ id: deal }] },
    properties: { hs_call_title: "Intro", hs_call_duration: "600000", hs_call_recording_url: null },
  });
  expect(found[1]).toMatchObject({
    ownerId: null,
    attendeeOwnerIds: [attendee],
    associations: {},
    properties: { hs_meeting_location: "https://meet.example/abc", hs_meeting_outcome: null },
  });
});

test("HubSpot: pages are whole though a call changes while they are read, and what is older is left out", async () => {
  const { crm, simulator: sim, clock } = await hubSpot();
  const add = (title: string) =>
    sim.addRecord("call", { hs_call_title: title, hs_timestamp: clock.now().toISOString() });
  add("older");
  clock.advance(3_600_000);
  const since = clock.now().toISOString();
  const ids = Array.from({ length: 230 }, (_, n) => add(`call ${n}`));
  const first = await crm.activities!(since, null);
  expect(first.items).toHaveLength(200);
  clock.advance(1_000);
  sim.edit("call", ids[3]!, { hs_call_title: "changed" });
  const rest = await pages<ActivityRecord>((cursor) => crm.activities!(since, cursor ?? first.cursor));
  expect([...first.items, ...rest].map(({ id }) => id)).toEqual(ids);
});

test("HubSpot: a change that search shows late is found by the next look", async () => {
  const { crm, simulator: sim, clock } = await hubSpot();
  const id = sim.addRecord("call", { hs_call_title: "Late", hs_timestamp: clock.now().toISOString() });
  clock.advance(25_000);
  expect((await activities(crm, clock.now().toISOString())).map((each) => each.id)).toEqual([id]);
});

test("HubSpot: a look costs one search and three reads for each kind, none of links where nothing changed", async () => {
  const { crm, simulator: sim, clock } = await hubSpot();
  const since = clock.now().toISOString();
  for (let n = 0; n < 20; n += 1) sim.addRecord("call", { hs_call_title: `${n}`, hs_timestamp: since });
  sim.resetStats();
  await activities(crm, since);
  expect(Object.values(sim.stats().calls).reduce((sum, each) => sum + each, 0)).toBe(1 + 3 + 1);
});

test("Salesforce: events with those invited, and tasks that log a call", async () => {
  const { crm, sim, clock } = await salesforce();
  const since = clock.now().toISOString();
  const colleague = sim.addOwner({ email: "ben@acme.example", firstName: "Ben", lastName: "Rep", active: true });
  const account = sim.addRecord("company", { Name: "Litware" });
  const deal = sim.addRecord("deal", { Name: "Pilot", AccountId: account });
  const kim = sim.addRecord("contact", { Email: "kim@litware.example", LastName: "Kim" });
  const lee = sim.addRecord("contact", { Email: "lee@litware.example", LastName: "Lee" });
  const event = sim.addRecord("Event", {
    Subject: "Demo",
    WhatId: deal,
    WhoId: kim,
    StartDateTime: "2026-11-22T10:00:00Z",
    EndDateTime: "2026-11-22T10:30:00Z",
    DurationInMinutes: 30,
    Location: "https://meet.example/abc",
  });
  for (const [RelationId, Status] of [
    [kim, "Accepted"],
    [lee, "Declined"],
    [colleague, "New"],
  ] as const) {
    sim.addRecord("EventRelation", { EventId: event, RelationId, Status });
  }
  sim.addRecord("Event", { Subject: "Head of a series", IsRecurrence: true });
  const call = sim.addRecord("Task", {
    Subject: "Call",
    TaskSubtype: "Call",
    Status: "Completed",
    WhoId: lee,
    CallDurationInSeconds: 90,
    CallType: "Inbound",
  });
  sim.addRecord("Task", { Subject: "To do", WhatId: deal });
  const found = await activities(crm, since);
  expect(found.map(({ kind, id }) => [kind, id])).toEqual([
    ["event", event],
    ["task", call],
  ]);
  expect(found[0]).toMatchObject({
    ownerId: sim.record("Event", event)!.properties["OwnerId"],
    attendeeOwnerIds: [colleague],
    associations: { deal: [{ id: deal }], company: [{ id: account }], contact: [{ id: kim }] },
    properties: { StartDateTime: "2026-11-22T10:00:00.000Z", DurationInMinutes: "30", IsAllDayEvent: "false" },
  });
  expect(found[1]).toMatchObject({
    associations: { contact: [{ id: lee }] },
    properties: { TaskSubtype: "Call", CallDurationInSeconds: "90", CallType: "Inbound", IsClosed: "true" },
  });
});

test("Salesforce: more than a page, deletions, and nothing older", async () => {
  const { crm, sim, clock } = await salesforce();
  const old = sim.addRecord("Event", { Subject: "older" });
  clock.advance(3_600_000);
  const since = clock.now().toISOString();
  const ids = Array.from({ length: 2_100 }, (_, n) => sim.addRecord("Event", { Subject: `e${n}` }));
  sim.remove("Event", ids[5]!);
  const call = sim.addRecord("Task", { Subject: "Call", TaskSubtype: "Call" });
  const found = new Map((await activities(crm, since)).map((each) => [each.id, each]));
  expect(found.size).toBe(2_101);
  expect(found.has(old)).toBe(false);
  expect(found.get(ids[5]!)?.deleted).toBe(true);
  expect(found.get(call)?.kind).toBe("task");
});

test("Salesforce: leads, all at first and then what changed, conversions and deletions included", async () => {
  const { crm, sim, clock } = await salesforce();
  const add = (name: string) =>
    sim.addRecord("Lead", { Email: `${name}@X.example`, LastName: name, Company: "X", Status: "Open" });
  const [lea, gone] = [add("Lea"), add("Gone")];
  const all = await leads(crm, null);
  expect(all.find(({ id }) => id === lea)).toMatchObject({
    email: "lea@x.example",
    name: "Lea",
    company: "X",
    status: "Open",
    isConverted: false,
    contactId: null,
    deleted: false,
  });
  clock.advance(3_600_000);
  const since = clock.now().toISOString();
  expect(await leads(crm, since)).toEqual([]);
  clock.advance(1_000);
  sim.remove("Lead", gone!);
  expect((await leads(crm, since)).map(({ id, deleted }) => [id, deleted])).toEqual([[gone, true]]);
  expect((await leads(crm, null)).map(({ id }) => id)).toEqual([lea]);
});

test("HubSpot has no leads of this kind; a cursor that is not ours is refused", async () => {
  expect((await hubSpot()).crm.leads).toBeUndefined();
  const { crm } = await salesforce();
  await expect(crm.leads!(null, "1|2")).rejects.toMatchObject({ kind: "unexpected" });
  await expect(crm.activities!("yesterday", null)).rejects.toMatchObject({ kind: "unexpected" });
});
