/**
 * Making a deal in the CRM, step by step, so that no step is done twice (DESIGN 4.1). Each method says how many calls
 * it costs where nothing goes wrong. Ids and values cross as the CRM's own strings, as in `port.ts`.
 */
import type { CrmError } from "./errors.ts";
import type { Outcome, Owner, PropertyType, RecordRead } from "./port.ts";

/** CRM names of what every deal has; `properties` of a draft are given under these and any other CRM names. */
export type DealFields = {
  name: string;
  amount: string;
  currency: string;
  stage: string;
  pipeline: string;
  /** Takes a day, YYYY-MM-DD. */
  closeDate: string;
  owner: string;
};

export type DealPipeline = {
  id: string;
  label: string;
  /** In the order of the board. */
  stages: { id: string; label: string; isClosed: boolean; isWon: boolean; probability: number | null }[];
};

export type RequiredField = {
  name: string;
  label: string;
  type: PropertyType;
  options: { value: string; label: string }[];
};

export type DealOptions = {
  /** Salesforce: one per record type that the connected user may use, or the single "default". */
  pipelines: DealPipeline[];
  defaultPipelineId: string | null;
  /** Of the default pipeline. */
  firstOpenStageId: string | null;
  /** Active ones: nobody else can be given a deal. */
  owners: Owner[];
  /** The account's own currency first; more than one only in accounts with several. */
  currencies: string[];
  /** What a contact can be on a deal: Salesforce contact roles, HubSpot association labels. */
  roles: { value: string; label: string }[];
  /**
   * Without these a deal is refused. Name, stage, pipeline and close date are left out, since every draft has them;
   * amount, owner and currency are among them where the account demands them. HubSpot tells only what the object's
   * definition demands, so an admin's rule can still refuse.
   */
  required: RequiredField[];
};

/** `unique: false` comes with the reason, in words for an admin: then nothing may be sent a second time. */
export type KeyState = { unique: boolean; reason: string | null };

export type OpenDeal = {
  id: string;
  name: string;
  stageId: string | null;
  amount: number | null;
  /** YYYY-MM-DD */
  closeDate: string | null;
  ownerId: string | null;
};

/** `email` is the address asked for, in lower case; a contact's other addresses count where the CRM keeps them. */
export type FoundContact = { id: string; email: string; companyId: string | null };
export type FoundLead = { id: string; email: string; name: string };

export type CompanyDraft = { name: string; domain: string | null; ownerId: string | null };
export type ContactDraft = {
  email: string;
  /** As people write it, "Ada Lovelace" or "Lovelace, Ada"; may be empty. */
  name: string;
  title: string | null;
  companyId: string | null;
  ownerId: string | null;
};
/** @property role one of `DealOptions.roles`; @property primary at most one, Salesforce only */
export type DealContact = { id: string; role?: string | null; primary?: boolean };
export type DealDraft = {
  /** By CRM name, in the port's form; null = leave out. */
  properties: Record<string, string | null>;
  /** Of the conversation; null where `ensureKey` says that there is no unique property. */
  key: string | null;
  companyId: string | null;
  contacts: DealContact[];
};
export type NoteDraft = {
  dealId: string;
  companyId: string | null;
  contactIds: string[];
  /** Stands in the note, so that `noteByKey` finds it. */
  key: string;
  title: string;
  /** Plain text, escaped here, cut to what the CRM takes. */
  body: string;
  /** UTC ISO. */
  at: string;
};

/** Everything at once. New contacts and the new company take `null` for ids that are not there yet. */
export type CreatePlan = {
  /** Made when given; then `deal.companyId` is null. */
  company: CompanyDraft | null;
  /** Their `companyId` null: they go to the deal's company. */
  newContacts: (ContactDraft & { role?: string | null; primary?: boolean })[];
  /** `contacts` are those that exist. */
  deal: DealDraft;
  note: Omit<NoteDraft, "dealId" | "companyId" | "contactIds"> | null;
};
export type CreatedAll =
  | {
      ok: true;
      companyId: string | null;
      /** In the order of `newContacts`. */
      contactIds: string[];
      dealId: string;
      noteId: string | null;
    }
  /** Nothing was made. `index`: of the contact, existing ones counted after the new ones. */
  | { ok: false; at: "company" | "contact" | "deal" | "role" | "note"; index: number; error: CrmError };

/**
 * Writes throw CrmError: `already_exists` with the id that holds the key, `value_refused` with the property and the
 * CRM's own words (rule, option, stage of another pipeline, inactive owner, required property missing),
 * `outcome_unknown` when the reply was lost: read (`dealByKey`, `contactsByEmail`, `noteByKey`) before sending again.
 */
export type DealPort = {
  fields: DealFields;
  /** Several calls: keep the answer a few minutes. */
  options(): Promise<DealOptions>;
  /** Makes the key property where that is possible. 1 call once it is there. */
  ensureKey(): Promise<KeyState>;
  /** Current at once, unlike search; null also where there is no unique property. 1 call. */
  dealByKey(key: string): Promise<RecordRead | null>;
  /** Live. HubSpot looks at the company's hundred newest deals: 2 calls; Salesforce 1. */
  openDealsOf(companyId: string): Promise<OpenDeal[]>;
  /** Both of the above: HubSpot 3 calls, Salesforce 1. */
  duplicateCheck(of: { key: string | null; companyId: string | null }): Promise<{
    byKey: RecordRead | null;
    open: OpenDeal[];
  }>;
  /** Several contacts may have one address in Salesforce, the oldest first. 1 call per hundred addresses. */
  contactsByEmail(emails: string[]): Promise<FoundContact[]>;
  /** Salesforce only: leads that were not converted. 1 call. */
  leadsByEmail?(emails: string[]): Promise<FoundLead[]>;
  /** 1 call. A lost reply: look for the company with `find` before making another. */
  createCompany(draft: CompanyDraft): Promise<{ id: string }>;
  /**
   * An address that somebody has already answers their id with `existed`; nobody is changed. 1 call.
   * HubSpot holds addresses unique, so it may be repeated as it is; before repeating it in Salesforce read them.
   */
  createContacts(drafts: ContactDraft[]): Promise<Outcome<{ id: string; existed: boolean }>[]>;
  /** `linked`: company and contacts are associated; else `associate` does the rest. 1 call. */
  createDeal(draft: DealDraft): Promise<{ id: string; linked: boolean }>;
  /** May be repeated. Outcomes in the order given; `company` null where none was given. At most 3 calls. */
  associate(links: { dealId: string; companyId: string | null; contacts: DealContact[] }): Promise<{
    company: Outcome<{ id: string }> | null;
    contacts: Outcome<{ id: string }>[];
  }>;
  /** A note in HubSpot, a completed task in Salesforce. 1 call. */
  addNote(draft: NoteDraft): Promise<{ id: string }>;
  noteByKey(of: { dealId: string; key: string }): Promise<{ id: string } | null>;
  /** Salesforce only: all of it or nothing, in 1 call. A lost reply throws outcome_unknown: read by the key. */
  createAll?(plan: CreatePlan): Promise<CreatedAll>;
  /** A deal that is gone is fine. 1 call. */
  deleteDeal(id: string): Promise<void>;
  /**
   * Whether anyone but this connection changed the deal or put an activity on it.
   * @param since UTC ISO: when it was made
   * @returns `by`: the CRM user's id (`Owner.userId`), null when the CRM does not tell. @throws CrmError record_gone
   */
  dealTouchedSince(id: string, since: string): Promise<{ touched: boolean; by: string | null }>;
};
