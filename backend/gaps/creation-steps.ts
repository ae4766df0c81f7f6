/** The steps before the deal: its people, its company, and whether somebody made it already. Each reads before it sends. */
import { registrableDomain } from "../conversations/domains.ts";
import { CrmError } from "../crm/errors.ts";
import type { Crm, RecordRead } from "../crm/port.ts";
import { domainOf } from "../mirror/convert.ts";
import { leadLeftOut } from "./creation-asked.ts";
import { meaningOf, searchLagMs, stillUnderWayMs } from "./creation-next.ts";
import { companyOf, type MadeContact, missingPeople, type Steps, type StoredError } from "./creation-row.ts";
import { done, endOf, refusedBy, type StepContext, type StepEnd, sentence, warning } from "./creation-step.ts";

/** One that was made since the list was shown, or is there under this domain after all. 1 call. */
export async function findCompany({ row, crm, mirroredCompany }: StepContext): Promise<StepEnd> {
  const wanted = row.request.newCompany!;
  const domain = wanted.domain ? (domainOf(wanted.domain) ?? null) : null;
  const mirrored = domain ? await mirroredCompany(domain) : null;
  const id = mirrored ?? (await companyLike(crm, { name: wanted.name, domain }));
  return done({ company: { domain, looked: true, ...(id ? { id, created: false } : {}) } });
}

/** The deal of an earlier attempt is taken; open deals at the company are shown first. */
export async function checkDuplicates({ row, crm }: StepContext): Promise<StepEnd> {
  const companyId = companyOf(row);
  const key = row.key_is_unique ? row.deal_key : null;
  if (row.request.confirmDuplicate || (companyId === null && key === null)) return done({ checked: true });
  const { byKey, open } = await crm.deals.duplicateCheck({ key, companyId });
  if (byKey) return done({ checked: true, deal: { id: byKey.id, linked: false } });
  if (open.length === 0) return done({ checked: true });
  const many = open.length === 1 ? "an open deal" : `${open.length} open deals`;
  const message = `The company has ${many} in the CRM. Link the call to the right one, or create another deal all the same.`;
  const error: StoredError = { code: "duplicate_suspected", status: 409, message, errors: [], candidates: open };
  return { kind: "failed", error };
}

/** Who is known under these addresses; a live lead is no contact unless somebody says so. 1 call, Salesforce 2. */
export async function readPeople({ row, crm }: StepContext): Promise<StepEnd> {
  const emails = row.request.create.map(({ email }) => email);
  const found = await contactsFor(crm, emails, companyOf(row));
  const known = new Set(found.map(({ email }) => email));
  const unconfirmed = row.request.create.filter((each) => !known.has(each.email) && !each.confirmLead);
  if (crm.deals.leadsByEmail && unconfirmed.length > 0) {
    const leads = await crm.deals.leadsByEmail(unconfirmed.map(({ email }) => email));
    const errors = row.request.create.flatMap(({ email }, at) => {
      const lead = leads.find((each) => each.email === email);
      if (!lead || known.has(email)) return [];
      const message = sentence(leadLeftOut(lead.name, email).message.replace(" and was not made a contact", ""));
      return [{ field: `contacts_to_create.${at}.confirm_lead`, code: "lead", message }];
    });
    if (errors.length > 0) {
      const message = "Somebody on the call is a lead. Confirm that a contact is made for them, or leave them out.";
      return { kind: "failed", error: { code: "lead_needs_confirmation", status: 422, message, errors } };
    }
  }
  return done({ people: { found } });
}

/** The company the CRM does not know, once, whoever else is at it. 1 call. */
export async function makeCompany(context: StepContext): Promise<StepEnd> {
  const { row, crm, now } = context;
  const { name } = row.request.newCompany!;
  const { sentAt, domain = null } = row.steps.company ?? {};
  const lagMs = crm.shape.crm === "hubspot" ? searchLagMs : 0;
  if (sentAt) {
    const left = stillUnderWayMs(sentAt, crm.shape.requestTimeoutMs, now(), lagMs);
    const id = await companyLike(crm, { name, domain });
    if (id) return done({ company: { ...row.steps.company, id, created: true } });
    if (left > 0) return { kind: "later", afterMs: left };
  }
  const other = await context.intendCompany(domain);
  if (other === "busy") return { kind: "later", afterMs: 2_000 };
  if (other !== null) return done({ company: { domain, looked: true, id: other, created: false } });
  const { sentAt: _sent, ...unsent } = row.steps.company ?? {};
  try {
    const { id } = await crm.deals.createCompany({ name, domain, ownerId: row.steps.plan!.ownerId });
    return done({ company: { domain, looked: true, sentAt: now().toISOString(), id, created: true } });
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const existing = error.kind === "already_exists" ? error.detail.existingId : undefined;
    if (existing) return done({ company: { domain, looked: true, id: existing, created: false } });
    const field = "company_to_create";
    return endOf(error, () => ({ kind: "failed", error: refusedBy(error, field), steps: { company: unsent } }), {
      company: unsent,
    });
  }
}

