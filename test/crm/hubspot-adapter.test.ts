/** What only HubSpot does, and how the adapter meets it. */
import { afterEach, expect, test } from "vitest";
import type { Crm, MirrorRecord } from "../../backend/crm/port.ts";
import { generateCompany } from "../../backend/simulator/company.ts";
import { type HubSpotSetup, setupHubSpot } from "./hubspot-setup.ts";

const open: HubSpotSetup[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
});
async function setup(options: Parameters<typeof setupHubSpot>[0] = {}): Promise<HubSpotSetup> {
  const made = await setupHubSpot(options);
  open.push(made);
  return made;
}

test("a write to a merged record answers under the winner's id, and is settled by its trace id", async () => {
  const { crm, addRecord, merge, record } = await setup();
  const [winner, loser, other] = ["A", "B", "C"].map((name) => addRecord("deal", { dealname: name }));
  merge("deal", winner!, loser!);
  const settled = await crm.writeBatch("deal", [
    { id: other!, properties: { hs_next_step: "call" } },
    { id: loser!, properties: { hs_next_step: "write" } },
  ]);
  expect(settled).toEqual([
    { ok: true, value: { id: other } },
    { ok: true, value: { id: winner } },
  ]);
  expect(record("deal", winner!)?.properties.hs_next_step).toBe("write");
  const [gone] = await crm.readBatch("deal", [loser!], ["hs_next_step"]);
  expect(gone).toMatchObject({ ok: false, error: { kind: "record_gone" } });
});

test("a batch with an unknown property is refused whole, and HubSpot's word for it is kept", async () => {
  const { crm, addRecord, simulator } = await setup();
  const ids = ["A", "B"].map((name) => addRecord("deal", { dealname: name }));
  simulator.addProperty("deal", { name: "score", label: "Score", type: "number", fieldType: "number" });
  simulator.removeProperty("deal", "score");
  const writes = ids.map((id) => ({ id, properties: { score: "1" } }));
  const expected = { property: "score", crmCode: "PROPERTY_DOESNT_EXIST" };
  await expect(crm.writeBatch("deal", writes)).rejects.toMatchObject({ kind: "batch_refused", detail: expected });
  await expect(crm.writeBatch("deal", writes.slice(0, 1))).rejects.toMatchObject({
    kind: "unknown_property",
    detail: expected,
  });
  const [read] = await crm.readBatch("deal", ids.slice(0, 1), ["score"]);
  expect(read).toMatchObject({ ok: true, value: { properties: { score: null } } });
});

test("a row that a read does not mention is not taken for gone", async () => {
  const { crm, addRecord, faults } = await setup();
  const ids = Array.from({ length: 6 }, (_, i) => addRecord("deal", { dealname: `Deal ${i}` }));
  faults.set([{ name: "silent_drop", rate: 1, times: 1, on: "reads" }]);
  const kinds = (await crm.readBatch("deal", ids, ["dealname"])).map((each) => (each.ok ? "ok" : each.error.kind));
  expect(new Set(kinds)).toEqual(new Set(["ok", "no_result"]));
});

test("an answer that never comes ends the wait: a write is unknown, a read can be repeated", async () => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const s = await setup({ requestTimeoutMs: 300 });
  s.clock.sleep = () => held;
  const id = s.addRecord("deal", { dealname: "A" });
  await s.crm.stages();
  s.faults.set([{ name: "slow", rate: 1, times: 2, on: "all", ms: 1 }]);
  await expect(s.crm.writeBatch("deal", [{ id, properties: { hs_next_step: "x" } }])).rejects.toMatchObject({
    kind: "outcome_unknown",
  });
  await expect(s.crm.readBatch("deal", [id], ["dealname"])).rejects.toMatchObject({ kind: "retry_later" });
  expect(s.record("deal", id)?.properties.hs_next_step).toBe("x");
  release();
});

test("more than 10,000 changes are listed whole, each once, with at most one search for each 200", async () => {
  const { crm, clock, addRecord, simulator } = await setup({
    searchLagMs: 0,
    rateLimit: { max: 1_000_000, windowMs: 10_000 },
  });
  const ids = Array.from({ length: 10_450 }, (_, i) => addRecord("company", { name: `Firm ${i}` }));
  const since = clock.now().toISOString();
  const seen: MirrorRecord[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Crm["listChangedSince"]>> = await crm.listChangedSince(
      "company",
      since,
      ["name"],
      cursor,
    );
    seen.push(...page.items);
    cursor = page.cursor;
    clock.advance(250);
  } while (cursor);
  expect(seen.map((each) => each.id).sort()).toEqual([...ids].sort());
  expect(simulator.stats().calls["POST /crm/objects/:version/:objectType/search"]).toBe(Math.ceil(10_450 / 200));
});

