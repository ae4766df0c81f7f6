/** The list of calls without a deal, as the API gives it: what it shows, its order, its filters, its pages. */
import { expect, test } from "vitest";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";
import { allIds, gapWorld, list, titles } from "./listed.ts";

const testApp = await newTestApp(await newDatabase());

test("a gap shows with whom, whose, how pressing and why, and what the CRM knows of the company", async () => {
  const world = await gapWorld(testApp);
  await world.owner("rita@us.test", "east");
  await world.company("c-1", { name: "Acme", domain: "acme.com" });
  await world.contact("p-1", { name: "Ann", email: "ann@acme.com", company: "c-1" });
  await world.contact("p-2", { company: "c-1" });
  await world.deal("d-open", { name: "Renewal", company: "c-1", amount: 500, currency: "EUR" });
  await world.deal("d-likely", { name: "Expansion", company: "c-1" });
  await world.deal("d-won", { company: "c-1", closed: true, won: true, createdDaysAgo: 100 });
  const id = await world.gap({
    ...{ title: "Intro Acme", severity: "high", rep: "rita@us.test", companies: ["c-1"], minutes: 42.5, ago: 49 },
    people: [
      { name: "Ann", email: "ann@acme.com", contact: "p-1" },
      { name: "Rita", email: "rita@us.test", side: "internal" },
      { name: "Room 5", side: "nobody" },
      { email: "lee@acme.com", lead: "00Q1" },
    ],
    offered: [{ id: "d-likely", reason: "Rita owns it." }],
  });
  const { status, body } = await world.admin("GET", list);
  expect([status, body.next_cursor, body.items.length]).toEqual([200, null, 1]);
  expect(body.items[0]).toMatchObject({
    ...{ conversation_id: id, title: "Intro Acme", source: "gong", duration_minutes: 42.5, days_since: 2 },
    ...{ status: "pending", severity: "high", severity_reason: "Said by the judge.", likely_cause: "deal_not_created" },
    rep: { name: "rita", email: "rita@us.test" },
    company: { crm_id: "c-1", name: "Acme", domain: "acme.com", url: "https://crm.test/0-2/c-1" },
    ...{ closed_deals: 1, contacts: 2, last_won_at: "2026-08-14T09:00:00.000Z", open_deals_hidden: 0 },
    ...{ deal: null, decision: null, being_created_by: null, participants_count: 3 },
  });
  expect(body.items[0].open_deals.map((deal: { name: string; reason: string }) => [deal.name, deal.reason])).toEqual([
    ["Expansion", "Rita owns it."],
    ["Renewal", "Open at a company of the call."],
  ]);
  expect(body.items[0].participants).toMatchObject([
    { name: "Ann", is_internal: false, contact_crm_id: "p-1", contact_url: "https://crm.test/0-1/p-1", is_lead: false },
    { name: "Rita", is_internal: true, contact_crm_id: null },
    { email: "lee@acme.com", is_lead: true },
  ]);
  expect(body.items[0].prefill).toMatchObject({
    ...{ crm: "hubspot", deal_name: "Intro Acme", close_date: "2026-12-22", owner_email: "rita@us.test" },
    ...{ contacts_to_associate: ["p-1"], contacts_to_create: [{ email: "lee@acme.com", is_lead: true }] },
  });
  expect((await world.admin("GET", `${list}/${id}`)).body).toEqual(body.items[0]);
});

test("a call with nobody the CRM knows shows the domain instead of a company", async () => {
  const world = await gapWorld(testApp);
  await world.gap({ key: "domain:beta.io" });
  const { body } = await world.admin("GET", list);
  expect(body.items[0]).toMatchObject({ company: null, companies: [], company_domain: "beta.io", contacts: 0 });
});

test("the most pressing first and of these the newest; or the newest, or the longest", async () => {
  const world = await gapWorld(testApp);
  await world.gap({ title: "low", severity: "low", ago: 1, minutes: 10 });
  await world.gap({ title: "high old", severity: "high", ago: 90, minutes: null });
  await world.gap({ title: "high new", severity: "high", ago: 2, minutes: 20 });
  await world.gap({ title: "medium", severity: "medium", ago: 3, minutes: 30 });
  expect(await titles(world.admin)).toEqual(["high new", "high old", "medium", "low"]);
  expect(await titles(world.admin, "sort=newest")).toEqual(["low", "high new", "medium", "high old"]);
  expect(await titles(world.admin, "sort=longest")).toEqual(["medium", "high new", "low", "high old"]);
});

