/** Runs a parsed query over the org's rows. */

import type { SimField, SimObject } from "./field.ts";
import { looksLikeId, with18 } from "./ids.ts";
import { ApiError, type Org, type Row, rowOf, tableOf } from "./org.ts";
import type { SoqlCondition, SoqlQuery, SoqlValue } from "./soql-parse.ts";
import type { Stored } from "./values.ts";

/** Matching rows in order, and how to show one. @param all deleted rows too (queryAll) */
export function runSoql(
  org: Org,
  query: SoqlQuery,
  all: boolean,
): { rows: Row[]; show: (row: Row) => Record<string, unknown> } {
  const object = objectOf(org, query.from);
  const fields = query.fields.map((path) => pathOf(org, object, path));
  const children = query.children.map((child) => childOf(org, object, child));
  const matches = query.where ? compile(org, object, query.where) : () => true;
  const rows: Row[] = [];
  for (const row of tableOf(org, object.name).values()) {
    if ((all || row["IsDeleted"] !== true) && matches(row)) rows.push(row);
  }
  const order = query.orderBy.map(({ field, descending }) => ({
    path: pathOf(org, object, field),
    sign: descending ? -1 : 1,
  }));
  if (order.length > 0) {
    rows.sort((a, b) => {
      for (const { path, sign } of order) {
        const result = compare(path.read(a), path.read(b));
        if (result !== 0) return result * sign;
      }
      return 0;
    });
  }
  const end = query.limit === null ? undefined : query.offset + query.limit;
  return { rows: rows.slice(query.offset, end), show };

  function show(row: Row): Record<string, unknown> {
    const shown: Record<string, unknown> = { attributes: attributes(object.name, row) };
    for (const path of fields) path.put(shown, row);
    for (const child of children) shown[child.relation] = child.rows(row);
    return shown;
  }
}

export function attributes(type: string, row: Row): { type: string; url: string } {
  return { type, url: `/services/data/v68.0/sobjects/${type}/${String(row["Id"])}` };
}

type Path = { field: SimField; read: (row: Row) => Stored; put: (shown: Record<string, unknown>, row: Row) => void };

