/** Every fault at every call, and a death at every step: one deal, everything on it or named in the warnings. */
import { describe, expect, test } from "vitest";
import type { Creation } from "../../backend/contract/creations.ts";
import type { Crm, CrmType } from "../../backend/crm/port.ts";
import { createDeal } from "../../backend/gaps/creations.ts";
import type { Viewer } from "../../backend/gaps/gap-sight.ts";
import type { FaultName } from "../../backend/simulator/faults.ts";
import { Crash } from "../simulation/crash.ts";
import { mortalHouse } from "../simulation/creation-crash.ts";
import { auditAll } from "../simulation/creation-schedule.ts";
import { type Call, type CallIn, type CreationWorld, creationWorld, told } from "./creation-world.ts";

const all: FaultName[] = ["lost_reply", "reset", "429", "500", "expired_token", "silent_drop", "bad_row"];

/** Ways through the steps: all at once, a company to be made, and (Salesforce) one by one, because a part is refused. */
const ways: {
  name: string;
  call: CallIn;
  faults: FaultName[];
  more: (world: CreationWorld, call: Call) => object;
}[] = [
  { name: "the usual way", call: {}, faults: all, more: () => ({}) },
  {
    name: "with a new company",
    call: { company: null, fresh: 1 },
    faults: ["lost_reply", "500", "silent_drop"],
    more: () => ({}),
  },
  {
    name: "with a contact that is gone",
    call: { fresh: 1 },
    faults: all,
    more: ({ crm }, call) => ({ contacts_to_associate: [call.known, crm.goneId] }),
  },
];

export function testFaults(type: CrmType): void {
  describe(type, async () => {
    const world = await creationWorld(type);

    for (const way of ways) {
      test.for(way.faults)(`${way.name}: %s at every call`, { timeout }, async (fault) => {
        const wrong: string[] = [];
        for (let n = 1; n < 30; n++) {
          const call = await world.call(way.call);
          const struck = strikeAt(world, n, fault);
          const creation = await settle(world, call, way.more(world, call));
          wrong.push(...(await audit(world, call, creation)).map((each) => `call ${n}: ${each}`));
          if (!struck()) break;
        }
        expect(wrong).toEqual([]);
      });

      // To die after a step and before the next one is the same.
      test(`${way.name}: a death after every step`, { timeout }, async () => {
        const wrong: string[] = [];
        for (let step = 1; step < 80; step++) {
          const call = await world.call(way.call);
          const more = way.more(world, call);
          const dying = mortalHouse(world.house, { step, after: true });
          const request = { deal_name: `Deal of ${call.title}`, ...more };
          await createDeal(dying, viewerOf(world), call.id, request, told).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
          const creation = await settle(world, call, more);
          wrong.push(...(await audit(world, call, creation)).map((each) => `step ${step}: ${each}`));
          if (!dying.died()) break;
        }
        expect(wrong).toEqual([]);
      });
    }
  });
}

/** Hundreds of deals, each read back from the CRM. */
const timeout = 300_000;

/** The n-th call of the CRM from now on meets the fault. @returns whether it came to that */
function strikeAt(world: CreationWorld, n: number, name: FaultName): () => boolean {
  const { crm } = world.crm;
  let calls = 0;
  const before = () => {
    calls += 1;
    if (calls === n) world.crm.faults.set([{ name, rate: 1, times: 1, on: "all" }], n);
  };
  const watched = <T extends object>(of: T): T =>
    new Proxy(of, {
      get(target, member) {
        const value = Reflect.get(target, member) as unknown;
        if (member === "deals") return watched(value as object);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          before();
          return (value as (...rest: unknown[]) => unknown)(...given);
        };
      },
    });
  world.adapter.crm = watched<Crm>(crm);
  return () => {
    world.adapter.crm = crm;
    world.crm.faults.clear();
    return calls >= n;
  };
}

/** Clicks, waits, and clicks again where the person was told that no deal was made. */
async function settle(world: CreationWorld, call: Call, more: object): Promise<Creation> {
  for (let click = 0; click < 4; click++) {
    const { status, body } = await world.create(world.admin, call, more);
    if (status >= 300) {
      expect(["crm_refused", "crm_unavailable"]).toContain(body.code);
      continue;
    }
    const creation = await world.goOn(body.creation_id, world.admin);
    if (creation.status !== "failed") return creation;
  }
  throw new Error("no click made the deal");
}

async function audit(world: CreationWorld, call: Call, creation: Creation): Promise<string[]> {
  const { deal_id: linkedTo } = await world.conversation(call.id);
  const keys = (await world.rows(call)).map((row) => row.deal_key);
  const people = [...call.fresh, call.knownEmail];
  const report = { seed: 0, faults: [], crashes: 0, tries: 0, refusals: 0 };
  return auditAll(world, [{ ...report, played: { creation, call, linkedTo, people, keys, open: 0 } }]);
}

function viewerOf(world: CreationWorld): Viewer {
  const user = { name: "Rita", email: world.rep.email };
  return { workspaceId: world.workspaceId, role: "admin", actor: "api_key:test", user };
}