test("each filter keeps what it says", async () => {
  const world = await gapWorld(testApp);
  await world.company("c-1");
  await world.company("c-2");
  await world.deal("d-1", { company: "c-2" });
  await world.gap({ title: "one", severity: "high", rep: "rita@us.test", companies: ["c-1", "c-2"], ago: 24 });
  await world.gap({
    title: "two",
    severity: "low",
    rep: "sam@us.test",
    companies: ["c-2"],
    cause: "early_stage",
    ago: 48,
  });
  await world.gap({ title: "three", people: [{ email: "x@y.z", contact: "p-9" }], ago: 72 });
  await world.gap({ title: "gone", status: "dismissed", companies: ["c-1"], ago: 10 });
  await world.gap({ title: "no gap", status: null, companies: ["c-1"] });
  const kept = (query: string) => titles(world.admin, `sort=newest&${query}`);
  expect(await kept("")).toEqual(["one", "two", "three"]);
  expect(await kept("status=dismissed")).toEqual(["gone"]);
  expect(await kept("severity=high")).toEqual(["one"]);
  expect(await kept("likely_cause=early_stage")).toEqual(["two"]);
  expect(await kept("rep=Sam@us.test")).toEqual(["two"]);
  expect(await kept("company=c-1")).toEqual(["one"]);
  expect(await kept("company=c-2")).toEqual(["one", "two"]);
  expect(await kept("company=none")).toEqual(["three"]);
  expect(await kept("object_type=account&crm_record_id=c-2&severity=low")).toEqual(["two"]);
  expect(await kept("object_type=contact&crm_record_id=p-9")).toEqual(["three"]);
  expect(await kept("object_type=deal&crm_record_id=d-1")).toEqual(["one", "two"]);
  expect(await kept("object_type=deal&crm_record_id=d-1&company=c-1")).toEqual(["one"]);
  const at = (hours: number) => new Date(world.clock.now().getTime() - hours * 3_600_000).toISOString();
  expect(await kept(`from=${at(48)}`)).toEqual(["one", "two"]);
  expect(await kept(`to=${at(48)}`)).toEqual(["three"]);
});

test("half a record, an unknown filter and a date nobody means are refused with what is wrong", async () => {
  const world = await gapWorld(testApp);
  const refused = async (query: string) => {
    const { status, body } = await world.admin("GET", `${list}?${query}`);
    return [status, body.errors[0].field];
  };
  expect(await refused("object_type=deal")).toEqual([400, "crm_record_id"]);
  expect(await refused("crm_record_id=1")).toEqual([400, "object_type"]);
  expect(await refused("severity=urgent")).toEqual([400, "severity"]);
  expect(await refused("from=0000-01-01T00:00:00Z")).toEqual([400, "from"]);
  expect(await refused("colour=red")).toEqual([400, "colour"]);
});

test("search finds words of the title, the company and the people, begun or whole, in any letter case", async () => {
  const world = await gapWorld(testApp);
  await world.company("c-1", { name: "Müller Ökonomie AG", domain: "mueller.de" });
  const people = [{ name: "Zoë O'Neil", email: "zoe.oneil@gmx.de" }];
  await world.gap({ title: "Quarterly Review", companies: ["c-1"], people });
  await world.gap({ title: "Quarter final", people: [{ name: "Bob" }], ago: 30 });
  await world.gap({ title: "Quarterly, but dismissed", status: "dismissed" });
  const found = (q: string) => titles(world.admin, `q=${encodeURIComponent(q)}`);
  expect(await found("quarter")).toEqual(["Quarterly Review", "Quarter final"]);
  expect(await found("QUARTERLY rev")).toEqual(["Quarterly Review"]);
  expect(await found("müller")).toEqual(["Quarterly Review"]);
  expect(await found("ökonomie zoë")).toEqual(["Quarterly Review"]);
  expect(await found("zoe.oneil@gmx.de")).toEqual(["Quarterly Review"]);
  expect(await found("quarter bob")).toEqual(["Quarter final"]);
  expect(await found("uarterly")).toEqual([]);
  expect(await found("%")).toEqual([]);
  expect(await titles(world.admin, "q=quarter&company=c-1")).toEqual(["Quarterly Review"]);
  expect(await titles(world.admin, "q=quarter&status=dismissed")).toEqual(["Quarterly, but dismissed"]);
});