function objectOf(org: Org, name: string): SimObject {
  const found = [...org.objects.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (found) return found;
  throw new ApiError(400, "INVALID_TYPE", `sObject type '${name}' is not supported.`);
}

function pathOf(org: Org, object: SimObject, path: string): Path {
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  let at = object;
  const steps: { shown: string; field: string; object: string }[] = [];
  for (const part of parts) {
    const name = part.endsWith("__r") ? part.replace(/__r$/, "__c") : `${part}Id`;
    const reference = at.fields.get(name.toLowerCase());
    if (!reference?.referenceTo)
      throw new ApiError(400, "INVALID_FIELD", `Didn't understand relationship '${part}' in field path.`);
    steps.push({ shown: part, field: reference.name, object: reference.referenceTo });
    at = objectOf(org, reference.referenceTo);
  }
  const field = at.fields.get(last.toLowerCase());
  if (!field?.visible) throw noSuchColumn(path, at.name);
  const target = (row: Row) => {
    let current: Row | undefined = row;
    for (const step of steps) current = current ? rowOf(org, step.object, current[step.field]) : undefined;
    return current;
  };
  return {
    field,
    read: (row) => target(row)?.[field.name] ?? null,
    put: (shown, row) => {
      let into = shown;
      let current: Row | undefined = row;
      for (const step of steps) {
        current = current ? rowOf(org, step.object, current[step.field]) : undefined;
        if (!current) {
          into[step.shown] = null;
          return;
        }
        into[step.shown] ??= { attributes: attributes(step.object, current) };
        into = into[step.shown] as Record<string, unknown>;
      }
      into[field.name] = current?.[field.name] ?? null;
    },
  };
}

const relations: Record<string, { object: string; field: string }> = {
  opportunitycontactroles: { object: "OpportunityContactRole", field: "OpportunityId" },
  contacts: { object: "Contact", field: "AccountId" },
  eventrelations: { object: "EventRelation", field: "EventId" },
  opportunities: { object: "Opportunity", field: "AccountId" },
};

function childOf(org: Org, parent: SimObject, query: SoqlQuery) {
  const relation = relations[query.from.toLowerCase()];
  const field = relation && org.objects.get(relation.object)?.fields.get(relation.field.toLowerCase());
  if (!relation || field?.referenceTo !== parent.name) {
    throw new ApiError(
      400,
      "INVALID_TYPE",
      `Didn't understand relationship '${query.from}' in FROM part of query call.`,
    );
  }
  const { rows, show } = runSoql(org, { ...query, from: relation.object }, false);
  // Grouped once: a scan per parent would make a page of 2,000 slow.
  const byParent = Map.groupBy(rows, (row) => row[relation.field]);
  return {
    relation: query.from,
    rows: (row: Row) => {
      const own = byParent.get(row["Id"] ?? null) ?? [];
      return own.length === 0 ? null : { totalSize: own.length, done: true, records: own.map(show) };
    },
  };
}

function compile(org: Org, object: SimObject, condition: SoqlCondition): (row: Row) => boolean {
  switch (condition.kind) {
    case "and": {
      const parts = condition.parts.map((part) => compile(org, object, part));
      return (row) => parts.every((part) => part(row));
    }
    case "or": {
      const parts = condition.parts.map((part) => compile(org, object, part));
      return (row) => parts.some((part) => part(row));
    }
    case "not": {
      const part = compile(org, object, condition.part);
      return (row) => !part(row);
    }
    case "in": {
      const path = filterable(org, object, condition.field);
      const fold = folding(path.field);
      const wanted = new Set(condition.values.map((value) => fold(operand(path.field, value))));
      return (row) => wanted.has(fold(path.read(row))) !== condition.not;
    }
    case "compare":
      return comparison(filterable(org, object, condition.field), condition.op, condition.value);
    default:
      return condition satisfies never;
  }
}

function filterable(org: Org, object: SimObject, name: string): Path {
  const path = pathOf(org, object, name);
  if (path.field.filterable) return path;
  throw new ApiError(400, "INVALID_FIELD", `field '${path.field.name}' can not be filtered in a query call`);
}

function comparison(path: Path, op: string, given: SoqlValue): (row: Row) => boolean {
  if (op === "like") {
    const pattern = likePattern(String(given?.value ?? ""));
    return (row) => pattern.test(String(path.read(row) ?? ""));
  }
  const wanted = operand(path.field, given);
  const fold = folding(path.field);
  const sought = fold(wanted);
  if (op === "=") return (row) => fold(path.read(row)) === sought;
  if (op === "!=" || op === "<>") return (row) => fold(path.read(row)) !== sought;
  return (row) => {
    const value = path.read(row);
    if (value === null || wanted === null) return false;
    const result = compare(value, wanted);
    return op === "<" ? result < 0 : op === ">" ? result > 0 : op === "<=" ? result <= 0 : result >= 0;
  };
}

/** The value in stored form, refused when its type is not the field's. */
function operand(field: SimField, given: SoqlValue): Stored {
  if (given === null) return null;
  const need = neededKind(field);
  if (given.kind !== need) {
    const quotes =
      need === "string"
        ? "must be of type string and should be enclosed in quotes"
        : `must be of type ${field.type} and should not be enclosed in quotes`;
    throw new ApiError(400, "INVALID_FIELD", `value of filter criterion for field '${field.name}' ${quotes}`);
  }
  if (need === "datetime") return new Date(String(given.value)).toISOString().replace("Z", "+0000");
  if (need === "string") {
    const text = String(given.value).replaceAll("\\\\", "\\").replaceAll("\\%", "%").replaceAll("\\_", "_");
    if (field.type !== "id" && field.type !== "reference") return text;
    if (looksLikeId(text)) return with18(text);
    throw new ApiError(400, "INVALID_QUERY_FILTER_OPERATOR", `invalid ID field: ${text}`);
  }
  return given.value;
}

function neededKind(field: SimField): string {
  if (["double", "int", "percent", "currency"].includes(field.type)) return "number";
  return ["boolean", "date", "datetime"].includes(field.type) ? field.type : "string";
}

/** SOQL compares text without regard to letter case; ids keep theirs. */
function folding(field: SimField): (value: Stored) => Stored {
  if (field.type === "id" || field.type === "reference") return (value) => value;
  return (value) => (typeof value === "string" ? value.toLowerCase() : value);
}

function compare(one: Stored, other: Stored): number {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
}

function likePattern(text: string): RegExp {
  const parts = text.match(/\\\\|\\%|\\_|%|_|[^%_\\]+|\\/g) ?? [];
  const source = parts.map((part) => {
    if (part === "%") return "[\\s\\S]*";
    if (part === "_") return "[\\s\\S]";
    return (part.startsWith("\\") && part.length > 1 ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "i");
}

function noSuchColumn(path: string, object: string): ApiError {
  const words = `\nERROR at Row:1:Column:1\nNo such column '${path}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`;
  return new ApiError(400, "INVALID_FIELD", words);
}
