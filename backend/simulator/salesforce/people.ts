/** What people do in the org, past the API: edit, add, delete, merge, and change the fields themselves. */

import { type FieldType, field, type SimField } from "./field.ts";
import { with18 } from "./ids.ts";
import { asText, type Org, objectNamed, rowOf, salesforceName, tableOf } from "./org.ts";
import { deleteRow, insertRow, mergeRows, updateRow } from "./save.ts";
import { day, put, putUser } from "./seed.ts";

export type People = {
  /** What the org holds, times in ISO; null when the record is gone. `objectType`: "deal" or "Opportunity". */
  record(objectType: string, id: string): { id: string; properties: Record<string, string | null> } | null;
  edit(objectType: string, id: string, properties: Record<string, string | null>): void;
  /** Fills what the object requires. Returns the id. */
  addRecord(objectType: string, properties: Record<string, string | number | boolean | null>): string;
  remove(objectType: string, id: string): void;
  merge(objectType: string, winnerId: string, loserId: string): void;
  addField(objectType: string, name: string, type: FieldType, spec?: Partial<SimField>): void;
  removeField(objectType: string, name: string): void;
  /** New records need this field from now on. */
  requireField(objectType: string, name: string): void;
  /** @returns the user's id; an inactive one can't be given anything */
  addOwner(owner: { email: string; firstName: string; lastName: string; active: boolean }): string;
  /** A record type of opportunities that allows these stages. @returns its id */
  addRecordType(name: string, stages: string[]): string;
  /** Ids of living records, in the order they were made. */
  idsOf(objectType: string): string[];
};

export function addPeople(org: Org): People {
  const person = { by: "person" as const, request: {} };
  const object = (objectType: string) => objectNamed(org, salesforceName(objectType));
  const must = (saved: { success: boolean; errors: { message: string }[] }) => {
    if (!saved.success) throw new Error(`the simulated person's change is refused: ${saved.errors[0]?.message}`);
  };
  return {
    record(objectType, id) {
      const row = rowOf(org, object(objectType).name, id);
      if (!row || row["IsDeleted"] === true) return null;
      const properties = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]));
      return { id: with18(id), properties };
    },
    edit(objectType, id, properties) {
      must(updateRow(org, object(objectType), id, properties, person));
    },
    addRecord(objectType, properties) {
      const known = object(objectType);
      const saved = insertRow(org, known, { ...required(org, known.name), ...properties }, person);
      must(saved);
      return saved.id ?? "";
    },
    remove(objectType, id) {
      must(deleteRow(org, object(objectType), id));
    },
    merge(objectType, winnerId, loserId) {
      mergeRows(org, object(objectType), winnerId, loserId);
    },
    addField(objectType, name, type, spec = {}) {
      const known = object(objectType);
      known.fields.set(name.toLowerCase(), field(name, type, spec));
      known.describedAt = org.clock.now().getTime();
      for (const row of tableOf(org, known.name).values()) row[name] ??= type === "boolean" ? false : null;
    },
    removeField(objectType, name) {
      const known = object(objectType);
      known.fields.delete(name.toLowerCase());
      known.describedAt = org.clock.now().getTime();
    },
    requireField(objectType, name) {
      const known = object(objectType);
      const found = known.fields.get(name.toLowerCase());
      if (!found) throw new Error(`${known.name} has no field ${name}`);
      found.required = true;
      known.describedAt = org.clock.now().getTime();
    },
    addOwner: ({ firstName, lastName, email, active }) => putUser(org, firstName, lastName, email, active),
    addRecordType(name, stages) {
      const values = {
        Name: name,
        DeveloperName: name.replace(/\W/g, "_"),
        SobjectType: "Opportunity",
        IsActive: true,
      };
      const id = put(org, "RecordType", values);
      org.recordTypeStages.set(id, stages);
      return id;
    },
    idsOf: (objectType) =>
      [...tableOf(org, object(objectType).name).values()].flatMap((row) =>
        row["IsDeleted"] === true ? [] : [String(row["Id"])],
      ),
  };
}

function required(org: Org, object: string): Record<string, string> {
  const close = day(new Date(org.clock.now().getTime() + 30 * 86_400_000));
  const stage = [...tableOf(org, "OpportunityStage").values()][0]?.["ApiName"];
  const defaults: Record<string, Record<string, string>> = {
    Opportunity: { Name: "New opportunity", StageName: String(stage), CloseDate: close },
    Account: { Name: "New account" },
    Contact: { LastName: "Doe" },
    Lead: { LastName: "Doe", Company: "Doe & Co" },
  };
  return defaults[object] ?? {};
}
