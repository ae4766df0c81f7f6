/** What the form of a new deal holds, what is wrong with it, and what is asked for in the end. Pure. */
import type { CreateDealRequest, DealOptions, Gap } from "../dto.ts";
import type { Words } from "../words.ts";

export type DraftPerson = { id: string; label: string };
export type CustomValue = string | number | boolean | null;

export type DealDraft = {
  name: string;
  pipeline: string;
  stage: string;
  /** "" = nobody. */
  owner: string;
  amount: number | null;
  currency: string;
  /** yyyy-mm-dd */
  closeDate: string | null;
  /** People who can be chosen, the call's first. */
  people: DraftPerson[];
  chosen: string[];
  newPeople: { email: string; name: string | null; isChosen: boolean }[];
  company: { name: string; domain: string; isChosen: boolean } | null;
  notes: string;
  custom: Record<string, CustomValue>;
};

export type RequiredField = DealOptions["required"][number];

/** Some required properties have a field of their own in the form. */
const ownFields: Record<string, keyof Faults> = {
  dealname: "deal_name",
  amount: "amount",
  deal_currency_code: "currency",
  dealstage: "stage",
  pipeline: "pipeline_id",
  closedate: "close_date",
  hubspot_owner_id: "owner_email",
};

export type Faults = Partial<
  Record<
    | "deal_name"
    | "amount"
    | "currency"
    | "pipeline_id"
    | "stage"
    | "close_date"
    | "owner_email"
    | "contacts_to_associate"
    | "company_to_create"
    | "notes"
    | `custom_properties.${string}`,
    string
  >
>;

const limits = { name: 255, notes: 20_000, amount: 1e13, contacts: 50, text: 65_536 };

export function draftOf(options: DealOptions, gap: Gap): DealDraft {
  const { prefill } = options;
  const pipeline = options.pipelines.find(({ id }) => id === prefill.pipeline_id) ?? options.pipelines[0];
  const stage = pipeline?.stages.find(({ id }) => id === prefill.stage) ?? firstOpen(pipeline);
  const known = gap.participants.flatMap(({ name, email, contact_crm, contact_crm_id: id }) =>
    contact_crm === "hubspot" && id ? [{ id, label: labelOf(name, email) }] : [],
  );
  const owner = options.owners.find(({ email }) => email.toLowerCase() === prefill.owner_email?.toLowerCase());
  return {
    name: prefill.deal_name,
    pipeline: pipeline?.id ?? "",
    stage: stage?.id ?? "",
    owner: owner?.email ?? "",
    amount: prefill.amount,
    currency: options.currencies.includes(prefill.currency) ? prefill.currency : (options.currencies[0] ?? ""),
    closeDate: prefill.close_date,
    people: known,
    chosen: prefill.contacts_to_associate.filter((id) => known.some((person) => person.id === id)),
    newPeople: prefill.contacts_to_create.map(({ email, name }) => ({ email, name, isChosen: true })),
    company: prefill.company_to_create && {
      name: prefill.company_to_create.name,
      domain: prefill.company_to_create.domain ?? "",
      isChosen: true,
    },
    notes: prefill.notes,
    custom: Object.fromEntries(extraFields(options).map(({ name, type }) => [name, type === "boolean" ? false : null])),
  };
}

/** What HubSpot demands besides the usual fields. */
export function extraFields(options: DealOptions): RequiredField[] {
  return options.required.filter(({ name }) => ownFields[name] === undefined);
}

/** @param field as the server names it; @returns whether the form has a place where its fault is shown */
export function isShown(field: string, options: DealOptions): boolean {
  const [first = "", second = ""] = field.split(".");
  if (first === "currency") return options.currencies.length > 1;
  if (first === "company_to_create") return options.prefill.company_to_create !== null;
  const extra = extraFields(options).some(({ name }) => name === (first === "custom_properties" ? second : first));
  return extra || shownFields.has(first);
}

const shownFields = new Set([
  ...["deal_name", "amount", "pipeline_id", "stage", "close_date", "owner_email", "notes"],
  ...["contacts_to_associate", "contacts_to_create"],
]);

