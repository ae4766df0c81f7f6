/** One seeded schedule: values rise, processes die, the CRM misbehaves, people edit; at the end the auditor looks. */
import { randomUUID } from "node:crypto";
import type { Property } from "../../backend/crm/port.ts";
import type { FaultName } from "../../backend/simulator/faults.ts";
import { mulberry32 } from "../../backend/simulator/faults.ts";
import { itemsOf } from "../../backend/writeback/items.ts";
import { parsedRules, type RecordValue, type RunMapping } from "../../backend/writeback/values.ts";
import { applyBatch } from "../../backend/writes/apply.ts";
import type { Engine } from "../../backend/writes/batch.ts";
import type { TestHouse } from "../support/house.ts";
import { type AuditedProperty, audit } from "./auditor.ts";
import { Crash, mortal } from "./crash.ts";

export type Report = { seed: number; faults: string[]; crashes: number; tries: number };

const modes = ["append", "append_if_changed", "overwrite", "keep_human_edits", "never_overwrite"] as const;
const troubles: FaultName[] = ["lost_reply", "reset", "429", "500", "bad_row", "silent_drop"];

/** @param plant told to misbehave on purpose, to see that the auditor notices */
export async function playSchedule(
  t: TestHouse,
  properties: Map<string, Property>,
  seed: number,
  plant?: (ids: string[]) => Promise<void>,
): Promise<Report> {
  const random = mulberry32(seed * 7919 + 13);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const ids = Array.from({ length: 1 + Math.floor(random() * 3) }, () => t.crm.addDeal());
  const textMode = pick(modes);
  const textMapping = mappingOf(t, textMode, t.property.long);
  const numberMapping = mappingOf(t, "overwrite", t.property.number);
  const engine: Engine = {
    ...t.house,
    crm: await t.house.openCrm(t.workspaceId, t.crm.type, "background"),
    leaseMs: 60_000,
    random,
  };
  const asked: string[] = [];
  const numbers: string[] = [];
  let crashes = 0;
  let tries = 0;
  let edits = 0;
  const versions = 1 + Math.floor(random() * 3);
  for (let version = 1; version <= versions; version++) {
    const text = `entry ${seed}.${version};`;
    const number = Math.floor(random() * 100);
    asked.push(text);
    numbers.push(String(number));
    const values: RecordValue[] = ids.flatMap((id) => [
      { id, mappingId: textMapping.id, raw: text, version },
      { id, mappingId: numberMapping.id, raw: number, version },
    ]);
    for (let attempt = 0; attempt < 30; attempt++) {
      tries += 1;
      const calm = attempt >= 6;
      if (!calm && random() < 0.35) t.crm.faults.set([{ name: pick(troubles), rate: 0.7, times: 2 }], seed + attempt);
      else t.crm.faults.clear();
      const { items } = itemsOf(
        values,
        [textMapping, numberMapping],
        properties,
        { timeZone: "UTC", retryRefused: true },
        t.clock,
      );
      const dies = !calm && random() < 0.6;
      const process = dies ? mortal(engine, { step: 1 + Math.floor(random() * 9), after: random() < 0.5 }) : engine;
      const batch = {
        ...{ workspaceId: t.workspaceId, crm: t.crm.type, objectType: "deal" as const, runId: null, trigger: "manual" },
        ...{ skillRunId: null, initiatedBy: "simulation", attempt: Math.min(attempt, 5), items },
      };
      let settled = false;
      try {
        const { results } = await applyBatch(process, batch);
        settled = results.every((result) => result.kind === "written" || result.kind === "skipped");
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        crashes += 1;
      }
      if (random() < 0.15) {
        edits += 1;
        const id = pick(ids);
        const before = t.crm.value(id, t.property.long);
        t.crm.edit(id, { [t.property.long]: before === null ? `note ${edits}` : `${before}\n---\nnote ${edits}` });
      }
      if (settled) break;
      t.clock.advance(95_000 + Math.floor(random() * 60_000));
    }
    t.clock.advance(1_000);
  }
  t.crm.faults.clear();
  await plant?.(ids);
  return { seed, crashes, tries, faults: await look(t, properties, { ids, textMode, asked, numbers }) };
}

async function look(
  t: TestHouse,
  properties: Map<string, Property>,
  world: { ids: string[]; textMode: AuditedProperty["mode"]; asked: string[]; numbers: string[] },
): Promise<string[]> {
  const audited = world.ids.flatMap((recordId): AuditedProperty[] => [
    {
      ...{ recordId, property: properties.get(t.property.long)!, mode: world.textMode, asked: world.asked },
      final: t.crm.value(recordId, t.property.long),
    },
    {
      ...{ recordId, property: properties.get(t.property.number)!, mode: "overwrite", asked: world.numbers },
      final: t.crm.value(recordId, t.property.number),
    },
  ]);
  const log = (await t.log()).filter((row) => world.ids.includes(row.crm_record_id));
  const faults = audit(audited, t.crm.allHistory(), log);
  const { leased } = await t.states();
  if (leased > 0) faults.push(`${leased} rows are still leased`);
  return faults;
}

function mappingOf(t: TestHouse, mode: AuditedProperty["mode"], propertyName: string): RunMapping {
  const rules = parsedRules({
    ...{ id: randomUUID(), revision: 1, append_separator: "\n---\n", append_timestamp_format: "none" },
    ...{
      append_max_entries: null,
      write_condition: null,
      value_transform: "raw",
      skip_read: false,
      when_empty: "keep",
    },
    write_mode: mode === "keep_human_edits" ? "overwrite" : mode,
    keep_human_edits: mode === "keep_human_edits",
  });
  return {
    ...{ ...rules, crm: t.crm.type, objectType: "deal", field: "deal_risk_summary", propertyName, filter: {} },
    ...{ status: "active", trigger: "manual" },
  };
}
