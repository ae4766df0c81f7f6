/** A mapping tried on one record: before and after, written only when told to; and an unsaved mapping previewed. */
import type { House } from "../connections/house.ts";
import { crmProperties } from "../connections/properties.ts";
import { recordLink } from "../connections/record-link.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { PreviewRequest, TryResult } from "../contract/mappings.ts";
import { reasonText } from "../contract/reasons.ts";
import type { Property } from "../crm/port.ts";
import { AppError, notFound } from "../errors.ts";
import { findField } from "../skills/fields.ts";
import { applyBatch } from "../writes/apply.ts";
import type { BatchItem, ItemResult } from "../writes/batch.ts";
import { freshState, type RawValue, type WriteState } from "../writes/planned.ts";
import { readCurrents } from "../writes/read.ts";
import { keyOf, readStates } from "../writes/store.ts";
import { itemsOf } from "./items.ts";
import { planWrite } from "./plan.ts";
import {
  pageOfRecords,
  parsedRules,
  type RecordValue,
  type RunMapping,
  readRunMappings,
  recordNames,
  type ValueScope,
  valuesOf,
} from "./values.ts";

/**
 * @param test.crm_record_id null = a record Pandora has a value for
 * @throws AppError not_found, no_record, record_gone (404), write_in_progress (409), crm_unavailable (503)
 */
export async function testMapping(
  house: House,
  workspaceId: string,
  mappingId: string,
  test: { crm_record_id: string | null; write: boolean; by: string },
): Promise<TryResult> {
  const [mapping] = await house.db.withWorkspace(workspaceId, (tx) => readRunMappings(tx, workspaceId, [mappingId]));
  if (!mapping) throw notFound("mapping");
  const scope = { workspaceId, crm: mapping.crm, objectType: mapping.objectType };
  const property = await propertyOf(house, scope, mapping.propertyName);
  const found = await chooseRecord(house, scope, mapping, test.crm_record_id);
  if (found.value === null) return outsideFilter(house, scope, found.recordId);
  const { items } = itemsOf(
    [found.value],
    [mapping],
    new Map([[property.name, property]]),
    { timeZone: found.timeZone },
    house.clock,
  );
  const item = items[0]!;
  if (test.write) return written(house, scope, mapping, item, test.by);
  return planned(house, scope, mapping, item);
}

/** An unsaved mapping on a real record, or on a sample without asking any CRM. */
export async function previewMapping(house: House, workspaceId: string, body: PreviewRequest): Promise<TryResult> {
  const draft = body.mapping;
  const crm = await whichCrm(house, workspaceId, draft.crm_type, "mapping.crm_type");
  const scope: ValueScope = { workspaceId, crm, objectType: draft.crm_object_type };
  const property = await propertyOf(house, scope, draft.crm_property_name);
  const rules = parsedDraft(draft);
  const mapping: RunMapping = {
    ...{ ...rules, crm, objectType: draft.crm_object_type, field: draft.pandora_field, propertyName: property.name },
    ...{ filter: draft.record_filter, status: "active", trigger: draft.sync_trigger },
  };
  if (body.crm_record_id !== null) {
    const found = await chooseRecord(house, scope, mapping, body.crm_record_id);
    if (found.value === null) return outsideFilter(house, scope, found.recordId);
    const { items } = itemsOf(
      [found.value],
      [mapping],
      new Map([[property.name, property]]),
      { timeZone: found.timeZone },
      house.clock,
    );
    return planned(house, scope, mapping, items[0]!);
  }
  const [workspace] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ time_zone: string }[]>`select time_zone from workspaces where workspace_id = ${workspaceId}`,
  );
  const raw: RawValue = body.sample_value === undefined ? exampleOf(draft.pandora_field) : body.sample_value;
  const decision = planWrite(
    { mapping: rules, property, raw, version: 1, current: body.sample_current, state: freshState },
    { now: house.clock.now(), timeZone: workspace?.time_zone ?? "UTC" },
  );
  return toResult({
    recordId: null,
    name: null,
    url: null,
    raw,
    mapping,
    before: body.sample_current,
    state: freshState,
    outcome: decision.kind === "wait" ? { kind: "skip", reason: "no_value" } : decision,
  });
}

