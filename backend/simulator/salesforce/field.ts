/** One field of a simulated object. */

export type FieldType =
  | "id"
  | "reference"
  | "string"
  | "textarea"
  | "richtext"
  | "email"
  | "phone"
  | "url"
  | "double"
  | "int"
  | "percent"
  | "currency"
  | "boolean"
  | "date"
  | "datetime"
  | "picklist"
  | "multipicklist";

export type SimField = {
  name: string;
  label: string;
  type: FieldType;
  /** Characters. */
  length: number;
  precision: number;
  scale: number;
  writable: boolean;
  /** Writable at insert only (OpportunityId of a contact role). */
  createOnly: boolean;
  required: boolean;
  calculated: boolean;
  custom: boolean;
  unique: boolean;
  restricted: boolean;
  filterable: boolean;
  options: string[];
  referenceTo: string | null;
  helpText: string | null;
  /** Seen by the connected user; a new custom field is not until it has field-level security. */
  visible: boolean;
};

export type SimObject = { name: string; fields: Map<string, SimField>; describedAt: number };

export type Spec = Partial<Omit<SimField, "name" | "type">>;

export function field(name: string, type: FieldType, spec: Spec = {}): SimField {
  return {
    name,
    type,
    label: name
      .replace(/__c$/, "")
      .replaceAll("_", " ")
      .replace(/([a-z])([A-Z])/g, "$1 $2"),
    length: defaultLength[type] ?? 0,
    precision: type === "percent" ? 5 : type === "double" || type === "currency" ? 18 : 0,
    scale: type === "currency" ? 2 : 0,
    writable: true,
    createOnly: false,
    required: false,
    calculated: false,
    custom: name.endsWith("__c"),
    unique: false,
    restricted: false,
    filterable: type !== "richtext" && !(type === "textarea" && (spec.length ?? 255) > 255),
    options: [],
    referenceTo: null,
    helpText: null,
    visible: true,
    ...spec,
  };
}

const defaultLength: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 255,
  richtext: 32_768,
  email: 80,
  phone: 40,
  url: 255,
  picklist: 255,
  multipicklist: 4099,
};
