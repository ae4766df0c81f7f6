/** What the CRM does not take: told field by field in its own words, nothing made, and the next click may try again. */
import { describe, expect, test } from "vitest";
import { CrmError } from "../../backend/crm/errors.ts";
import { AppError } from "../../backend/errors.ts";
import { type CreationWorld, creationWorld, dealsNamed } from "./creation-world.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, async () => {
    const world = await creationWorld(type);
    const { crm, rita } = world;
    const { fields } = crm.deals;

    const faults = (body: { errors: { field: string }[] }) => body.errors.map(({ field }) => field);

    test("stage of another pipeline, unknown pipeline, inactive owner, foreign currency: each with what is allowed", async () => {
      const call = await world.call();
      crm.addOwner(false);
      const asked = { stage: crm.stages.foreign, pipeline_id: crm.pipeline, owner_email: "x@acme-cloud.example" };
      const { status, body } = await world.create(rita, call, { ...asked, currency: "XTS" });
      expect([status, body.code]).toEqual([422, "invalid_deal"]);
      expect(faults(body)).toEqual(["stage", "owner_email", "currency"]);
      expect(body.errors[1].allowed).toContain(world.rep.email);
      expect(body.errors.every((each: { allowed: string[] }) => each.allowed.length > 0)).toBe(true);
      const unknown = await world.create(rita, call, { pipeline_id: "No such thing" });
      expect(faults(unknown.body)).toEqual(["pipeline_id"]);
      expect(dealsNamed(world, call.title)).toEqual([]);
      // The claim is free again.
      expect((await world.create(rita, call)).status).toBe(201);
    });

    test("a stage that an admin has just added is taken although our lists are minutes old", async () => {
      const call = await world.call();
      await rita("GET", `deal-options?conversation_id=${call.id}`);
      await world.within(
        (tx) => tx`
          update crm_properties set properties = jsonb_set(properties, '{options,pipelines,0,stages}', '[]')
          where object_type = 'deal_form'`,
      );
      expect((await world.create(rita, call, { stage: crm.stages.open })).status).toBe(201);
    });

    test("an admin's rule refuses the deal: its words are told, and the next click goes through", async () => {
      const call = await world.call({ fresh: 0 });
      crm.forbidName(`Deal of ${call.title}`, "Deals need a better name");
      const { status, body } = await world.create(rita, call);
      expect([status, body.code]).toEqual([422, "crm_refused"]);
      expect(body.detail).toContain("Deals need a better name");
      expect(faults(body)).toEqual([fields.name]);
      expect(await world.conversation(call.id)).toMatchObject({ gap_status: "pending", deal_id: null });
      const better = await world.create(rita, call, { deal_name: "A better name" });
      expect([better.status, better.body.existing]).toEqual([201, false]);
    });

    test("what has a field of its own is not given twice, nor is the key", async () => {
      const call = await world.call({ fresh: 0 });
      const key = type === "hubspot" ? "pandora_conversation_id" : "Pandora_Conversation_Id__c";
      const { body } = await world.create(rita, call, { custom_properties: { [fields.name]: "x", [key]: "y" } });
      expect(faults(body)).toEqual([`custom_properties.${fields.name}`, `custom_properties.${key}`]);
    });

    test("somebody on the call who is gone costs a warning, not the deal", async () => {
      const call = await world.call();
      const { status, body } = await world.create(rita, call, { contacts_to_associate: [call.known, crm.goneId] });
      expect([status, body.status]).toEqual([201, "created_with_warnings"]);
      expect(body.warnings).toMatchObject([{ code: "contact_not_linked", field: "contacts_to_associate" }]);
      expect(body.warnings[0].message).toContain(crm.goneId);
      const deal = crm.dealAt(body.deal_crm_id)!;
      expect([deal.contacts.length, deal.companies]).toEqual([3, [call.company]]);
    });

    test("an address that is somebody's already is linked, not made again", async () => {
      const call = await world.call({ fresh: 1 });
      const there = crm.addContact(call.fresh[0]!, call.company!);
      const before = crm.contactIds().length;
      const { body } = await world.create(rita, call);
      expect([crm.contactIds().length, body.contacts_created]).toEqual([before, []]);
      expect(crm.dealAt(body.deal_crm_id)!.contacts).toContain(there);
      expect(crm.contact(there)).toEqual({ name: "Kim Known", title: null });
    });

    test("a contact the CRM refuses is named in a warning, the others are on the deal", async () => {
      const call = await world.call({ fresh: 0 });
      const wanted = [
        { name: "Nia New", email: `ok-${call.id.slice(0, 8)}@firm.example` },
        { name: "Bad Address", email: `bad..dots-${call.id.slice(0, 8)}@firm.example` },
      ];
      crm.faults.clear();
      const refusing = new Proxy(crm.crm.deals, {
        get: (target, name) =>
          name === "createAll"
            ? async () => ({ ok: false, at: "contact", index: 1, error: bad })
            : name === "createContacts"
              ? async (drafts: { email: string }[]) => {
                  const made = await target.createContacts(
                    drafts.filter(({ email }) => !email.startsWith("bad")) as never,
                  );
                  return drafts.map(({ email }) =>
                    email.startsWith("bad") ? { ok: false, error: bad } : made.shift(),
                  );
                }
              : Reflect.get(target, name),
        has: (target, name) => Reflect.has(target, name),
      });
      const bad = new CrmError("value_refused", "The e-mail address is invalid", { property: "email" });
      await withDeals(world, type === "hubspot" ? withoutAll(refusing) : refusing, async () => {
        // zod itself refuses the dots, so they are put past it.
        const sent = wanted.map((each) => ({ ...each, email: each.email.replace("..", ".") }));
        const { status, body } = await world.create(rita, call, {
          contacts_to_create: [sent[0], { ...sent[1], email: `bad-${call.id.slice(0, 8)}@firm.example` }],
        });
        expect([status, body.status]).toEqual([201, "created_with_warnings"]);
        expect(body.warnings[0].message).toContain("The e-mail address is invalid.");
        expect(body.contacts_created).toHaveLength(1);
        expect(crm.dealAt(body.deal_crm_id)!.contacts).toHaveLength(2);
      });
    });

    test("a rep who is no user of the CRM: the deal has another owner, and that is told", async () => {
      const call = await world.call({ rep: "gone@acme.example" });
      const { body } = await world.create(world.admin, call);
      expect(body.status).toBe("created_with_warnings");
      expect(body.warnings).toMatchObject([{ code: "owner_not_found", field: "owner_email" }]);
    });

    test("a permission that is missing, and a connection that is gone, are told at once", async () => {
      const call = await world.call({ fresh: 0 });
      const lacking = new CrmError("missing_scope", "no", { scope: "crm.objects.deals.write" });
      await withDeals(world, failing(world, "duplicateCheck", lacking), async () => {
        const { body } = await world.create(rita, call);
        expect(body).toMatchObject({ status: 409, code: "missing_scope" });
        expect(body.detail).toContain("crm.objects.deals.write");
      });
      world.adapter.refusal = new AppError("needs_reconnect", { status: 409, public: "Reconnect the CRM." });
      expect((await world.create(rita, call)).body).toMatchObject({ status: 409, code: "needs_reconnect" });
      world.adapter.refusal = null;
      expect((await world.create(rita, call)).status).toBe(201);
    });

    test("a CRM that is away for too long: nothing was made, and the person hears so", async () => {
      const call = await world.call();
      crm.faults.set([{ name: "429", rate: 1, on: "all" }]);
      const { status, body } = await world.create(rita, call);
      expect([status, body.status]).toEqual([202, "in_progress"]);
      expect(Date.parse(body.next_try_at)).toBeGreaterThan(world.clock.now().getTime());
      world.clock.advance(16 * 60_000);
      const ended = await world.goOn(body.creation_id, rita);
      expect([ended.status, ended.error?.code]).toEqual(["failed", "crm_unavailable"]);
      crm.faults.clear();
      expect((await world.create(rita, call)).status).toBe(201);
    });

    test("the key's property was deleted minutes ago: it is put back, and the deal is made", async () => {
      const call = await world.call({ fresh: 0 });
      await rita("GET", `deal-options?conversation_id=${call.id}`);
      let refusals = 0;
      let ensured = 0;
      const gone = new CrmError("unknown_property", "Property does not exist", { property: "pandora_conversation_id" });
      const once = <T extends object>(deals: T, name: keyof T) =>
        refusals++ === 0 ? () => Promise.reject(gone) : Reflect.get(deals, name);
      const deals = new Proxy(crm.crm.deals, {
        get(target, name) {
          if (name === "ensureKey") ensured += 1;
          const makes = type === "hubspot" ? "createDeal" : "createAll";
          // Asked whether it is there, and asked to do it.
          return name === makes && new Error().stack?.includes("creation-deal")
            ? once(target, name)
            : Reflect.get(target, name);
        },
      });
      await withDeals(world, deals, async () => {
        expect((await world.create(rita, call)).status).toBe(201);
      });
      expect([refusals, ensured, dealsNamed(world, call.title).length]).toEqual([2, 1, 1]);
    });

    test("a body that is not as expected is refused with each fault", async () => {
      const call = await world.call({ fresh: 0 });
      const { status, body } = await rita("POST", `conversations/without-deals/${call.id}/create-deal`, {
        ...{
          deal_name: " ",
          amount: -1,
          close_date: "tomorrow",
          contacts_to_create: [{ email: "nobody" }],
          colour: "red",
        },
      });
      expect(status).toBe(422);
      expect(new Set(faults(body))).toEqual(
        new Set(["deal_name", "amount", "close_date", "contacts_to_create.0.email", "colour"]),
      );
    });

    // Last: from here on the CRM demands it of every deal.
    test("a field the CRM demands is asked for, not failed on", async () => {
      const call = await world.call({ fresh: 0 });
      const name = crm.requireText();
      world.clock.advance(6 * 60_000);
      const { status, body } = await world.create(rita, call);
      expect([status, faults(body)]).toEqual([422, [`custom_properties.${name}`]]);
      const { body: form } = await rita("GET", `deal-options?conversation_id=${call.id}`);
      expect(form.required.map((each: { name: string }) => each.name)).toContain(name);
      const made = await world.create(rita, call, { custom_properties: { [name]: "EMEA" } });
      expect([made.status, crm.dealAt(made.body.deal_crm_id)!.properties[name]]).toEqual([201, "EMEA"]);
    });
  });
}