/** Examples are texts, as they would stand in the CRM; conditions and rounding need the number behind them. */
function exampleOf(name: string): RawValue {
  const field = findField(name);
  if (!field) return null;
  return field.value_type === "number" ? Number(field.example) : field.example;
}

async function planned(house: House, scope: ValueScope, mapping: RunMapping, item: BatchItem): Promise<TryResult> {
  const crm = await house.openCrm(scope.workspaceId, scope.crm, "waiting");
  const key = { id: item.id, property: item.property.name };
  const currents = await readCurrents(crm, scope.objectType, [key]);
  const state = await stateOf(house, scope, item);
  const read = currents.of(keyOf(key));
  if (read.kind === "error") {
    throw new AppError(read.code, { status: read.code === "record_gone" ? 404 : 409, public: reasonText(read.code) });
  }
  if (read.kind === "not_read") throw unavailable();
  const decision = item.decide(read.value, state);
  if (decision.kind === "wait") throw unavailable();
  return toResult({
    ...(await naming(house, scope, item.id)),
    raw: item.raw,
    mapping,
    before: read.value,
    state,
    outcome: decision,
  });
}

async function written(
  house: House,
  scope: ValueScope,
  mapping: RunMapping,
  item: BatchItem,
  by: string,
): Promise<TryResult> {
  const crm = await house.openCrm(scope.workspaceId, scope.crm, "waiting");
  const state = await stateOf(house, scope, item);
  const { results } = await applyBatch(
    { ...house, crm, leaseMs: house.config.leaseMs },
    { ...scope, runId: null, trigger: "test", skillRunId: null, initiatedBy: by, attempt: 0, items: [item] },
  );
  const result = results[0]!;
  if (result.kind === "deferred") {
    throw result.why === "held"
      ? new AppError("write_in_progress", {
          status: 409,
          public: "Pandora is writing this property right now. Try again in a moment.",
          retryAfterS: 5,
        })
      : unavailable();
  }
  return toResult({
    ...(await naming(house, scope, item.id)),
    raw: item.raw,
    mapping,
    before: result.current ?? null,
    state,
    outcome: outcomeOf(result),
    done: result,
  });
}

type Outcome =
  | { kind: "skip"; reason: string; detail?: string | null }
  | { kind: "write"; send: string | null; value: string | null };

function outcomeOf(result: Exclude<ItemResult, { kind: "deferred" }>): Outcome {
  if (result.kind === "written") return result.decision;
  if (result.kind === "skipped") return { kind: "skip", reason: result.reason, detail: result.detail };
  return { kind: "skip", reason: result.code, detail: result.message };
}

function toResult(given: {
  recordId: string | null;
  name: string | null;
  url: string | null;
  raw: RawValue;
  mapping: RunMapping;
  before: string | null;
  state: WriteState;
  outcome: Outcome;
  done?: Exclude<ItemResult, { kind: "deferred" }>;
}): TryResult {
  const { outcome } = given;
  const skip = outcome.kind === "skip" ? outcome : null;
  return {
    crm_record_id: given.recordId,
    record_name: given.name,
    record_url: given.url,
    raw_value: given.raw,
    value: outcome.kind === "write" ? outcome.value : null,
    decision: outcome.kind,
    reason: (skip?.reason ?? null) as TryResult["reason"],
    reason_text: skip
      ? reasonText(skip.reason, { lastWrittenAt: given.state.lastWrittenAt, because: skip.detail ?? null })
      : null,
    before: given.before,
    after: outcome.kind === "write" ? outcome.send : given.before,
    written: given.done?.kind === "written",
    log_id: given.done?.logId ?? null,
  };
}