test("search follows what the judge sees: a company's new name is found once its calls were judged again", async () => {
  const world = await gapWorld(testApp);
  await world.company("c-1", { name: "Oldname" });
  const id = await world.gap({ title: "Intro", companies: ["c-1"] });
  expect(await titles(world.admin, "q=oldname")).toEqual(["Intro"]);
  await world.within((tx) => tx`update companies set name = 'Newname' where crm_id = 'c-1'`);
  const judge = (status: string | null) =>
    world.within(
      (tx) =>
        tx`update conversations set gap_status = ${status}, judged_at = judged_at + interval '1 minute' where id = ${id}`,
    );
  await judge("pending");
  expect([await titles(world.admin, "q=newname"), await titles(world.admin, "q=oldname")]).toEqual([["Intro"], []]);
  await judge(null);
  expect(await world.within((tx) => tx`select word from gap_words where conversation_id = ${id}`)).toEqual([]);
});

test("a page can be turned while gaps come and go: none of the others is missed or repeated", async () => {
  const world = await gapWorld(testApp);
  const severities = ["high", "medium", "low"] as const;
  const stay: string[] = [];
  // Many at the very same moment: the order among them has to be firm.
  for (let n = 0; n < 18; n += 1) {
    stay.push(await world.gap({ severity: severities[n % 3]!, ago: n % 2, minutes: n % 4 ? n % 4 : null }));
  }
  const leave = [await world.gap({ severity: "high", ago: 0 }), await world.gap({ severity: "low", ago: 9 })];
  for (const sort of ["severity", "newest", "longest"]) {
    const seen = await allIds(world.admin, `sort=${sort}&limit=5`, async (page) => {
      if (page > 1) return;
      await world.within((tx) => tx`update conversations set gap_status = 'dismissed' where id = ${leave[0]!}`);
      await world.gap({ severity: "high", ago: -1 });
      await world.gap({ severity: "low", ago: 500, minutes: 1 });
    });
    expect(new Set(seen).size, sort).toBe(seen.length);
    expect(
      stay.filter((id) => !seen.includes(id)),
      sort,
    ).toEqual([]);
    await world.within((tx) => tx`update conversations set gap_status = 'pending' where id = ${leave[0]!}`);
  }
});

test("moments that differ by a microsecond are not taken for one when a page ends between them", async () => {
  const world = await gapWorld(testApp);
  const ids = [await world.gap(), await world.gap(), await world.gap()];
  for (const [n, id] of ids.entries()) {
    const at = `2026-11-20T10:00:00.12345${n}Z`;
    await world.within((tx) => tx`update conversations set started_at = ${at}::text::timestamptz where id = ${id}`);
  }
  expect(await allIds(world.admin, "limit=1")).toEqual([...ids].reverse());
});

test("a cursor that was made up, or is of another order, is refused", async () => {
  const world = await gapWorld(testApp);
  await world.gap();
  await world.gap();
  const { body } = await world.admin("GET", `${list}?limit=1`);
  const refusal = async (cursor: string, sort = "severity") =>
    (await world.admin("GET", `${list}?sort=${sort}&cursor=${cursor}`)).body.code;
  expect(await refusal(body.next_cursor, "newest")).toBe("bad_cursor");
  const id = "00000000-0000-4000-8000-000000000000";
  const made = [
    `severity|99999|2026-01-01T00:00:00.000000Z|${id}`,
    `severity|1|2026-02-30T00:00:00.000000Z|${id}`,
    `severity|1|2026-01-01T00:00:00.000000Z|${"-".repeat(36)}`,
    `severity|1|2026-01-01T00:00:00.000000Z|${id}|x`,
    "severity",
  ];
  for (const text of made)
    expect([text, await refusal(Buffer.from(text).toString("base64url"))]).toEqual([text, "bad_cursor"]);
});
