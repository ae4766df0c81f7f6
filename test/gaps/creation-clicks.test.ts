/** Clicks of several people, and what others did between the list and the click. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { House } from "../../backend/connections/house.ts";
import { openDb } from "../../backend/db.ts";
import { createDeal } from "../../backend/gaps/creations.ts";
import type { Viewer } from "../../backend/gaps/gap-sight.ts";
import { lookAfterCreations } from "../../backend/gaps/on-create-deal.ts";
import { afterwards } from "../support/afterwards.ts";
import { type CreationWorld, creationWorld, dealsNamed, told } from "./creation-world.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, async () => {
    const world = await creationWorld(type);
    const { crm, rita, admin } = world;

    test("two clicks at once, and two people at once, get the same deal", async () => {
      const call = await world.call();
      const answers = await Promise.all([rita, rita, admin].map((who) => world.create(who, call)));
      expect(answers.map(({ status }) => status).every((status) => [200, 201, 202].includes(status))).toBe(true);
      expect(new Set(answers.map(({ body }) => body.creation_id)).size).toBe(1);
      expect(answers.filter(({ body }) => body.existing)).toHaveLength(2);
      expect(dealsNamed(world, call.title)).toHaveLength(1);
      const later = await world.create(admin, call, { deal_name: "Another name" });
      expect([later.status, later.body.existing, later.body.status]).toEqual([200, true, "created"]);
    });

    test("two processes at once make one deal", async () => {
      const call = await world.call();
      const second = otherProcess(world);
      const request = { deal_name: `Deal of ${call.title}` };
      const viewer = viewerOf(world);
      await Promise.all(
        [world.house, second, second].map((house) => createDeal(house, viewer, call.id, request, told)),
      );
      expect(dealsNamed(world, call.title)).toHaveLength(1);
      expect(await world.rows(call)).toHaveLength(1);
    });

    test("somebody who does not want to wait hears that it goes on, and it does", async () => {
      const call = await world.call();
      const request = { deal_name: `Deal of ${call.title}` };
      const { status, creation } = await createDeal(world.house, viewerOf(world), call.id, request, told, {
        answerWithinMs: 0,
      });
      expect([status, creation.status]).toEqual([202, "in_progress"]);
      await expect.poll(async () => (await world.rows(call))[0]!.state, { timeout: 20_000 }).toBe("done");
    });

    test("a rep made a deal between list and click: it is shown, and nothing is made unless they insist", async () => {
      const call = await world.call();
      const there = crm.addDeal({ name: "Theirs", companyId: call.company!, stage: crm.stages.open });
      const asked = await world.create(rita, call);
      expect([asked.status, asked.body.code]).toEqual([409, "duplicate_suspected"]);
      expect(asked.body.candidates).toMatchObject([{ crm: type, crm_id: there, name: "Theirs", amount: 5000 }]);
      expect(dealsNamed(world, call.title)).toEqual([]);
      const linked = await world.call();
      const other = crm.addDeal({ name: "Theirs too", companyId: linked.company!, stage: crm.stages.open });
      expect((await world.create(admin, linked)).status).toBe(409);
      const link = await admin("POST", `conversations/without-deals/${linked.id}/link-deal`, { deal_crm_id: other });
      expect([link.status, link.body.status]).toEqual([200, "linked"]);
      const insisted = await world.create(rita, call, { confirm_duplicate: true });
      expect([insisted.status, dealsNamed(world, call.title).length]).toEqual([201, 1]);
    });

    test("a closed deal of the company is no duplicate", async () => {
      const call = await world.call();
      crm.addDeal({ name: "Won before", companyId: call.company!, stage: crm.stages.closed });
      expect((await world.create(rita, call)).status).toBe(201);
    });

    test("dismissed or linked meanwhile: the click is refused with the reason, and nothing is made", async () => {
      const dismissed = await world.call();
      await admin("POST", `conversations/without-deals/${dismissed.id}/dismiss`, { reason: "not_a_prospect" });
      expect((await world.create(rita, dismissed)).body).toMatchObject({ status: 409, code: "dismissed" });
      const linked = await world.call();
      const deal = crm.addDeal({ name: "There", companyId: linked.company!, stage: crm.stages.open });
      await admin("POST", `conversations/without-deals/${linked.id}/link-deal`, { deal_crm_id: deal });
      const refused = await world.create(rita, linked);
      expect(refused.body).toMatchObject({ status: 409, code: "already_has_deal", deal: { crm_id: deal } });
      expect([dealsNamed(world, dismissed.title), dealsNamed(world, linked.title)]).toEqual([[], []]);
    });

    test("while it is being made nobody can dismiss or link the call", async () => {
      const call = await world.call();
      crm.faults.set([{ name: "429", rate: 1, on: "all" }]);
      const { body } = await world.create(rita, call);
      crm.faults.clear();
      expect(body.status).toBe("in_progress");
      const dismissed = await admin("POST", `conversations/without-deals/${call.id}/dismiss`, { reason: "other" });
      expect(dismissed.body).toMatchObject({ status: 409, code: "being_created" });
      expect((await world.goOn(body.creation_id, rita)).status).toBe("created");
    });

    test("a job that was lost is put back by the look of each minute, one that stands is not", async () => {
      const call = await world.call();
      crm.faults.set([{ name: "429", rate: 1, on: "all" }]);
      const { body } = await world.create(rita, call);
      crm.faults.clear();
      const jobs = async () => (await world.house.queue.pending())["gaps.create-deal"] ?? 0;
      const before = await jobs();
      await lookAfterCreations(world.house, world.workspaceId);
      expect(await jobs()).toBe(before);
      world.clock.advance(10 * 60_000);
      await lookAfterCreations(world.house, world.workspaceId);
      expect(await jobs()).toBe(before + 1);
      expect((await world.goOn(body.creation_id, rita)).status).toBe("created");
    });

    test("whose call is not in sight can't make its deal, nor look at one; a viewer can't either", async () => {
      const call = await world.call();
      const stranger = await world.person(`stranger-${type}@acme.example`);
      expect((await world.create(stranger, call)).status).toBe(404);
      expect((await world.create(await world.person(`v-${type}@acme.example`, "viewer"), call)).status).toBe(403);
      const { body } = await world.create(rita, call);
      expect((await stranger("GET", `creations/${body.creation_id}`)).status).toBe(404);
      expect((await rita("GET", `creations/${body.creation_id}`)).body.status).toBe("created");
      expect((await rita("GET", `creations/${randomUUID()}`)).status).toBe(404);
    });

    test("open deals of others are counted, not shown, to somebody who may not see them", async () => {
      const call = await world.call();
      const other = crm.addOwner(true);
      const name = crm.deals.fields.owner;
      const hidden = crm.addDeal({ name: "Hidden", companyId: call.company!, stage: crm.stages.open });
      await crm.crm.writeBatch("deal", [{ id: hidden, properties: { [name]: other } }]);
      const asked = await world.create(rita, call);
      expect(asked.body).toMatchObject({ code: "duplicate_suspected", candidates: [], candidates_hidden: 1 });
      expect(JSON.stringify(asked.body)).not.toContain("Hidden");
    });
  });
}

function otherProcess(world: CreationWorld): House {
  const db = openDb(world.url, { poolMax: 3 });
  afterwards(() => db.close());
  return { ...world.house, db };
}

function viewerOf(world: CreationWorld): Viewer {
  const user = { name: "Rita", email: world.rep.email };
  return { workspaceId: world.workspaceId, role: "admin", actor: "api_key:test", user };
}
