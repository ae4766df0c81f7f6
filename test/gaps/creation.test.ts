/** Making the deal of a call, where nothing goes wrong: what is asked for is there, once, with everything on it, and cheaply. */
import { describe, expect, test } from "vitest";
import { creationWorld } from "./creation-world.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, async () => {
    const world = await creationWorld(type);
    const { crm, rita } = world;
    const { fields } = crm.deals;

    test("one click makes the deal with company, contacts, owner, stage and note", async () => {
      const call = await world.call();
      const { status, body } = await world.create(rita, call, { amount: 0 });
      expect([status, body.status, body.existing, body.warnings]).toEqual([201, "created", false, []]);
      const deal = crm.dealAt(body.deal_crm_id)!;
      expect(deal.properties[fields.name]).toBe(`Deal of ${call.title}`);
      expect(deal.properties[fields.owner]).toBe(world.rep.id);
      expect(deal.properties[fields.amount]).toBe("0");
      expect(deal.properties[fields.stage]).toBe(crm.stages.open);
      expect(deal.properties[fields.closeDate]?.slice(0, 10)).toBe("2026-12-22");
      expect(deal.companies).toEqual([call.company]);
      expect(deal.contacts).toHaveLength(3);
      expect(deal.contacts).toContain(call.known);
      expect(body.contacts_created.map((each: { email: string }) => each.email)).toEqual(call.fresh);
      expect(body.contacts_associated).toHaveLength(3);
      expect(body.deal_url).toContain(body.deal_crm_id);
      const [row] = await world.rows(call);
      const note = await crm.deals.noteByKey({ dealId: body.deal_crm_id, key: row!.deal_key });
      for (const told of ["They want a pilot.", "https://gong.example/", "Kim Known", call.title]) {
        expect(crm.noteAt(note!.id)).toContain(told);
      }
    });

    test.runIf(type === "salesforce")("each contact stands on the deal in the role it was given", async () => {
      const call = await world.call();
      const options = await rita("GET", `deal-options?conversation_id=${call.id}&crm=${type}`);
      const [role, other] = options.body.contact_roles.map((each: { value: string }) => each.value);
      const contact_roles = { [call.known]: role, [call.fresh[0]!.toUpperCase()]: other };
      const { status, body } = await world.create(rita, call, { contact_roles });
      expect([status, body.warnings]).toEqual([201, []]);
      const [fresh] = body.contacts_created as { crm_id: string; email: string }[];
      const roles = crm.records("OpportunityContactRole" as "deal").map(({ properties }) => properties);
      const roleOf = (contact: string) => roles.find((each) => each["ContactId"] === contact)?.["Role"];
      expect([roleOf(call.known), roleOf(fresh!.crm_id)]).toEqual([role, other]);
      expect(fresh!.email).toBe(call.fresh[0]);
    });

    test("the call belongs to the deal at once, with who and when, and the list no longer shows it", async () => {
      const call = await world.call();
      const { body } = await world.create(rita, call);
      const gap = await rita("GET", `conversations/without-deals/${call.id}`);
      expect(gap.body).toMatchObject({ status: "created", deal: { crm_id: body.deal_crm_id }, prefill: null });
      expect(gap.body.decision).toMatchObject({ decision: "created", at: world.clock.now().toISOString() });
      const list = await rita("GET", "conversations/without-deals");
      expect(list.body.items.map((each: { conversation_id: string }) => each.conversation_id)).not.toContain(call.id);
      const [mirrored] = await world.within(
        (tx) => tx`select name, company_id, owner_id, is_closed from deals where crm_id = ${body.deal_crm_id}`,
      );
      expect(mirrored).toMatchObject({ company_id: call.company, owner_id: world.rep.id, is_closed: false });
      const trail = await world.within((tx) => tx`select action from audit_events where subject = ${call.id}`);
      expect(trail).toEqual([{ action: "gap.created" }]);
    });

    test("other calls with the company are looked at again, and fall to the deal", async () => {
      const first = await world.call();
      const second = await world.call({ company: first.company, domain: first.domain, fresh: 0 });
      const { body } = await world.create(rita, first);
      expect((await world.conversation(second.id)).dirty).toBe(true);
      await world.drain();
      expect(await world.conversation(second.id)).toMatchObject({ deal_id: body.deal_crm_id, gap_status: null });
    });

    test("where the CRM knows no company it is made, named from the domain, and its people with it", async () => {
      const call = await world.call({ company: null, fresh: 1 });
      const { status, body } = await world.create(rita, call);
      expect([status, body.company.created]).toEqual([201, true]);
      expect(crm.dealAt(body.deal_crm_id)!.companies).toEqual([body.company.crm_id]);
      const made = crm.records("company").find(({ id }) => id === body.company.crm_id)!;
      expect(made.properties[type === "hubspot" ? "domain" : "Website"]).toBe(call.domain);
      const [mirrored] = await world.within(
        (tx) => tx`select domain from companies where crm_id = ${body.company.crm_id}`,
      );
      expect(mirrored).toEqual({ domain: call.domain });
    });

    test("a company that has the domain by now is taken, however its website is written", async () => {
      const call = await world.call({ company: null, fresh: 0, domain: `late-${type}.example` });
      const there = crm.addCompany(`late-${type}`);
      if (type === "salesforce") await writeWebsite(world, there, `https://www.late-${type}.example/about`);
      // HubSpot's search shows a new record late.
      world.clock.advance(60_000);
      const { body } = await world.create(rita, call);
      expect(body.company).toMatchObject({ crm_id: there, created: false });
    });

    test("calls of the CRM on the clean path: two new contacts, one existing", async () => {
      await world.create(rita, await world.call());
      const call = await world.call();
      crm.calls();
      const { status, body } = await world.create(rita, call, { confirm_duplicate: true });
      const without = crm.calls();
      expect([status, body.contacts_created.length]).toEqual([201, 2]);
      const next = await world.call();
      crm.calls();
      expect((await world.create(rita, next)).status).toBe(201);
      const withCheck = crm.calls();
      // HubSpot: read people, make people, deal, note. Salesforce: read people and leads, then all at once.
      const reach = type === "hubspot" ? { own: 4, check: 3 } : { own: 2, check: 2 };
      expect(withCheck).toBeLessThanOrEqual(reach.own + reach.check);
      // Reading leads is part of Salesforce's check for duplicates of people.
      expect(without).toBeLessThanOrEqual(type === "hubspot" ? reach.own : reach.own + 1);
    });

    test("the form knows the CRM's lists, what it demands, and what the call fills in", async () => {
      const call = await world.call();
      const { status, body } = await rita("GET", `deal-options?conversation_id=${call.id}`);
      expect(status).toBe(200);
      expect(body.prefill).toMatchObject({
        ...{ crm: type, pipeline_id: crm.pipeline, stage: crm.stages.open, owner_email: world.rep.email },
        ...{ contacts_to_associate: [call.known], company_to_create: null },
      });
      expect(body.prefill.contacts_to_create.map((each: { email: string }) => each.email)).toEqual(call.fresh);
      expect(body.owners).toContainEqual({ email: world.rep.email, name: world.rep.name });
      const sent = await world.create(rita, call, { ...body.prefill, deal_name: `Deal of ${call.title}` });
      expect([sent.status, sent.body.warnings]).toEqual([201, []]);
    });

    test("stage and pipeline go by label, letter case aside", async () => {
      const call = await world.call();
      const { body: options } = await rita("GET", `deal-options?conversation_id=${call.id}`);
      const pipeline = options.pipelines.find((each: { id: string }) => each.id === crm.pipeline);
      const stage = pipeline.stages[1];
      const asked = { pipeline_id: pipeline.label.toUpperCase(), stage: stage.label.toLowerCase() };
      const { body } = await world.create(rita, call, asked);
      expect(crm.dealAt(body.deal_crm_id)!.properties[fields.stage]).toBe(stage.id);
    });

    test("an empty list means none: no contacts, no note", async () => {
      const call = await world.call();
      const before = crm.noteIds().length;
      const { body } = await world.create(rita, call, {
        ...{ contacts_to_associate: [], contacts_to_create: [], notes: null },
      });
      expect(crm.dealAt(body.deal_crm_id)!.contacts).toEqual([]);
      expect([body.status, crm.noteIds().length]).toEqual(["created", before]);
    });

    test("what was typed stands in the note, and the link stays", async () => {
      const call = await world.call({ fresh: 0 });
      const { body } = await world.create(rita, call, { notes: "Wants <b>50</b> seats & a demo" });
      const [row] = await world.rows(call);
      const note = await crm.deals.noteByKey({ dealId: body.deal_crm_id, key: row!.deal_key });
      const text = crm.noteAt(note!.id);
      expect(text).toContain(
        type === "hubspot" ? "&lt;b&gt;50&lt;/b&gt; seats &amp; a demo" : "<b>50</b> seats & a demo",
      );
      expect(text).toContain("https://gong.example/");
    });
  });
}

async function writeWebsite(world: Awaited<ReturnType<typeof creationWorld>>, id: string, Website: string) {
  const [written] = await world.crm.crm.writeBatch("company", [{ id, properties: { Website } }]);
  expect(written!.ok).toBe(true);
}