/** The record to try: the one asked for, else any that Pandora has a value for. */
async function chooseRecord(
  house: House,
  scope: ValueScope,
  mapping: RunMapping,
  asked: string | null,
): Promise<{ recordId: string; value: RecordValue | null; timeZone: string }> {
  return house.db.withWorkspace(scope.workspaceId, async (tx) => {
    const [workspace] = await tx<
      { time_zone: string }[]
    >`select time_zone from workspaces where workspace_id = ${scope.workspaceId}`;
    const timeZone = workspace?.time_zone ?? "UTC";
    const recordId =
      asked ?? (await pageOfRecords(tx, scope, [mapping], { after: "", limit: 1, skillRunIds: null }))[0];
    if (recordId === undefined) {
      throw new AppError("no_record", {
        status: 404,
        public: "Pandora has no value for any record yet. Run the skill first, or name a record.",
      });
    }
    const [value] = await valuesOf(tx, scope, [mapping], [recordId], null);
    if (value) return { recordId, value, timeZone };
    const [unfiltered] = await valuesOf(tx, scope, [{ ...mapping, filter: {} }], [recordId], null);
    // Known, but outside the filter; a record without any value is planned as such.
    if (unfiltered) return { recordId, value: null, timeZone };
    return { recordId, value: { id: recordId, mappingId: mapping.id, raw: null, version: 0 }, timeZone };
  });
}

async function outsideFilter(house: House, scope: ValueScope, recordId: string): Promise<TryResult> {
  const named = await naming(house, scope, recordId);
  return {
    ...{
      crm_record_id: recordId,
      record_name: named.name,
      record_url: named.url,
      raw_value: null,
      value: null,
      decision: "skip",
    },
    ...{
      reason: "outside_filter",
      reason_text: reasonText("outside_filter"),
      before: null,
      after: null,
      written: false,
      log_id: null,
    },
  };
}

async function stateOf(house: House, scope: ValueScope, item: BatchItem): Promise<WriteState> {
  const states = await house.db.withWorkspace(scope.workspaceId, (tx) => readStates(tx, scope, [item.id]));
  return states.get(keyOf({ id: item.id, property: item.property.name })) ?? freshState;
}

async function naming(house: House, scope: ValueScope, recordId: string) {
  return house.db.withWorkspace(scope.workspaceId, async (tx) => {
    const names = await recordNames(tx, scope, [recordId]);
    const [connection] = await tx<
      { ui_url: string }[]
    >`select ui_url from crm_connections where workspace_id = ${scope.workspaceId} and crm = ${scope.crm}`;
    return {
      recordId,
      name: names.get(recordId) ?? null,
      url: recordLink(connection?.ui_url, scope.crm, scope.objectType, recordId),
    };
  });
}

async function propertyOf(house: House, scope: ValueScope, name: string): Promise<Property> {
  const { properties } = await crmProperties(house, scope.workspaceId, scope.crm, scope.objectType);
  const property = properties.find((one) => one.name === name);
  if (property) return property;
  throw new AppError("unknown_property", {
    status: 422,
    public: `There is no property "${name}" on ${scope.objectType} records in the CRM.`,
    errors: [{ field: "crm_property_name", code: "unknown_property", message: "is not a property of this object" }],
  });
}

function parsedDraft(draft: PreviewRequest["mapping"]) {
  try {
    return parsedRules({ ...draft, id: "00000000-0000-0000-0000-000000000000", revision: 1 });
  } catch (error) {
    throw new AppError("invalid_mapping", { status: 422, public: (error as Error).message, cause: error });
  }
}

function unavailable(): AppError {
  return new AppError("crm_unavailable", {
    status: 503,
    public: "The CRM could not be read just now. Try again in a moment.",
    retryAfterS: 10,
  });
}
