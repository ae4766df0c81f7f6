/** What belongs on a deal that is there: its links and its note. What fails for good costs a warning, never the deal. */
import type { CreationWarning } from "../contract/creations.ts";
import { CrmError } from "../crm/errors.ts";
import type { Outcome } from "../crm/port.ts";
import { dealContacts } from "./creation-deal.ts";
import { meaningOf, stillUnderWayMs } from "./creation-next.ts";
import { companyOf } from "./creation-row.ts";
import { done, endOf, type StepContext, type StepEnd, sentence, warning } from "./creation-step.ts";

/** Company and contacts on the deal, the first contact the main one. Nothing where the deal came with them. */
export async function linkAll({ row, crm }: StepContext): Promise<StepEnd> {
  const companyId = companyOf(row);
  const contacts = dealContacts(row);
  const { id: dealId, linked } = row.steps.deal!;
  if (linked || (companyId === null && contacts.length === 0)) return done({ links: { done: true, failed: [] } });
  try {
    const ends = await crm.deals.associate({ dealId: dealId!, companyId, contacts });
    const outcomes = [...(ends.company ? [ends.company] : []), ...ends.contacts];
    const waiting = outcomes.find((each) => !each.ok && meaningOf(each.error).kind !== "refused");
    // It may be repeated as it is.
    if (waiting && !waiting.ok) return endOf(waiting.error, () => ({ kind: "later", afterMs: undefined }));
    const failed = contacts.flatMap(({ id }, at) => (ends.contacts[at]?.ok ? [] : [id]));
    return done({ links: { done: true, failed } }, warningsOf(ends, contacts));
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const says = `The company and the contacts are not on the deal: ${sentence(error.message)}`;
    const failed = contacts.map(({ id }) => id);
    return endOf(error, () =>
      done({ links: { done: true, failed } }, [warning("links_missing", says, "contacts_to_associate")]),
    );
  }
}

/** A note (HubSpot) or a completed task (Salesforce) with link, summary and participants. 1 call. */
export async function addNote(context: StepContext): Promise<StepEnd> {
  const { row, crm, now } = context;
  const dealId = row.steps.deal!.id!;
  const sentAt = row.steps.note?.sentAt;
  const find = async () => {
    const there = await crm.deals.noteByKey({ dealId, key: row.deal_key });
    return there ? done({ note: { done: true, id: there.id } }) : null;
  };
  // A deal that was there before may have its note already.
  if (sentAt || row.steps.deal?.madeAt === undefined) {
    const found = await find();
    if (found) return found;
    const left = sentAt ? stillUnderWayMs(sentAt, crm.shape.requestTimeoutMs, now()) : 0;
    if (left > 0) return { kind: "later", afterMs: left };
  }
  await context.intend({ note: { sentAt: now().toISOString() } });
  const failed = new Set(row.steps.links?.failed);
  const contactIds = dealContacts(row).flatMap(({ id }) => (failed.has(id) ? [] : [id]));
  const draft = { ...row.request.note!, dealId, companyId: companyOf(row), contactIds, key: row.deal_key };
  try {
    return await send(context, draft);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    if (meaningOf(error).kind === "unknown") return (await find()) ?? { kind: "later", afterMs: undefined };
    return endOf(error, () => noteless(error), { note: {} });
  }
}

type NoteDraft = Parameters<StepContext["crm"]["deals"]["addNote"]>[0];

/** With its links, and where one of them is refused on the deal alone. */
async function send({ crm }: StepContext, draft: NoteDraft): Promise<StepEnd> {
  try {
    const { id } = await crm.deals.addNote(draft);
    return done({ note: { done: true, id } });
  } catch (error) {
    const isRefused = error instanceof CrmError && meaningOf(error).kind === "refused";
    if (!isRefused || (draft.companyId === null && draft.contactIds.length === 0)) throw error;
    const { id } = await crm.deals.addNote({ ...draft, companyId: null, contactIds: [] });
    return done({ note: { done: true, id } });
  }
}

function noteless(error: CrmError): StepEnd {
  return done({ note: { done: true } }, [
    warning("note_missing", `The note with the call's summary is not on the deal: ${sentence(error.message)}`, "notes"),
  ]);
}

type Ends = { company: Outcome<{ id: string }> | null; contacts: Outcome<{ id: string }>[] };

function warningsOf(ends: Ends, contacts: { id: string }[]): CreationWarning[] {
  const { company } = ends;
  const ofCompany =
    company && !company.ok
      ? [warning("company_not_linked", `The company is not on the deal: ${sentence(company.error.message)}`)]
      : [];
  const ofContacts = contacts.flatMap(({ id }, at) => {
    const outcome = ends.contacts[at];
    if (outcome?.ok) return [];
    const why = outcome ? sentence(outcome.error.message) : "the CRM did not say why.";
    return [warning("contact_not_linked", `Contact ${id} is not on the deal: ${why}`, "contacts_to_associate")];
  });
  return [...ofCompany, ...ofContacts];
}
