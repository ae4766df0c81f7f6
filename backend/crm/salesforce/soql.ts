/**
 * Builds SOQL. Everything that comes from outside is either checked (identifiers, ids, times) or escaped (strings), so
 * that no value can change the shape of a query. Salesforce's REST query takes no bind variables.
 */
import { CrmError } from "../errors.ts";

export type Literal =
  | { string: string }
  | { number: number }
  | { boolean: boolean }
  | { date: string }
  | { datetime: string }
  | { id: string }
  | null;

export type Condition =
  | { field: string; op: "=" | "!=" | ">" | ">=" | "<" | "<="; value: Literal }
  | { field: string; op: "in"; values: Literal[] }
  | { field: string; op: "contains"; text: string }
  | { all: Condition[] }
  | { any: Condition[] };

export type Query = {
  select: string[];
  /** Child relations, e.g. OpportunityContactRoles. */
  children?: { relation: string; select: string[] }[];
  from: string;
  where?: Condition;
  orderBy?: string[];
  limit?: number;
};

/** A whole SELECT statement.
 *  @throws CrmError unknown_property when an identifier is not one; unexpected for a malformed id, time or number */
export function soql(query: Query): string {
  const children = (query.children ?? []).map(
    (child) => `(SELECT ${child.select.map(identifier).join(", ")} FROM ${identifier(child.relation)})`,
  );
  const parts = [`SELECT ${[...query.select.map(identifier), ...children].join(", ")} FROM ${identifier(query.from)}`];
  if (query.where) parts.push(`WHERE ${condition(query.where)}`);
  if (query.orderBy?.length) parts.push(`ORDER BY ${query.orderBy.map(identifier).join(", ")}`);
  if (query.limit !== undefined) parts.push(`LIMIT ${Math.max(0, Math.trunc(query.limit))}`);
  return parts.join(" ");
}

/** A field, relation path (`Account.Name`) or object name, unchanged.
 *  @throws CrmError unknown_property */
export function identifier(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}$/.test(name) && name.length <= 200) return name;
  throw new CrmError("unknown_property", "That is not the API name of a Salesforce field.", { property: name });
}

/** A quoted, escaped string. Source: "Quoted String Escape Sequences", SOQL and SOSL Reference. */
export function soqlString(value: string): string {
  return `'${escaped(value)}'`;
}

/** A quoted LIKE pattern that matches values containing `text`, its own % and _ taken literally. */
export function soqlContains(text: string): string {
  return `'%${escaped(text).replace(/[%_]/g, (sign) => `\\${sign}`)}%'`;
}

/** True for 15 or 18 letters and digits. */
export function isRecordId(id: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id);
}

/** Splits values so that each query stays under Salesforce's URI limit (16,384 bytes; a margin is left for the rest). */
export function chunkForUrl(values: string[], bytesMax = 9_000): string[][] {
  const chunks: string[][] = [];
  let size = 0;
  for (const value of values) {
    const bytes = encodeURIComponent(soqlString(value)).length + 3;
    const open = chunks.at(-1);
    if (!open || size + bytes > bytesMax) {
      chunks.push([value]);
      size = bytes;
    } else {
      open.push(value);
      size += bytes;
    }
  }
  return chunks;
}

function condition(part: Condition): string {
  if ("all" in part) return group(part.all, "AND");
  if ("any" in part) return group(part.any, "OR");
  const field = identifier(part.field);
  if (part.op === "contains") return `${field} LIKE ${soqlContains(part.text)}`;
  if (part.op === "in") return `${field} IN (${part.values.map(literal).join(", ")})`;
  return `${field} ${part.op} ${literal(part.value)}`;
}

function group(parts: Condition[], word: "AND" | "OR"): string {
  if (parts.length === 0) throw new CrmError("unexpected", "A query condition is empty; leave it out instead.");
  return `(${parts.map(condition).join(` ${word} `)})`;
}

function literal(value: Literal): string {
  if (value === null) return "null";
  if ("string" in value) return soqlString(value.string);
  if ("boolean" in value) return value.boolean ? "true" : "false";
  if ("id" in value) {
    if (!isRecordId(value.id)) throw new CrmError("unexpected", "That is not a Salesforce record id.");
    return `'${value.id}'`;
  }
  if ("number" in value) {
    if (!Number.isFinite(value.number)) throw new CrmError("unexpected", "A query needs a finite number.");
    return plainNumber(value.number);
  }
  if ("date" in value) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value.date))
      throw new CrmError("unexpected", "A query needs a date as YYYY-MM-DD.");
    return value.date;
  }
  // Date takes a lot for a time ("today OR 1=1" among it); only ISO 8601 is meant here.
  const at = new Date(
    /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value.datetime) ? value.datetime : Number.NaN,
  );
  if (Number.isNaN(at.getTime())) throw new CrmError("unexpected", "A query needs a time in ISO 8601.");
  return at.toISOString();
}

// SOQL reads no exponents.
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 }) : text;
}

const escapes: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
};

function escaped(value: string): string {
  return value.replace(/[\\'"\n\r\t\f]/g, (sign) => escapes[sign] ?? sign).replaceAll("\b", "\\b");
}
