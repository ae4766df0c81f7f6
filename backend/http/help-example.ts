/**
 * An example in a guide: JSON in a fenced block of language `example`, played through the real planner when the page is
 * made. Each step is an analysis of the same record; what one step writes is what the CRM holds at the next.
 */

import { z } from "zod";
import type { PropertyType } from "../contract/common.ts";
import { mappingDraft } from "../contract/mappings.ts";
import { reasonText } from "../contract/reasons.ts";
import type { Property } from "../crm/port.ts";
import { findField } from "../skills/fields.ts";
import { parseCondition } from "../writeback/condition.ts";
import { type PlanRules, planWrite } from "../writeback/plan.ts";
import { parseTransform } from "../writeback/transform.ts";
import { freshState, type WriteState } from "../writes/planned.ts";

const example = z.strictObject({
  field: z.string(),
  property: z.strictObject({ label: z.string(), type: z.string(), lengthMax: z.number().optional() }),
  mapping: z.record(z.string(), z.unknown()).default({}),
  /** What stands in the CRM at first. */
  current: z.string().nullable().default(null),
  steps: z.array(
    z.strictObject({
      on: z.iso.date(),
      value: z.union([z.number(), z.string(), z.null()]),
      /** Someone edits the CRM before this step. */
      edited: z.string().nullable().optional(),
    }),
  ),
});

/** @throws Error naming the guide when the example is malformed */
export function exampleHtml(source: string, guide: string): string {
  const parsed = example.safeParse(JSON.parse(source));
  if (!parsed.success) throw new Error(`help/${guide}.md has a malformed example: ${parsed.error.message}`);
  const { property, mapping } = parsed.data;
  const rules = Object.entries(mapping).map(([name, value]) => `<code>${name}: ${escaped(String(value))}</code>`);
  const rows = playExample(parsed.data).map(
    (row) =>
      `<tr><td class="day">${row.on}</td><td>${cell(row.value)}</td><td>${cell(row.before)}</td><td>${cell(row.after)}<small>${escaped(row.says)}</small></td></tr>`,
  );
  return `<p>${rules.join(" ") || "Defaults"}, into <b>${escaped(property.label)}</b> (${property.type}):</p>
<table><tr><th>analysed on</th><th>Pandora's value</th><th>in the CRM before</th><th>and after</th></tr>${rows.join("")}</table>`;
}

export type ExampleRow = {
  on: string;
  value: string | null;
  before: string | null;
  after: string | null;
  says: string;
};

/** Plays an example step by step. */
export function playExample(given: z.infer<typeof example>): ExampleRow[] {
  const field = findField(given.field);
  if (!field) throw new Error(`there is no field ${given.field}`);
  const property = propertyOf(given.property);
  const rules = rulesOf(given);
  let current = given.current;
  let state: WriteState = freshState;
  return given.steps.map((step, n) => {
    if (step.edited !== undefined) current = step.edited;
    const before = current;
    const now = new Date(`${step.on}T09:00:00Z`);
    const item = { mapping: rules, property, raw: step.value, version: n + 1, current, state };
    const decision = planWrite(item, { now, timeZone: "UTC" });
    const value = step.value === null ? null : String(step.value);
    if (decision.kind !== "write") {
      const reason = decision.kind === "skip" ? decision.reason : "no_value";
      const facts = { lastWrittenAt: state.lastWrittenAt, condition: given.mapping.write_condition as string };
      return { on: step.on, value, before, after: before, says: reasonText(reason, facts) };
    }
    current = decision.send;
    state = {
      ...state,
      written: true,
      lastRaw: step.value,
      lastWritten: decision.send,
      lastWrittenAt: now,
      entries: decision.entries,
      lastVersion: n + 1,
    };
    return { on: step.on, value, before, after: current, says: "Written" };
  });
}

function rulesOf(given: z.infer<typeof example>): PlanRules {
  const draft = mappingDraft.parse({
    pandora_field: given.field,
    crm_object_type: "deal",
    crm_property_name: "example",
    ...given.mapping,
  });
  const condition = parseCondition(draft.write_condition);
  const transform = parseTransform(draft.value_transform);
  if (!condition.ok) throw new Error(condition.message);
  if (!transform.ok) throw new Error(transform.message);
  return {
    id: "example",
    revision: 1,
    writeMode: draft.write_mode,
    separator: draft.append_separator,
    timestampFormat: draft.append_timestamp_format,
    maxEntries: draft.append_max_entries,
    conditions: condition.conditions,
    steps: transform.steps,
    keepHumanEdits: draft.keep_human_edits,
    skipRead: draft.skip_read,
    whenEmpty: draft.when_empty,
  };
}

function propertyOf(given: { label: string; type: string; lengthMax?: number }): Property {
  return {
    name: "example",
    label: given.label,
    type: given.type as PropertyType,
    crmFieldType: given.type,
    description: "",
    group: null,
    custom: true,
    writable: true,
    readOnlyReason: null,
    hidden: false,
    unique: false,
    lengthMax: given.lengthMax ?? null,
    scale: null,
    precision: null,
    options: [],
    restricted: false,
  };
}

function cell(text: string | null): string {
  return text === null || text === "" ? "<i>blank</i>" : `<pre>${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
