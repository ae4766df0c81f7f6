/** A deal being made: what was asked, which steps are done, and what came of them. Types and pure readers of them. */
import type { CreationWarning } from "../contract/creations.ts";
import type { CrmType } from "../crm/port.ts";
import type { FieldError } from "../errors.ts";

/** What was asked, with everything left out filled in at that moment. */
export type Asked = {
  dealName: string;
  amount: number | null;
  currency: string | null;
  pipeline: string | null;
  stage: string | null;
  closeDate: string;
  ownerEmail: string | null;
  /** False: the default, so that an address the CRM does not know costs a warning and not the deal. */
  ownerAsked: boolean;
  companyId: string | null;
  newCompany: { name: string; domain: string | null } | null;
  /** Ids in the CRM, the main one first. */
  associate: string[];
  create: { name: string; email: string; title: string | null; confirmLead: boolean }[];
  /** By id, and by e-mail address in lower case for those to be created; absent in rows of an earlier version. */
  roles?: Record<string, string>;
  note: { title: string; body: string; at: string } | null;
  custom: Record<string, string | null>;
  confirmDuplicate: boolean;
  /** Told from the beginning: people left out, … */
  warnings: CreationWarning[];
};

/** What was asked, in the CRM's own ids, checked against its lists. */
export type Plan = {
  /** By CRM name. */
  properties: Record<string, string | null>;
  ownerId: string | null;
  pipelineId: string | null;
  stageId: string | null;
  stageClosed: boolean;
  stageWon: boolean;
  currency: string | null;
};

export type MadeContact = { email: string; id: string; how: "linked" | "created" };

/**
 * A step with `sentAt` and no result was sent, and nobody knows what became of it: it is looked for before it is sent
 * again. Moments are UTC ISO.
 */
export type Steps = {
  plan?: Plan;
  /** No open deal stood in the way, or the person said that it does not matter. */
  checked?: boolean;
  company?: { domain?: string | null; looked?: boolean; sentAt?: string; id?: string; created?: boolean };
  /** Who of `create` is there already; the others are missing. */
  people?: { found: { email: string; id: string }[] };
  /** Salesforce: everything in one call. */
  all?: { sentAt?: string; refused?: boolean };
  contacts?: { sentAt?: string; done?: boolean; made: MadeContact[] };
  deal?: { sentAt?: string; id?: string; linked?: boolean; madeAt?: string };
  /** True: company and contacts hang on the deal, as far as the CRM lets them. */
  links?: { done: boolean; failed: string[] };
  note?: { sentAt?: string; done?: boolean; id?: string };
  /** The lists were read anew because the CRM did not know a property any more. */
  replanned?: boolean;
  undo?: { by: string; at: string };
};

export type CreationState = "claimed" | "sent" | "done" | "failed" | "outcome_unknown" | "undone";

export type OpenDealFound = {
  id: string;
  name: string;
  stageId: string | null;
  amount: number | null;
  closeDate: string | null;
  ownerId: string | null;
};

/** As stored, and as the door throws it. */
export type StoredError = {
  code: string;
  status: number;
  message: string;
  errors: FieldError[];
  candidates?: OpenDealFound[];
};

export type CreationRow = {
  id: string;
  conversation_id: string;
  generation: number;
  crm: CrmType;
  state: CreationState;
  deal_key: string;
  key_is_unique: boolean;
  request: Asked;
  steps: Steps;
  warnings: CreationWarning[];
  error: StoredError | null;
  deal_id: string | null;
  origin: "person" | "rule";
  requested_by: string;
  /** Null: it has ended. */
  lease_until: Date | null;
  /** Somebody works at it; false with a lease: it waits until then. */
  held: boolean;
  attempts: number;
  created_at: Date;
  finished_at: Date | null;
};

/** The company the deal belongs to, once it is known. */
export function companyOf({ request, steps }: Pick<CreationRow, "request" | "steps">): string | null {
  return request.companyId ?? steps.company?.id ?? null;
}

/** Addresses of `create` that the CRM does not know. */
export function missingPeople({ request, steps }: Pick<CreationRow, "request" | "steps">): Asked["create"] {
  const found = new Set(steps.people?.found.map(({ email }) => email));
  return request.create.filter(({ email }) => !found.has(email));
}

/** What a contact is on the deal, by id; a contact named by address got its id meanwhile. */
export function roleOf({ request, steps }: Pick<CreationRow, "request" | "steps">, id: string): string | null {
  const known = [...(steps.people?.found ?? []), ...(steps.contacts?.made ?? [])];
  const email = known.find((each) => each.id === id)?.email;
  return request.roles?.[id] ?? (email === undefined ? null : (request.roles?.[email] ?? null));
}

/** Who is on the deal: those named, those found and those made, each once, the first one the main one. */
export function contactsOf({ request, steps }: Pick<CreationRow, "request" | "steps">): string[] {
  const byEmail = new Map([
    ...(steps.people?.found ?? []).map(({ email, id }) => [email, id] as const),
    ...(steps.contacts?.made ?? []).map(({ email, id }) => [email, id] as const),
  ]);
  return [...new Set([...request.associate, ...request.create.flatMap(({ email }) => byEmail.get(email) ?? [])])];
}
