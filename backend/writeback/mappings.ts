/** Mappings: make, list, change, delete; each checked against the registry and the CRM before it is saved. */
import { randomUUID } from "node:crypto";
import { raiseAlert, resolveAlert } from "../connections/alerts.ts";
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { CrmType, ListOf, ObjectType } from "../contract/common.ts";
import { type Mapping, type MappingDraft, type MappingPatch, mappingDraft } from "../contract/mappings.ts";
import type { Property } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { checkMapping, refusal } from "./mapping-check.ts";
import { lockMapping, type MappingRow, otherMappings, readMappings } from "./mapping-rows.ts";
import { type MappingRules, mappingConflicts, propertyTaken } from "./mapping-rules.ts";
import { dropSchedule, keepSchedule } from "./mapping-schedules.ts";

/** Mappings with their last results, oldest first. */
export async function listMappings(
  house: Pick<House, "db">,
  workspaceId: string,
  query: { crm?: CrmType; objectType?: ObjectType; withDeleted?: boolean } = {},
): Promise<ListOf<Mapping>> {
  const items = await house.db.withWorkspace(workspaceId, (tx) => readMappings(tx, workspaceId, query));
  return { items, next_cursor: null };
}

/** @throws AppError not_found (404), also for one that was deleted */
export async function getMapping(house: Pick<House, "db">, workspaceId: string, id: string): Promise<Mapping> {
  const [found] = await house.db.withWorkspace(workspaceId, (tx) => readMappings(tx, workspaceId, { ids: [id] }));
  if (!found) throw notFound("mapping");
  return found;
}

/**
 * Saves a new mapping.
 * @throws AppError invalid_mapping (422, every fault named), property_taken | duplicate_mapping (409)
 */
export async function createMapping(
  house: House,
  workspaceId: string,
  draft: MappingDraft,
  by: string,
): Promise<Mapping> {
  const crm = await whichCrm(house, workspaceId, draft.crm_type, "crm_type");
  const [saved] = await saveMappings(house, workspaceId, [{ ...draft, crm_type: crm }], by);
  return saved as Mapping;
}

/** Saves several new mappings, all or none. @throws as createMapping, for the first one that can't be saved */
export async function saveMappings(
  house: House,
  workspaceId: string,
  drafts: MappingRules[],
  by: string,
): Promise<Mapping[]> {
  const checked: { id: string; rules: MappingRules; property: Property }[] = [];
  for (const rules of drafts) {
    checked.push({ id: randomUUID(), rules, property: await checkMapping(house, workspaceId, rules, null) });
  }
  const names = drafts.map((draft) => draft.crm_property_name).join(", ");
  return withWriterConflict(names, () =>
    house.db.withWorkspace(workspaceId, async (tx) => {
      await assertNoConflict(tx, workspaceId, drafts);
      for (const { id, rules, property } of checked) {
        await tx`insert into crm_property_mappings ${tx({
          workspace_id: workspaceId,
          id,
          crm_type: rules.crm_type,
          pandora_field: rules.pandora_field,
          crm_object_type: rules.crm_object_type,
          ...columns(tx, rules, property),
          created_by: by,
          created_at: house.clock.now(),
          updated_at: house.clock.now(),
        })}`;
        await keepSchedule(tx, house, workspaceId, id, rules);
        await trace(tx, house, workspaceId, by, "mapping.created", id, { rules });
      }
      const saved = await readMappings(tx, workspaceId, { ids: checked.map((one) => one.id) });
      return checked.map(({ id }) => saved.find((one) => one.id === id) as Mapping);
    }),
  );
}

/**
 * Changes a mapping. Rules are checked anew whenever they change or the mapping is switched on; pausing always works.
 * @throws as createMapping, and not_found (404)
 */
export async function patchMapping(
  house: House,
  workspaceId: string,
  id: string,
  patch: MappingPatch,
  by: string,
): Promise<Mapping> {
  const before = await house.db.withWorkspace(workspaceId, (tx) => lockMapping(tx, workspaceId, id));
  if (!before) throw notFound("mapping");
  const { request_id: _id, confirm_duplicate, status, ...changes } = patch;
  const rules = rulesAfter(before, changes, status, confirm_duplicate);
  const changed = Object.keys(changes).length > 0;
  const switchesOn = rules.status === "active" && before.status !== "active";
  const property = changed || switchesOn ? await checkMapping(house, workspaceId, rules, id) : null;
  return withWriterConflict(rules.crm_property_name, () =>
    house.db.withWorkspace(workspaceId, async (tx) => {
      const now = await lockMapping(tx, workspaceId, id);
      if (!now) throw notFound("mapping");
      if (now.revision !== before.revision) throw changedMeanwhile();
      const kept = property ? columns(tx, rules, property) : { status: rules.status };
      await tx`
        update crm_property_mappings set ${tx({
          ...kept,
          status_reason: rules.status === before.status ? before.status_reason : null,
          revision: before.revision + (changed || switchesOn ? 1 : 0),
          updated_at: house.clock.now(),
        })}
        where workspace_id = ${workspaceId} and id = ${id}`;
      await keepSchedule(tx, house, workspaceId, id, rules);
      if (property) await resolveAlert(tx, workspaceId, house.clock.now(), brokenMatter(id));
      await trace(tx, house, workspaceId, by, "mapping.changed", id, { changes: { ...changes, status } });
      return shown(tx, workspaceId, id);
    }),
  );
}