test("salesforce: a live lead's address becomes a contact only when somebody says so", async () => {
  const world = await creationWorld("salesforce");
  const { crm, rita } = world;
  const call = await world.call({ fresh: 1 });
  const email = call.fresh[0]!;
  const lead = { ...crm.crm.deals, leadsByEmail: async () => [{ id: "00Q", email, name: "Lea Lead" }] };
  await withDeals(world, lead, async () => {
    const sent = [{ name: "Lea Lead", email }];
    const asked = await world.create(rita, call, { contacts_to_create: sent });
    expect([asked.status, asked.body.code]).toEqual([422, "lead_needs_confirmation"]);
    expect(asked.body.errors[0].field).toBe("contacts_to_create.0.confirm_lead");
    expect(dealsNamed(world, call.title)).toEqual([]);
    const { status, body } = await world.create(rita, call, {
      contacts_to_create: sent.map((each) => ({ ...each, confirm_lead: true })),
    });
    expect([status, body.contacts_created.length]).toEqual([201, 1]);
  });
});

test("a lead is left out of what the prefill fills in, and named", async () => {
  const world = await creationWorld("salesforce");
  const call = await world.call({ fresh: 2 });
  await world.within(
    (tx) => tx`
      update conversation_participants set lead_crm = 'salesforce', lead_id = '00Q'
      where conversation_id = ${call.id} and email = ${call.fresh[0]!}`,
  );
  const { body } = await world.create(world.rita, call);
  expect(body.status).toBe("created_with_warnings");
  expect(body.warnings[0]).toMatchObject({ code: "lead_left_out", field: "contacts_to_create" });
  expect(body.warnings[0].message).toContain(call.fresh[0]);
  expect(body.contacts_created.map((each: { email: string }) => each.email)).toEqual([call.fresh[1]]);
});

type Deals = CreationWorld["crm"]["crm"]["deals"];

async function withDeals(world: CreationWorld, deals: Deals, work: () => Promise<void>): Promise<void> {
  world.adapter.crm = { ...world.crm.crm, deals };
  try {
    await work();
  } finally {
    world.adapter.crm = world.crm.crm;
  }
}

function failing(world: CreationWorld, name: keyof Deals, error: CrmError): Deals {
  return { ...world.crm.crm.deals, [name]: () => Promise.reject(error) };
}

function withoutAll(deals: Deals): Deals {
  return new Proxy(deals, { get: (target, name) => (name === "createAll" ? undefined : Reflect.get(target, name)) });
}
