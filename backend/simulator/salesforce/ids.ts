/** Salesforce record ids: three characters for the object, 15 in all, 18 with the check characters that survive a change of letter case. */

export const keyPrefixes: Record<string, string> = {
  Account: "001",
  Contact: "003",
  User: "005",
  Opportunity: "006",
  Lead: "00Q",
  Task: "00T",
  Event: "00U",
  EventRelation: "0RE",
  OpportunityContactRole: "00K",
  OpportunityHistory: "008",
  TaskStatus: "01T",
  OpportunityStage: "01J",
  Organization: "00D",
  RecordType: "012",
  PermissionSet: "0PS",
  PermissionSetAssignment: "0Pa",
  FieldPermissions: "01k",
  CustomField: "00N",
  CurrencyType: "01L",
  Job: "750",
};

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The `n`th id of an object, 18 characters. */
export function makeId(objectType: string, n: number): string {
  let rest = "";
  for (let value = n; value > 0; value = Math.floor(value / 62)) rest = digits[value % 62] + rest;
  return with18(`${keyPrefixes[objectType] ?? "a00"}5g00000${rest.padStart(5, "0")}`.slice(0, 15));
}

/** Adds the check characters to 15; 18 stay as they are. */
export function with18(id: string): string {
  if (id.length !== 15) return id;
  let suffix = "";
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at += 1) if (/[A-Z]/.test(id[block + at] ?? "")) bits |= 1 << at;
    suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits];
  }
  return id + suffix;
}

export function looksLikeId(id: unknown): id is string {
  return typeof id === "string" && /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id);
}

/** Ids sort by their characters' places in 0-9A-Za-z, which is the order of character codes. */
export function compareIds(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
