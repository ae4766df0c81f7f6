/** Taking a made deal back: only while nobody else touched it, once, whatever happens in between. */
import { describe, expect, test } from "vitest";
import { onCreateDeal } from "../../backend/gaps/on-create-deal.ts";
import { undoCreation } from "../../backend/gaps/undo-creation.ts";
import { Crash } from "../simulation/crash.ts";
import { mortalHouse } from "../simulation/creation-crash.ts";
import { type Call, type CreationWorld, creationWorld, dealsNamed, told } from "./creation-world.ts";

for (const type of ["hubspot", "salesforce"] as const) {
  describe(type, async () => {
    const world = await creationWorld(type);
    const { crm, rita, admin } = world;

    test("the deal is deleted, the call is listed again, and what was made along is named", async () => {
      const call = await world.call({ company: null, fresh: 1 });
      const made = (await world.create(rita, call)).body;
      world.clock.advance(1_000);
      const { status, body } = await undo(world, made.creation_id);
      expect([status, body.status, crm.dealAt(made.deal_crm_id)]).toEqual([200, "undone", null]);
      expect(body.kept.map((each: { object_type: string }) => each.object_type)).toEqual(["company", "contact"]);
      expect(await world.conversation(call.id)).toMatchObject({ gap_status: "pending", deal_id: null, generation: 1 });
      const gap = await rita("GET", `conversations/without-deals/${call.id}`);
      expect(gap.body.decision.decision).toBe("reopened");
      // A second time changes nothing.
      expect((await undo(world, made.creation_id)).body.status).toBe("undone");
      expect((await world.conversation(call.id)).generation).toBe(1);
    });

    test("then another deal may be made for the call, under a new key", async () => {
      const call = await world.call();
      const first = (await world.create(rita, call)).body;
      await undo(world, first.creation_id);
      await world.drain();
      const { status, body } = await world.create(rita, call);
      expect([status, body.existing]).toEqual([201, false]);
      expect(dealsNamed(world, call.title)).toEqual([body.deal_crm_id]);
      expect(new Set((await world.rows(call)).map((row) => row.deal_key)).size).toBe(2);
    });

    test("refused once somebody worked on the deal, with their name", async () => {
      const call = await world.call();
      const made = (await world.create(rita, call)).body;
      world.clock.advance(60_000);
      crm.rename(made.deal_crm_id, "Renamed by hand");
      const { status, body } = await undo(world, made.creation_id);
      expect([status, body.code]).toEqual([409, "deal_touched"]);
      expect(crm.dealAt(made.deal_crm_id)).not.toBeNull();
      expect((await rita("GET", `creations/${made.creation_id}`)).body.status).toBe("created");
      const noted = (await world.create(rita, await world.call())).body;
      world.clock.advance(60_000);
      crm.noteByPerson(noted.deal_crm_id);
      expect((await undo(world, noted.creation_id)).body.code).toBe("deal_touched");
    });

    test("refused once somebody put another call on the deal, or took this one off it", async () => {
      const call = await world.call();
      const made = (await world.create(rita, call)).body;
      const other = await world.call();
      await admin("POST", `conversations/without-deals/${other.id}/link-deal`, { deal_crm_id: made.deal_crm_id });
      expect((await undo(world, made.creation_id)).body.code).toBe("deal_touched");
      await admin("POST", `conversations/without-deals/${other.id}/unlink`, {});
      await admin("POST", `conversations/without-deals/${call.id}/unlink`, {});
      expect((await undo(world, made.creation_id)).body.code).toBe("other_deal");
      expect(crm.dealAt(made.deal_crm_id)).not.toBeNull();
    });

    test("while it is being made there is nothing to be undone, nor where none was made", async () => {
      const call = await world.call({ fresh: 0 });
      crm.faults.set([{ name: "429", rate: 1, on: "all" }]);
      const { body } = await world.create(rita, call);
      expect((await undo(world, body.creation_id)).body.code).toBe("being_created");
      world.clock.advance(16 * 60_000);
      await world.goOn(body.creation_id, rita);
      crm.faults.clear();
      expect((await undo(world, body.creation_id)).body.code).toBe("not_made");
    });

    test("a deal that is gone already: the call is listed again", async () => {
      const call = await world.call();
      const made = (await world.create(rita, call)).body;
      await crm.deals.deleteDeal(made.deal_crm_id);
      expect((await undo(world, made.creation_id)).body.status).toBe("undone");
      expect((await world.conversation(call.id)).gap_status).toBe("pending");
    });

    test("with a session that ran out since", async () => {
      const made = (await world.create(rita, await world.call({ fresh: 0 }))).body;
      world.clock.advance(5 * 3_600_000);
      expect((await undo(world, made.creation_id)).body.status).toBe("undone");
    });

    test("whoever dies in the middle, the job ends it", async () => {
      for (let step = 1; step < 30; step++) {
        const call = await world.call({ fresh: 0 });
        const made = (await world.create(rita, call)).body;
        const dying = mortalHouse(world.house, { step, after: true });
        const viewer = {
          ...{ workspaceId: world.workspaceId, role: "admin" as const, actor: "api_key:test" },
          user: { name: "Rita", email: world.rep.email },
        };
        await undoCreation(dying, viewer, made.creation_id).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        world.clock.advance(200_000);
        await onCreateDeal(world.house, { workspace_id: world.workspaceId, creation_id: made.creation_id }, told);
        await undo(world, made.creation_id);
        expect([dealsNamed(world, call.title), (await world.rows(call))[0]!.state]).toEqual([[], "undone"]);
        expect(await world.conversation(call.id)).toMatchObject({ gap_status: "pending", generation: 1 });
        if (!dying.died()) break;
      }
    });

    test.for(["lost_reply", "429", "500"] as const)(
      "%s while it is deleted: gone once, and listed once",
      async (name) => {
        const call: Call = await world.call({ fresh: 0 });
        const made = (await world.create(rita, call)).body;
        crm.faults.set([{ name, rate: 1, times: 2, on: "all" }]);
        await undo(world, made.creation_id);
        crm.faults.clear();
        world.clock.advance(60_000);
        await onCreateDeal(world.house, { workspace_id: world.workspaceId, creation_id: made.creation_id }, told);
        expect(crm.dealAt(made.deal_crm_id)).toBeNull();
        expect(await world.conversation(call.id)).toMatchObject({ gap_status: "pending", generation: 1 });
      },
    );
  });
}

function undo(world: CreationWorld, id: string) {
  return world.rita("POST", `creations/${id}/undo`, {});
}