export function isDemanded(options: DealOptions, field: keyof Faults): boolean {
  return options.required.some(({ name }) => ownFields[name] === field);
}

/** @returns what HubSpot or the server would refuse, by the request's field; empty: it can be sent */
export function faultsOf(draft: DealDraft, options: DealOptions, words: Words): Faults {
  const says = words.create.faults;
  const faults: Faults = {};
  if (draft.name.trim() === "") faults.deal_name = says.name;
  else if (draft.name.trim().length > limits.name) faults.deal_name = says.tooLong(limits.name);
  if (draft.amount !== null) {
    if (!Number.isFinite(draft.amount) || draft.amount < 0) faults.amount = says.amount;
    else if (draft.amount > limits.amount) faults.amount = says.amountTooLarge;
  } else if (isDemanded(options, "amount")) faults.amount = says.missing;
  const pipeline = options.pipelines.find(({ id }) => id === draft.pipeline);
  if (options.pipelines.length > 0 && !pipeline) faults.pipeline_id = says.missing;
  else if (pipeline && !pipeline.stages.some(({ id }) => id === draft.stage)) faults.stage = says.stageOfPipeline;
  if (draft.closeDate === null) {
    if (isDemanded(options, "close_date")) faults.close_date = says.missing;
  } else if (!isDay(draft.closeDate)) faults.close_date = says.date;
  if (draft.owner === "" && isDemanded(options, "owner_email")) faults.owner_email = says.missing;
  const people = draft.chosen.length + draft.newPeople.filter(({ isChosen }) => isChosen).length;
  if (people > limits.contacts) faults.contacts_to_associate = says.tooManyContacts(limits.contacts);
  if (draft.company?.isChosen && draft.company.name.trim() === "") faults.company_to_create = says.companyName;
  if (draft.notes.length > limits.notes) faults.notes = says.tooLong(limits.notes);
  for (const field of extraFields(options)) {
    const fault = customFault(field, draft.custom[field.name] ?? null, words);
    if (fault) faults[`custom_properties.${field.name}`] = fault;
  }
  return faults;
}

export function requestOf(draft: DealDraft, options: DealOptions): Omit<CreateDealRequest, "request_id"> {
  const notes = draft.notes.trim();
  const extra = extraFields(options);
  return {
    deal_name: draft.name.trim(),
    amount: draft.amount,
    currency: draft.currency || null,
    ...(draft.pipeline ? { pipeline_id: draft.pipeline } : {}),
    ...(draft.stage ? { stage: draft.stage } : {}),
    close_date: draft.closeDate,
    owner_email: draft.owner || null,
    contacts_to_associate: draft.chosen,
    contacts_to_create: draft.newPeople
      .filter(({ isChosen }) => isChosen)
      .map(({ email, name }) => ({ email, ...(name ? { name } : {}) })),
    company_to_create: draft.company?.isChosen
      ? { name: draft.company.name.trim(), domain: draft.company.domain.trim() || null }
      : null,
    notes: notes === "" ? null : notes,
    ...(extra.length > 0 ? { custom_properties: draft.custom } : {}),
  };
}

function customFault({ type, options }: RequiredField, value: CustomValue, words: Words): string | null {
  const says = words.create.faults;
  if (value === null || (typeof value === "string" && value.trim() === "")) return says.missing;
  if (options.length > 0 && type !== "multi_enum" && !options.some((option) => option.value === String(value))) {
    return says.missing;
  }
  if ((type === "number" || type === "currency") && !Number.isFinite(Number(value))) return says.number;
  if (type === "date" && !isDay(String(value))) return says.date;
  return String(value).length > limits.text ? says.tooLong(limits.text) : null;
}

function firstOpen(pipeline: DealOptions["pipelines"][number] | undefined) {
  return pipeline?.stages.find(({ is_closed }) => !is_closed) ?? pipeline?.stages[0];
}

function labelOf(name: string | null, email: string | null): string {
  if (name && email) return `${name} (${email})`;
  return name ?? email ?? "–";
}

/** A day that exists, between 1900 and 2999. */
function isDay(text: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