/** Those missing; nobody who is there is changed, and one who can't be made costs a warning. 1 call. */
export async function makeContacts(context: StepContext): Promise<StepEnd> {
  const { row, crm, now } = context;
  const before = row.steps.contacts;
  const companyId = companyOf(row);
  const wanted = missingPeople(row).filter((each) => !before?.made.some(({ email }) => email === each.email));
  const made: MadeContact[] = [...(before?.made ?? [])];
  if (before?.sentAt) {
    // What was found missing when it was sent, and is there now, we made.
    const found = await contactsFor(
      crm,
      wanted.map(({ email }) => email),
      companyId,
    );
    made.push(...found.map(({ email, id }): MadeContact => ({ email, id, how: "created" })));
  }
  const missing = wanted.filter((each) => !made.some(({ email }) => email === each.email));
  if (missing.length === 0) return done({ contacts: { done: true, made } });
  // HubSpot holds addresses unique, so a repeat is harmless there.
  const left =
    before?.sentAt && crm.shape.crm === "salesforce"
      ? stillUnderWayMs(before.sentAt, crm.shape.requestTimeoutMs, now())
      : 0;
  if (left > 0) return { kind: "later", afterMs: left, steps: { contacts: { ...before, made } } };
  await context.intend({ contacts: { sentAt: now().toISOString(), made } });
  const drafts = missing.map(({ name, email, title }) => ({
    ...{ name, email, title, companyId, ownerId: row.steps.plan!.ownerId },
  }));
  try {
    const outcomes = await crm.deals.createContacts(drafts);
    return settleContacts(missing, outcomes, { sentAt: now().toISOString(), made });
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const given = () =>
      done(
        { contacts: { done: true, made } },
        missing.map(({ email }) => notMade(email, error)),
      );
    return endOf(error, given, { contacts: { made } });
  }
}

export function notMade(email: string, error: CrmError) {
  const says = `${email} was not made a contact: ${sentence(error.message)}`;
  return warning("contact_not_created", says, "contacts_to_create");
}

function settleContacts(
  missing: { email: string }[],
  outcomes: Awaited<ReturnType<Crm["deals"]["createContacts"]>>,
  sent: { sentAt: string; made: MadeContact[] },
): StepEnd {
  const made = [...sent.made];
  const warnings: ReturnType<typeof notMade>[] = [];
  let isOpen = false;
  let isUnknown = false;
  let afterMs: number | undefined;
  for (const [at, { email }] of missing.entries()) {
    const outcome = outcomes[at];
    if (outcome?.ok) made.push({ email, id: outcome.value.id, how: outcome.value.existed ? "linked" : "created" });
    else if (outcome && meaningOf(outcome.error).kind === "refused") warnings.push(notMade(email, outcome.error));
    else {
      isOpen = true;
      const meaning = outcome ? meaningOf(outcome.error) : { kind: "unknown" as const };
      if (meaning.kind === "later") afterMs = Math.max(afterMs ?? 0, meaning.afterMs ?? 0);
      else isUnknown = true;
    }
  }
  if (!isOpen) return done({ contacts: { done: true, made } }, warnings);
  // Those refused are refused again next time, and warned of then.
  const contacts: Steps["contacts"] = isUnknown ? { sentAt: sent.sentAt, made } : { made };
  return { kind: "later", afterMs: afterMs || undefined, steps: { contacts } };
}

/** Of several contacts with one address the one at the company, else the oldest. */
export async function contactsFor(crm: Crm, emails: string[], companyId: string | null) {
  if (emails.length === 0) return [];
  const all = await crm.deals.contactsByEmail(emails);
  return [...new Set(emails)].flatMap((email) => {
    const same = all.filter((each) => each.email === email);
    const one = same.find((each) => companyId !== null && each.companyId === companyId) ?? same[0];
    return one ? [{ email, id: one.id }] : [];
  });
}

/** By its domain, and where it has none by its very name. */
async function companyLike(crm: Crm, of: { name: string; domain: string | null }): Promise<string | null> {
  const names = crm.shape.crm === "hubspot" ? { name: "name", domain: "domain" } : { name: "Name", domain: "Website" };
  if (of.domain === null) {
    const same = await crm.find("company", [{ property: names.name, op: "eq", value: of.name }], [names.name], 10);
    return oldest(same);
  }
  const { domain } = of;
  // A website is written in many ways.
  const op = crm.shape.crm === "hubspot" ? ("eq" as const) : ("contains" as const);
  const near = await crm.find("company", [{ property: names.domain, op, value: domain }], [names.domain], 50);
  return oldest(near.filter((each) => isOf(each.properties[names.domain] ?? null, domain)));
}

function isOf(website: string | null, domain: string): boolean {
  const host = domainOf(website);
  return host !== null && (host === domain || registrableDomain(host) === domain);
}

/** The one with the smallest id: both CRMs count upward. */
function oldest(records: RecordRead[]): string | null {
  const ids = records.map(({ id }) => id).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return ids[0] ?? null;
}