test("contacts tell their changes by another property", async () => {
  const { crm, clock, addRecord, edit } = await setup();
  const id = addRecord("contact", { email: "Ada@Litware.example" });
  clock.advance(3_600_000);
  const since = clock.now().toISOString();
  edit("contact", id, { firstname: "Ada" });
  clock.advance(60_000);
  const page = await crm.listChangedSince("contact", since, ["email", "firstname"], null);
  expect(page.items).toMatchObject([{ id, properties: { email: "ada@litware.example", firstname: "Ada" } }]);
});

test("a company's deals come with their primary account and contact roles, listed or searched", async () => {
  const company = generateCompany({
    seed: 3,
    now: new Date("2026-11-22T09:00:00Z"),
    deals: 80,
    companies: 30,
    contacts: 120,
  });
  const { crm, clock, simulator } = await setup({ company, searchLagMs: 0 });
  const seed = company.deals.find((deal) => deal.contacts.length > 1)!;
  const id = simulator.idOf(seed.key)!;
  const listed = (await crm.listAll("deal", ["dealname", "amount"], null)).items.find((each) => each.id === id)!;
  expect(listed.properties.dealname).toBe(seed.name);
  expect(listed.associations.company).toEqual([{ id: simulator.idOf(seed.companyKey), role: null }]);
  const roles = seed.contacts.map((contact) => ({ id: simulator.idOf(contact.key), role: contact.role.toLowerCase() }));
  expect(listed.associations.contact).toEqual(roles);
  const since = clock.now().toISOString();
  clock.advance(1000);
  simulator.edit("deal", id, { amount: "100.50" });
  const [changed] = (await crm.listChangedSince("deal", since, ["dealname", "amount"], null)).items;
  expect(changed?.associations).toEqual(listed.associations);
  expect(changed?.properties.amount).toBe("100.5");
});

test("a missing scope is named", async () => {
  const { crm, addRecord } = await setup({ scopes: ["oauth", "crm.objects.deals.read"] });
  const id = addRecord("deal", { dealname: "A" });
  await expect(crm.writeBatch("deal", [{ id, properties: { dealname: "B" } }])).rejects.toMatchObject({
    kind: "missing_scope",
    detail: { scope: "crm.objects.deals.write" },
  });
});

test("a name HubSpot would refuse is refused before any call", async () => {
  const { crm, simulator, draft } = await setup();
  for (const name of ["Score", "1score", "hs_score", "deal-score", ""]) {
    await expect(crm.createProperty("deal", { ...draft, name })).rejects.toMatchObject({ kind: "value_refused" });
  }
  expect(simulator.stats().calls).toEqual({});
});

test("all kinds of properties can be created, in the group Pandora", async () => {
  const { crm, simulator } = await setup();
  for (const type of ["number", "text", "textarea", "rich_text", "boolean", "date", "datetime", "enum"] as const) {
    const draft = {
      name: `pandora_${type}`,
      label: type,
      type,
      description: "",
      options: type === "enum" ? [{ value: "a", label: "A" }] : [],
    };
    expect(await crm.createProperty("company", draft)).toMatchObject({
      type,
      group: "pandora",
      custom: true,
      writable: true,
    });
  }
  const unique = { name: "pandora_key", label: "Key", type: "text" as const, description: "", unique: true };
  expect(await crm.createProperty("deal", unique)).toMatchObject({ unique: true });
  expect(simulator.stats().calls["POST /crm/properties/:version/:objectType/groups"]).toBe(2);
});

test("what is left of the allowance is known after a call, and 110 calls in ten seconds are the end of it", async () => {
  const { crm, clock } = await setup();
  expect(crm.limits().burstRemaining).toBeNull();
  await crm.stages();
  expect(crm.limits().burstRemaining).toBe(109);
  for (let i = 1; i < 110; i += 1) await crm.stages();
  await expect(crm.stages()).rejects.toMatchObject({ kind: "retry_later", detail: { afterMs: 10_000 } });
  clock.advance(10_000);
  expect(await crm.stages()).not.toEqual([]);
});
