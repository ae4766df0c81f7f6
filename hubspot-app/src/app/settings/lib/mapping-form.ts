/** What the editor holds while a mapping is made or changed, and what it sends. Pure. */
import type {
  CrmProperty,
  Mapping,
  ObjectType,
  PandoraField,
  SyncTrigger,
  TimestampFormat,
  WriteMode,
} from "@pandora/hs-shared";
import type { Draft, Patch } from "../api/mappings.ts";
import type { SettingsWords } from "../words/index.ts";
import {
  type ConditionRow,
  canAppend,
  canHold,
  conditionRows,
  conditionText,
  isDecimal,
  needsNumber,
  type StepRow,
  transformRows,
  transformText,
  typesAlong,
} from "./rules.ts";
import { cronOf, looksLikeCron, type Schedule, scheduleOf, usualSchedule } from "./schedule.ts";

export type SeparatorChoice = "rule" | "blank" | "line" | "own";

export type MappingForm = {
  objectType: ObjectType;
  field: string;
  property: string;
  mode: WriteMode;
  keepsHumans: boolean;
  clearsEmpty: boolean;
  skipsRead: boolean;
  separator: SeparatorChoice;
  separatorOwn: string;
  stamp: TimestampFormat;
  maxEntries: string;
  conditions: ConditionRow[];
  steps: StepRow[];
  trigger: SyncTrigger;
  schedule: Schedule;
  openDeals: boolean;
  pipelines: string[];
  owners: string[];
};

const separators: Record<Exclude<SeparatorChoice, "own">, string> = { rule: "\n---\n", blank: "\n\n", line: "\n" };

/** What is proposed: keep what people changed, open deals only. */
export function newForm(): MappingForm {
  return {
    ...{ objectType: "deal", field: "", property: "", mode: "overwrite", keepsHumans: true, clearsEmpty: false },
    ...{ skipsRead: false, separator: "rule", separatorOwn: "", stamp: "prefix", maxEntries: "", conditions: [] },
    ...{ steps: [], trigger: "after_skill_run", schedule: usualSchedule, openDeals: true, pipelines: [], owners: [] },
  };
}

export function formOf(mapping: Mapping): MappingForm {
  const known = Object.entries(separators).find(([, text]) => text === mapping.append_separator)?.[0];
  return {
    objectType: mapping.crm_object_type,
    field: mapping.pandora_field,
    property: mapping.crm_property_name,
    mode: mapping.write_mode,
    keepsHumans: mapping.keep_human_edits,
    clearsEmpty: mapping.when_empty === "clear",
    skipsRead: mapping.skip_read,
    separator: (known as SeparatorChoice | undefined) ?? "own",
    separatorOwn: known ? "" : mapping.append_separator,
    stamp: mapping.append_timestamp_format,
    maxEntries: mapping.append_max_entries === null ? "" : String(mapping.append_max_entries),
    conditions: conditionRows(mapping.write_condition),
    steps: transformRows(mapping.value_transform),
    trigger: mapping.sync_trigger,
    schedule: scheduleOf(mapping.schedule),
    openDeals: mapping.record_filter.open_deals ?? false,
    pipelines: mapping.record_filter.pipelines ?? [],
    owners: mapping.record_filter.owners ?? [],
  };
}

export function appends(mode: WriteMode): boolean {
  return mode === "append" || mode === "append_if_changed";
}

