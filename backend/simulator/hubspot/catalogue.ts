/** Objects and property definitions in the wire's shape. */
/** Objects by their plural name, the one HubSpot's paths use. */
export type HsObjectType = "deals" | "companies" | "contacts" | "notes" | "calls" | "meetings" | "tasks";

export type HsOption = { label: string; value: string; hidden: boolean; displayOrder: number; description: string };

export type HsProperty = {
  name: string;
  label: string;
  type: string;
  fieldType: string;
  description: string;
  groupName: string;
  options: HsOption[];
  displayOrder: number;
  calculated: boolean;
  externalOptions: boolean;
  referencedObjectType?: string;
  hasUniqueValue: boolean;
  hidden: boolean;
  hubspotDefined: boolean;
  formField: boolean;
  showCurrencySymbol?: boolean;
  archived: boolean;
  createdAt: string;
  updatedAt: string;
  modificationMetadata: {
    archivable: boolean;
    readOnlyDefinition: boolean;
    readOnlyOptions?: boolean;
    readOnlyValue: boolean;
  };
};

/** Object names and type ids a path may use. */
export const objectNames: Record<string, HsObjectType> = {
  deals: "deals",
  deal: "deals",
  "0-3": "deals",
  companies: "companies",
  company: "companies",
  "0-2": "companies",
  contacts: "contacts",
  contact: "contacts",
  "0-1": "contacts",
  notes: "notes",
  note: "notes",
  "0-46": "notes",
  calls: "calls",
  call: "calls",
  "0-48": "calls",
  meetings: "meetings",
  meeting: "meetings",
  "0-47": "meetings",
  tasks: "tasks",
  task: "tasks",
  "0-27": "tasks",
};

export const objectTypeIds: Record<HsObjectType, string> = {
  contacts: "0-1",
  companies: "0-2",
  deals: "0-3",
  tasks: "0-27",
  notes: "0-46",
  meetings: "0-47",
  calls: "0-48",
};

/** The modification date has another name on contacts. */
export function modifiedProperty(type: HsObjectType): string {
  return type === "contacts" ? "lastmodifieddate" : "hs_lastmodifieddate";
}

export const singular: Record<HsObjectType, string> = {
  deals: "deal",
  companies: "company",
  contacts: "contact",
  notes: "note",
  calls: "call",
  meetings: "meeting",
  tasks: "task",
};