/** Soft: its history stays, and the same mapping can be made again. */
export async function deleteMapping(house: House, workspaceId: string, id: string, by: string): Promise<void> {
  await house.db.withWorkspace(workspaceId, async (tx) => {
    const now = house.clock.now();
    const rows = await tx`
      update crm_property_mappings
      set is_active = false, deleted_at = ${now}, updated_at = ${now}, revision = revision + 1
      where workspace_id = ${workspaceId} and id = ${id} and deleted_at is null returning id`;
    if (rows.length === 0) throw notFound("mapping");
    await dropSchedule(tx, workspaceId, id);
    await resolveAlert(tx, workspaceId, now, brokenMatter(id));
    await trace(tx, house, workspaceId, by, "mapping.deleted", id, {});
  });
}

/**
 * Stops the mappings of a property that is gone or can't be written any more, and tells the admins once.
 * @param because in words, for the admin
 * @returns the mappings that were stopped
 */
export async function markBroken(
  tx: Tx,
  workspaceId: string,
  at: Date,
  target: { crm: CrmType; objectType: ObjectType; property: string; because: string },
): Promise<string[]> {
  const rows = await tx<{ id: string; label: string }[]>`
    update crm_property_mappings
    set status = 'broken', status_reason = ${target.because}, updated_at = ${at}, revision = revision + 1
    where workspace_id = ${workspaceId} and crm_type = ${target.crm} and crm_object_type = ${target.objectType}
      and crm_property_name = ${target.property} and deleted_at is null and status <> 'broken'
    returning id, crm_property_label as label`;
  for (const { id, label } of rows) {
    await dropSchedule(tx, workspaceId, id);
    await raiseAlert(tx, workspaceId, at, {
      ...brokenMatter(id),
      message: `The mapping to "${label}" is stopped: ${target.because} Choose another property or create it again.`,
      detail: { crm: target.crm, object_type: target.objectType, property: target.property },
    });
  }
  return rows.map((row) => row.id);
}

/** The unique index has the last word when two admins save at once: the same refusal as for the slower one. */
async function withWriterConflict<T>(names: string, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    const { code, constraint_name } = error as { code?: string; constraint_name?: string };
    if (code === "23505" && constraint_name === "crm_property_mappings_writer")
      throw refusal([propertyTaken(names, null)]);
    throw error;
  }
}

/** Asked again one save at a time: two admins who send the same mapping at once must not make a twin unconfirmed. */
async function assertNoConflict(tx: Tx, workspaceId: string, drafts: MappingRules[]): Promise<void> {
  await tx`select 1 from workspaces where workspace_id = ${workspaceId} for no key update`;
  const others = await otherMappings(tx, workspaceId, null);
  const faults = drafts.flatMap((draft) => mappingConflicts(draft, others));
  if (faults.length > 0) throw refusal(faults);
}

function rulesAfter(
  before: MappingRow,
  changes: Omit<MappingPatch, "request_id" | "confirm_duplicate" | "status">,
  status: "active" | "paused" | undefined,
  confirmDuplicate: boolean | undefined,
): MappingRules {
  const fixed = mappingDraft.keyof().options.filter((key) => key in before) as (keyof MappingRow)[];
  const current = Object.fromEntries(fixed.map((key) => [key, before[key]])) as unknown as MappingRules;
  const leavesSchedule = changes.sync_trigger !== undefined && changes.sync_trigger !== "scheduled";
  return {
    ...current,
    ...(leavesSchedule ? { schedule: null } : {}),
    ...changes,
    // Repairing a broken mapping switches it on; what was paused stays so until someone says otherwise.
    status: status ?? (before.status === "paused" ? "paused" : "active"),
    // It stands beside its twin already: asked when it was made.
    confirm_duplicate: confirmDuplicate ?? true,
  };
}

function columns(tx: Tx, rules: MappingRules, property: Property) {
  return {
    crm_property_name: property.name,
    crm_property_label: property.label,
    crm_field_type: property.crmFieldType,
    sync_trigger: rules.sync_trigger,
    schedule: rules.schedule?.trim() ?? null,
    write_mode: rules.write_mode,
    append_separator: rules.append_separator,
    append_timestamp_format: rules.append_timestamp_format,
    append_max_entries: rules.append_max_entries,
    write_condition: rules.write_condition?.trim() || null,
    value_transform: rules.value_transform,
    keep_human_edits: rules.keep_human_edits,
    skip_read: rules.skip_read,
    when_empty: rules.when_empty,
    record_filter: tx.json(rules.record_filter),
    status: rules.status,
  };
}

function trace(tx: Tx, house: House, workspaceId: string, by: string, action: string, id: string, detail: object) {
  return recordAudit(tx, workspaceId, house.clock.now(), { actor: by, action, subject: id, detail: { ...detail } });
}

async function shown(tx: Tx, workspaceId: string, id: string): Promise<Mapping> {
  const [found] = await readMappings(tx, workspaceId, { ids: [id] });
  if (!found) throw notFound("mapping");
  return found;
}

function brokenMatter(id: string) {
  return { kind: "mapping_broken", subject: id };
}

function changedMeanwhile(): AppError {
  return new AppError("changed_meanwhile", {
    status: 409,
    public: "Someone else changed this mapping at the same moment. Look at it again, then save.",
  });
}
