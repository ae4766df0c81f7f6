/** A process that dies at a chosen step: everything it would do afterwards fails, its clean-up included. */
import type { Crm } from "../../backend/crm/port.ts";
import type { Db } from "../../backend/db.ts";
import type { Engine } from "../../backend/writes/batch.ts";

export class Crash extends Error {}

/**
 * @param plan.step the how-manieth call to the database or the CRM kills the process
 * @param plan.after true: the call is done first (a commit, a write whose reply nobody sees)
 */
export function mortal(engine: Engine, plan: { step: number; after: boolean }): Engine & { died(): boolean } {
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
  const db: Db = { ...engine.db, withWorkspace: (id, work) => step(() => engine.db.withWorkspace(id, work)) };
  const crm: Crm = {
    ...engine.crm,
    readBatch: (...given) => step(() => engine.crm.readBatch(...given)),
    writeBatch: (...given) => step(() => engine.crm.writeBatch(...given)),
  };
  return { ...engine, db, crm, died: () => dead };
}
