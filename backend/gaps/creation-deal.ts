/** The deal itself, once: by its key where the CRM holds it unique, else sent a single time and never again by itself. */
import type { CreatedAll, DealContact, DealDraft } from "../crm/deal-port.ts";
import { CrmError } from "../crm/errors.ts";
import { meaningOf, stillUnderWayMs } from "./creation-next.ts";
import {
  companyOf,
  contactsOf,
  type MadeContact,
  missingPeople,
  roleOf,
  type Steps,
  type StoredError,
} from "./creation-row.ts";
import { done, endOf, refusedBy, type StepContext, type StepEnd } from "./creation-step.ts";
import { contactsFor } from "./creation-steps.ts";

/** The deal with its company and contacts. HubSpot 1 call. */
export async function makeDeal(context: StepContext): Promise<StepEnd> {
  const { row, now } = context;
  if (row.steps.deal?.sentAt) {
    const found = await afterSilence(context, row.steps.deal.sentAt);
    if (found) return found;
  }
  const companyId = companyOf(row);
  const contacts = dealContacts(row);
  const draft: DealDraft = { properties: row.steps.plan!.properties, key: keyOf(row), companyId, contacts };
  await context.intend({ deal: { sentAt: now().toISOString() } });
  const whole = await send(context, draft);
  const linked = companyId !== null || contacts.length > 0;
  if (whole.kind !== "failed" || !linked || !isAboutLinks(whole.error, context)) return whole;
  // A link may be what is refused: the deal goes first, and each link is told apart.
  await context.intend({ deal: { sentAt: now().toISOString() } });
  const bare = await send(context, { ...draft, companyId: null, contacts: [] });
  return bare.kind === "failed" ? whole : bare;
}

/** Salesforce: company, contacts, deal, roles and task in one call, all of them or none. */
export async function makeAll(context: StepContext): Promise<StepEnd> {
  const { row, crm, now } = context;
  const { request, steps } = row;
  if (steps.all?.sentAt) {
    const found = await afterSilence(context, steps.all.sentAt);
    if (found) return found;
  }
  const ownerId = steps.plan!.ownerId;
  const companyId = companyOf(row);
  const missing = missingPeople(row);
  const there = contactsOf(row);
  const company = companyId === null && request.newCompany ? { ...request.newCompany, ownerId } : null;
  const plan = {
    company,
    newContacts: missing.map(({ name, email, title }, at) => ({
      ...{ name, email, title, companyId, ownerId, primary: there.length === 0 && at === 0 },
      role: request.roles?.[email] ?? null,
    })),
    deal: {
      ...{ properties: steps.plan!.properties, key: keyOf(row), companyId },
      contacts: there.map((id, at) => ({ id, role: roleOf(row, id), primary: at === 0 })),
    },
    note: request.note && { ...request.note, key: row.deal_key },
  };
  const domain = steps.company?.domain ?? null;
  if (company) {
    const other = await context.intendCompany(domain);
    if (other === "busy") return { kind: "later", afterMs: 2_000 };
    if (other !== null) return done({ company: { domain, looked: true, id: other, created: false } });
  }
  await context.intend({ all: { sentAt: now().toISOString() } });
  try {
    const made = await crm.deals.createAll!(plan);
    return made.ok ? allMade(context, made, missing) : refusedAll(context, made);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (meaningOf(error).kind === "unknown") return (await afterSilence(context, now().toISOString())) ?? soon;
    return endOf(error, () => failed(error, true), { all: {}, company: unsent(steps) });
  }
}

const soon: StepEnd = { kind: "later", afterMs: undefined };

async function send(context: StepContext, draft: DealDraft): Promise<StepEnd> {
  const { row, crm, now } = context;
  try {
    const { id, linked } = await crm.deals.createDeal(draft);
    // Sent without its links, it has none.
    const isWhole = linked && draft.companyId === companyOf(row) && draft.contacts.length === contactsOf(row).length;
    return done({ deal: { id, linked: isWhole, madeAt: now().toISOString() } });
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (error.kind === "already_exists" && row.key_is_unique) {
      const there = await crm.deals.dealByKey(row.deal_key);
      if (there) return done({ deal: { id: there.id, linked: false } });
    }
    if (meaningOf(error).kind === "unknown") {
      // A reply that was lost a moment ago: mostly the deal is there.
      const sentAt = row.steps.deal?.sentAt ?? now().toISOString();
      return (await afterSilence(context, sentAt)) ?? soon;
    }
    return endOf(error, () => failed(error, false), { deal: {} });
  }
}

/**
 * What became of a deal whose reply was lost. Found: it is taken. Not found: with a unique key it may be sent again
 * once the first can no longer be under way; without one nobody can tell, and a person has to look.
 * @returns null: send it (again)
 */