/** What does not belong to the mode or the object is sent at its default: it is not on the screen either. */
export function draftOf(form: MappingForm): Draft {
  const replaces = form.mode === "overwrite";
  const isDeal = form.objectType === "deal";
  return {
    pandora_field: form.field,
    crm_object_type: form.objectType,
    crm_property_name: form.property,
    sync_trigger: form.trigger,
    schedule: form.trigger === "scheduled" ? cronOf(form.schedule) : null,
    write_mode: form.mode,
    append_separator: form.separator === "own" ? form.separatorOwn : separators[form.separator],
    append_timestamp_format: form.stamp,
    append_max_entries: appends(form.mode) && form.maxEntries.trim() !== "" ? Number(form.maxEntries) : null,
    write_condition: conditionText(form.conditions),
    value_transform: transformText(form.steps),
    keep_human_edits: replaces && !form.skipsRead && form.keepsHumans,
    skip_read: replaces && form.skipsRead,
    when_empty: replaces && !form.skipsRead && form.clearsEmpty ? "clear" : "keep",
    record_filter: {
      ...(isDeal && form.openDeals ? { open_deals: true } : {}),
      ...(isDeal && form.pipelines.length > 0 ? { pipelines: form.pipelines } : {}),
      ...(form.owners.length > 0 ? { owners: form.owners } : {}),
    },
  };
}

export function patchOf(form: MappingForm): Patch {
  const { pandora_field: _field, crm_object_type: _object, ...rest } = draftOf(form);
  return rest;
}

/** By the API's names, so that the server's faults find the same places. */
export type Faults = Record<string, string>;

export function faultsOf(
  form: MappingForm,
  known: { field: PandoraField | undefined; property: CrmProperty | undefined },
  words: SettingsWords,
): Faults {
  const faults: Faults = {};
  const say = (place: string, message: string) => {
    faults[place] ??= message;
  };
  const said = words.editor;
  if (!form.field) say("pandora_field", said.choose.field);
  if (!form.property) say("crm_property_name", said.choose.property);
  form.conditions.forEach(({ kind, number }, at) => {
    if (needsNumber(kind) && !isDecimal(number))
      say(`write_condition.${at}`, words.numberBetween(-999_999_999, 999_999_999));
    if (kind === "score_changed_by" && Number(number) < 0)
      say(`write_condition.${at}`, words.numberBetween(0, 999_999_999));
    if (kind === "field_is_blank" && form.skipsRead && form.mode === "overwrite") {
      say(`write_condition.${at}`, said.faults["needs_read"] ?? "");
    }
  });
  stepFaults(form, known, words, say);
  if (known.property && appends(form.mode) && !canAppend(known.property.type)) say("write_mode", said.appendNeedsText);
  if (appends(form.mode)) {
    if (form.separator === "own" && form.separatorOwn === "") say("append_separator", words.required);
    if (form.separator === "own" && form.separatorOwn.length > 50) say("append_separator", words.tooLong(50));
    if (form.maxEntries.trim() !== "" && !isWhole(form.maxEntries, 1, 1000)) {
      say("append_max_entries", words.wholeBetween(1, 1000));
    }
  }
  if (form.trigger === "scheduled" && form.schedule.every === "cron" && !looksLikeCron(form.schedule.cron)) {
    say("schedule", said.cronFault);
  }
  return faults;
}

function stepFaults(
  form: MappingForm,
  { field, property }: { field: PandoraField | undefined; property: CrmProperty | undefined },
  words: SettingsWords,
  say: (place: string, message: string) => void,
): void {
  const { transforms } = words.editor;
  form.steps.forEach(({ kind, number }, at) => {
    if (kind === "round" && !isWhole(number, 0, 12)) say(`value_transform.${at}`, words.wholeBetween(0, 12));
    if (kind === "truncate" && !isWhole(number, 1, 999_999))
      say(`value_transform.${at}`, words.wholeBetween(1, 999_999));
  });
  if (!field) return;
  const along = typesAlong(field.value_type, form.steps);
  form.steps.forEach((_step, at) => {
    if (along[at + 1] === null) say(`value_transform.${at}`, transforms.notForType);
  });
  const becomes = along.at(-1);
  if (!property || !becomes || form.steps.length === 0 || canHold(becomes, property.type)) return;
  const kind = becomes === "date" || becomes === "number" ? becomes : "text";
  say("value_transform", transforms.doesNotFit(transforms.becomes[kind], property.label));
}

export function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;
}
