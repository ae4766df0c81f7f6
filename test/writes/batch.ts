/** A batch on a test house, for tests of single rules of DESIGN 3.4. */
import { randomUUID } from "node:crypto";
import { itemsOf } from "../../backend/writeback/items.ts";
import { parsedRules, type RunMapping } from "../../backend/writeback/values.ts";
import { applyBatch } from "../../backend/writes/apply.ts";
import type { Batch, BatchOutcome, Engine } from "../../backend/writes/batch.ts";
import type { TestHouse } from "../support/house.ts";

export type Bench = {
  engine: Engine;
  /** Writes one value per record under one mapping of `mode`. */
  batch(
    mode: "append" | "overwrite",
    property: string,
    values: Record<string, string | number>,
    version?: number,
  ): Batch;
  apply(batch: Batch, engine?: Engine): Promise<BatchOutcome>;
};

export async function batchesOn(t: TestHouse): Promise<Bench> {
  const crm = await t.house.openCrm(t.workspaceId, t.crm.type, "background");
  const properties = new Map((await crm.describeProperties("deal")).map((property) => [property.name, property]));
  const engine: Engine = { ...t.house, crm, leaseMs: 60_000, random: () => 0 };
  const mappings = new Map<string, RunMapping>();
  return {
    engine,
    batch(mode, property, values, version = 1) {
      const mapping = mappings.get(`${mode} ${property}`) ?? mappingOf(t, mode, property);
      mappings.set(`${mode} ${property}`, mapping);
      const given = Object.entries(values).map(([id, raw]) => ({ id, mappingId: mapping.id, raw, version }));
      return {
        ...{ workspaceId: t.workspaceId, crm: t.crm.type, objectType: "deal", runId: null, trigger: "manual" },
        ...{ skillRunId: null, initiatedBy: "ada", attempt: 0 },
        items: itemsOf(given, [mapping], properties, { timeZone: "UTC" }, t.clock).items,
      };
    },
    apply: (batch, other) => applyBatch(other ?? engine, batch),
  };
}

/** What became of each item, in short. */
export function kindsOf(outcome: BatchOutcome): string[] {
  return outcome.results.map((result) => {
    switch (result.kind) {
      case "written":
        return "written";
      case "skipped":
        return result.reason;
      case "error":
        return `error:${result.code}`;
      case "deferred":
        return `deferred:${result.why}`;
      default:
        return result satisfies never;
    }
  });
}

function mappingOf(t: TestHouse, mode: "append" | "overwrite", propertyName: string): RunMapping {
  const rules = parsedRules({
    ...{
      id: randomUUID(),
      revision: 1,
      write_mode: mode,
      append_separator: "\n---\n",
      append_timestamp_format: "none",
    },
    ...{ append_max_entries: null, write_condition: null, value_transform: "raw", keep_human_edits: false },
    ...{ skip_read: false, when_empty: "keep" },
  });
  const filter = {};
  return {
    ...rules,
    crm: t.crm.type,
    objectType: "deal",
    field: "deal_risk_summary",
    propertyName,
    filter,
    status: "active",
    trigger: "manual",
  };
}