async function afterSilence(context: StepContext, sentAt: string): Promise<StepEnd | null> {
  const { row, crm, now } = context;
  const left = stillUnderWayMs(sentAt, crm.shape.requestTimeoutMs, now());
  if (row.key_is_unique) {
    const there = await crm.deals.dealByKey(row.deal_key);
    if (there) return row.steps.all?.sentAt ? madeUnseen(context, there.id) : done({ deal: { id: there.id } });
    return left > 0 ? { kind: "later", afterMs: left } : null;
  }
  if (left > 0) return { kind: "later", afterMs: left };
  return { kind: "unknown", error: await nobodyKnows(context) };
}

/** Salesforce made all of it, and the answer was lost: its parts are read. */
async function madeUnseen({ row, crm }: StepContext, dealId: string): Promise<StepEnd> {
  const [deal] = await crm.readBatch("deal", [dealId], ["AccountId"]);
  const account = deal?.ok ? (deal.value.properties["AccountId"] ?? null) : null;
  const companyId = companyOf(row) ?? account;
  const found = await contactsFor(
    crm,
    missingPeople(row).map(({ email }) => email),
    companyId,
  );
  const made = found.map(({ email, id }): MadeContact => ({ email, id, how: "created" }));
  const isNew = companyOf(row) === null && account !== null && row.request.newCompany !== null;
  return done({
    deal: { id: dealId, linked: false },
    ...(isNew ? { company: { ...row.steps.company, looked: true, id: account, created: true } } : {}),
    contacts: { made, done: made.length === missingPeople(row).length },
  });
}

function allMade(
  { row, now }: StepContext,
  made: Extract<CreatedAll, { ok: true }>,
  missing: { email: string }[],
): StepEnd {
  const contacts = missing.map(({ email }, at): MadeContact => ({ email, id: made.contactIds[at]!, how: "created" }));
  const isNew = companyOf(row) === null && row.request.newCompany !== null && made.companyId !== null;
  return done({
    deal: { id: made.dealId, linked: true, madeAt: now().toISOString() },
    contacts: { done: true, made: contacts },
    links: { done: true, failed: [] },
    ...(isNew ? { company: { ...row.steps.company, looked: true, id: made.companyId!, created: true } } : {}),
    ...(made.noteId ? { note: { done: true, id: made.noteId } } : {}),
  });
}

/** Nothing was made. What is wrong with the deal itself is final; anything else costs that part alone, step by step. */
async function refusedAll(context: StepContext, refusal: Extract<CreatedAll, { ok: false }>): Promise<StepEnd> {
  const { row, crm } = context;
  const { error, at } = refusal;
  const company = unsent(row.steps);
  const meaning = meaningOf(error);
  if (meaning.kind === "later") return { kind: "later", afterMs: meaning.afterMs, steps: { all: {}, company } };
  if (at === "deal" && error.kind === "already_exists" && row.key_is_unique) {
    const there = await crm.deals.dealByKey(row.deal_key);
    if (there) return madeUnseen(context, there.id);
  }
  if (at === "deal" && error.detail.property !== "AccountId") return failed(error, true);
  return done({ all: { refused: true }, company });
}

/** The intent of a company taken back: it was not made. */
function unsent({ company }: Steps): NonNullable<Steps["company"]> {
  const { sentAt: _sent, ...rest } = company ?? {};
  return rest;
}

function failed(error: CrmError, atOnce: boolean): StepEnd {
  return { kind: "failed", error: refusedBy(error, null), steps: atOnce ? { all: {} } : { deal: {} } };
}

/** HubSpot names the property that is refused, and none where it is a link; in Salesforce the company is a property. */
function isAboutLinks({ code, errors }: StoredError, { crm }: StepContext): boolean {
  if (code !== "crm_refused") return false;
  return crm.shape.crm === "hubspot" ? errors.length === 0 : errors.some(({ field }) => field === "AccountId");
}

async function nobodyKnows({ row, crm }: StepContext): Promise<StoredError> {
  const companyId = companyOf(row);
  const open = companyId === null ? [] : await crm.deals.openDealsOf(companyId);
  const named = open.filter(({ name }) => name.trim() === row.request.dealName.trim());
  const message =
    "The CRM did not answer when the deal was sent, and Pandora can't look it up there. Look whether it is among these " +
    "deals, or in the CRM, and link the call to it. If it is not there, create it again.";
  const candidates = named.length > 0 ? named : open;
  return { code: "outcome_unknown", status: 409, message, errors: [], candidates };
}

function keyOf(row: StepContext["row"]): string | null {
  return row.key_is_unique ? row.deal_key : null;
}

export function dealContacts(row: StepContext["row"]): DealContact[] {
  return contactsOf(row).map((id, at) => ({ id, role: roleOf(row, id), primary: at === 0 }));
}
