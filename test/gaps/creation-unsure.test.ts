/** Where the CRM can't be given a unique property: sent once, never again by itself; a person looks and decides. */
import { describe, expect, test } from "vitest";
import type { Crm } from "../../backend/crm/port.ts";
import { createDeal } from "../../backend/gaps/creations.ts";
import { Crash } from "../simulation/crash.ts";
import { mortalHouse } from "../simulation/creation-crash.ts";
import { type CreationWorld, creationWorld, dealsNamed, told } from "./creation-world.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, async () => {
    const world = await creationWorld(type);
    const { crm, rita, admin } = world;
    const reason = "HubSpot holds ten unique properties at most.";
    const keyless: Crm = {
      ...crm.crm,
      deals: { ...crm.crm.deals, ensureKey: async () => ({ unique: false, reason }) },
    };
    world.adapter.crm = keyless;

    test("the clean path makes one deal, without a key", async () => {
      const call = await world.call();
      const { status, body } = await world.create(rita, call);
      expect([status, body.status, dealsNamed(world, call.title).length]).toEqual([201, "created", 1]);
      const [row] = await world.within(
        (tx) => tx`select key_is_unique from deal_creations where id = ${body.creation_id}`,
      );
      expect(row).toEqual({ key_is_unique: false });
      const { body: alerts } = await admin("GET", "alerts");
      expect(alerts.items).toMatchObject([{ kind: "deal_key_missing", subject: type }]);
      expect(alerts.items[0].message).toContain(reason);
    });

    test.for(["lost_reply", "reset"] as const)("%s: not sent again; the deals it may be are shown", async (name) => {
      const call = await world.call();
      const body = await lose(world, call, name);
      const made = name === "lost_reply" ? 1 : 0;
      expect(dealsNamed(world, call.title)).toHaveLength(made);
      const shown = await world.goOn(body.creation_id, rita);
      expect(shown.status).toBe("outcome_unknown");
      expect(shown.error!.candidates.map((each) => each.crm_id)).toEqual(dealsNamed(world, call.title));
      // Another click, without a word about it, does not send it again either.
      const again = await world.create(admin, call);
      expect([again.status, again.body.existing, again.body.status]).toEqual([200, true, "outcome_unknown"]);
      expect(dealsNamed(world, call.title)).toHaveLength(made);
    });

    test("found among the candidates it is linked, and that is the end of it", async () => {
      const call = await world.call();
      const { creation_id } = await lose(world, call, "lost_reply");
      const shown = await world.goOn(creation_id, rita);
      const [deal] = shown.error!.candidates;
      const linked = await admin("POST", `conversations/without-deals/${call.id}/link-deal`, {
        deal_crm_id: deal!.crm_id,
      });
      expect([linked.status, linked.body.status]).toEqual([200, "linked"]);
      expect(dealsNamed(world, call.title)).toHaveLength(1);
    });

    test("not found, a person may have it made anew", async () => {
      const call = await world.call();
      const { creation_id } = await lose(world, call, "reset");
      await world.goOn(creation_id, rita);
      const anew = await world.create(rita, call, { confirm_duplicate: true });
      expect([anew.status, anew.body.existing, dealsNamed(world, call.title).length]).toEqual([201, false, 1]);
    });

    test("who dies right after the intent leaves a question, never a second deal", async () => {
      for (let step = 1; step < 60; step++) {
        const call = await world.call({ fresh: 1 });
        const dying = mortalHouse(world.house, { step, after: true });
        const viewer = {
          ...{ workspaceId: world.workspaceId, role: "admin" as const, actor: "api_key:test" },
          user: { name: "Rita", email: world.rep.email },
        };
        await createDeal(dying, viewer, call.id, { deal_name: `Deal of ${call.title}` }, told).catch(
          (error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          },
        );
        const { body } = await world.create(rita, call);
        const shown = await world.goOn(body.creation_id, rita);
        const made = dealsNamed(world, call.title).length;
        expect(made).toBeLessThanOrEqual(1);
        expect(shown.status === "created" ? made : shown.status).toBe(
          shown.status === "created" ? 1 : "outcome_unknown",
        );
        if (!dying.died()) break;
      }
    });
  });
}

/** The one call that makes the deal meets the fault. */
async function lose(world: CreationWorld, call: { id: string; title: string }, name: "lost_reply" | "reset") {
  const { crm } = world.adapter;
  const strike =
    <A extends unknown[], R>(make: (...given: A) => R) =>
    (...given: A): R => {
      world.crm.faults.set([{ name, rate: 1, times: 1, on: "all" }]);
      return make(...given);
    };
  const { createDeal: one, createAll } = crm.deals;
  world.adapter.crm = {
    ...crm,
    deals: { ...crm.deals, createDeal: strike(one), ...(createAll ? { createAll: strike(createAll) } : {}) },
  };
  const { status, body } = await world.create(world.rita, call);
  world.adapter.crm = crm;
  world.crm.faults.clear();
  expect([status, body.status]).toEqual([202, "in_progress"]);
  return body;
}
