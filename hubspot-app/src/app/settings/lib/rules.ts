/** Conditions and transforms, between the rows of their builders and the text the API takes. Pure. */
import type { PropertyType, ValueType } from "@pandora/hs-shared";

export type ConditionKind = "score_above" | "score_below" | "score_changed_by" | "field_is_blank";
export type StepKind = "round" | "score_label" | "truncate" | "uppercase" | "date_only";

/** A row of a builder; `number` as it was typed. */
export type Row<Kind> = { kind: Kind; number: string };
export type ConditionRow = Row<ConditionKind>;
export type StepRow = Row<StepKind>;

export const conditionKinds: ConditionKind[] = ["score_above", "score_below", "score_changed_by", "field_is_blank"];
export const stepKinds: StepKind[] = ["round", "score_label", "truncate", "uppercase", "date_only"];

export const needsNumber = (kind: ConditionKind | StepKind): boolean =>
  !["field_is_blank", "score_label", "uppercase", "date_only"].includes(kind);

export function conditionText(rows: ConditionRow[]): string | null {
  return joined(rows, " and ") || null;
}

export function conditionRows(text: string | null): ConditionRow[] {
  return split<ConditionKind>(text, /\s+and\s+/);
}

export function transformText(rows: StepRow[]): string {
  return joined(rows, " | ") || "raw";
}

export function transformRows(text: string): StepRow[] {
  return split<StepKind>(text, /\s*\|\s*/).filter((row) => (row.kind as string) !== "raw");
}

/** Which conditions make sense for a value. */
export function conditionsFor(valueType: ValueType | undefined): ConditionKind[] {
  return valueType === "number" ? conditionKinds : ["field_is_blank"];
}

/** What a value is after some steps. */
export type Becomes = ValueType | "date";

/** What a step can be applied to. */
export function stepsFor(at: Becomes | null): StepKind[] {
  if (at === "number") return stepKinds.filter((kind) => kind !== "date_only");
  if (at === "datetime") return ["date_only", "truncate", "uppercase"];
  return ["truncate", "uppercase"];
}

/** @returns what the value is before each step, and after the last; null from a step on that does not fit */
export function typesAlong(start: ValueType, rows: StepRow[]): (Becomes | null)[] {
  const along: (Becomes | null)[] = [start];
  for (const { kind } of rows) {
    const at = along.at(-1) ?? null;
    along.push(at === null || !stepsFor(at).includes(kind) ? null : after(at, kind));
  }
  return along;
}

function after(at: Becomes, kind: StepKind): Becomes {
  if (kind === "date_only") return "date";
  if (kind === "round") return at;
  return at === "long_text" ? "long_text" : "text";
}

const holds: Record<Becomes, PropertyType[]> = {
  number: ["number", "currency", "text", "textarea", "rich_text", "enum"],
  text: ["text", "textarea", "rich_text", "enum"],
  long_text: ["textarea", "rich_text", "text"],
  datetime: ["datetime", "date", "text", "textarea"],
  date: ["date", "text", "textarea"],
};

/** Whether a property of this type can hold the value once it is shaped; the server decides in the end. */
export function canHold(becomes: Becomes, type: PropertyType): boolean {
  return holds[becomes].includes(type);
}

/** History needs text. */
export function canAppend(type: PropertyType): boolean {
  return type === "text" || type === "textarea" || type === "rich_text";
}

export function isDecimal(text: string): boolean {
  return /^-?\d{1,9}(\.\d{1,6})?$/.test(text.trim());
}

function joined(rows: Row<ConditionKind | StepKind>[], glue: string): string {
  return rows.map(({ kind, number }) => (needsNumber(kind) ? `${kind}:${number.trim()}` : kind)).join(glue);
}

function split<Kind extends string>(text: string | null, glue: RegExp): Row<Kind>[] {
  if (!text?.trim()) return [];
  return text
    .trim()
    .split(glue)
    .map((part) => {
      const [kind = "", number = ""] = part.split(":");
      return { kind: kind as Kind, number };
    });
}
