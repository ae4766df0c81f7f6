/** A process that makes deals and dies at a chosen step: everything it would do afterwards fails, its clean-up included. */
import type { House } from "../../backend/connections/house.ts";
import type { Crm } from "../../backend/crm/port.ts";
import { Crash } from "./crash.ts";

/**
 * @param plan.step the how-manieth call to the database or the CRM kills the process
 * @param plan.after true: the call is done first (a commit, a write whose reply nobody sees)
 */
export function mortalHouse(house: House, plan: { step: number; after: boolean }): House & { died(): boolean } {
  let steps = 0;
  let dead = false;
  const step = async <T>(call: () => Promise<T>): Promise<T> => {
    if (dead) throw new Crash("dead already");
    steps += 1;
    if (steps !== plan.step) {
      const result = await call();
      if (dead) throw new Crash("died meanwhile");
      return result;
    }
    if (plan.after) await call().catch(() => {});
    dead = true;
    throw new Crash(`died at step ${plan.step}`);
  };
  return {
    ...house,
    db: { ...house.db, withWorkspace: (id, work) => step(() => house.db.withWorkspace(id, work)) },
    openCrm: async (...given) => mortalCrm(await house.openCrm(...given), step),
    died: () => dead,
  };
}

function mortalCrm(crm: Crm, step: <T>(call: () => Promise<T>) => Promise<T>): Crm {
  const watched = <T extends object>(of: T): T =>
    new Proxy(of, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (name === "deals") return watched(member as object);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => step(() => (member as (...rest: unknown[]) => Promise<unknown>)(...given));
      },
    });
  return watched(crm);
}
