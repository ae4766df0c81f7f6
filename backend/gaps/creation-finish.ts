/** What a new deal changes on our side: the mirror knows it, the call belongs to it, and the company's other calls are looked at again. */
import type { House } from "../connections/house.ts";
import { recordLink } from "../connections/record-link.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import type { CompanyRow, ContactRow, DealRow } from "../mirror/convert.ts";
import { putCompanies, putContacts, putDealContacts, putDeals } from "../mirror/store.ts";
import { type CreationRow, companyOf, contactsOf, roleOf } from "./creation-row.ts";
import { linkDeal } from "./decide.ts";
import { recordsTouched } from "./touch.ts";

/** In the transaction that ends the work. The mirror's next round tells the rest of what the CRM made of it. */
export async function finishCreation(
  tx: Tx,
  house: Pick<House, "clock" | "queue">,
  workspaceId: string,
  row: CreationRow,
): Promise<void> {
  const now = house.clock.now();
  const place = { workspaceId, crm: row.crm, now };
  const none = new Set<never>();
  const missing = <T extends { crm_id: string }>(table: string, rows: T[]) => notMirrored(tx, place, table, rows);
  const companies = await putCompanies(tx, place, await missing("companies", newCompanies(row, now)), none);
  const contacts = await putContacts(tx, place, await missing("contacts", newContacts(row, now)), none);
  const deals = await missing("deals", [newDeal(row, now)]);
  await putDeals(tx, place, deals, none);
  await putDealContacts(tx, place, deals);
  // Before the conversation is held: a sweep that is under way waits for nobody who waits for it.
  await recordsTouched(tx, house, workspaceId, row.crm, { companies, contacts, deals: [row.steps.deal!.id!] });
  await tx`
    select 1 from conversations where workspace_id = ${workspaceId} and id = ${row.conversation_id} for update`;
  const deal = { crm: row.crm, id: row.steps.deal!.id! };
  const by = row.requested_by;
  await linkDeal(tx, { workspaceId, conversationId: row.conversation_id, deal, by, now, as: "created" });
}

/** For the rep to hear of. */
export async function madeByRule(tx: Tx, workspaceId: string, row: CreationRow) {
  const [found] = await tx<{ rep_email: string | null; ui_url: string | null }[]>`
    select c.rep_email, x.ui_url from conversations c
    left join crm_connections x on x.workspace_id = ${workspaceId} and x.crm = ${row.crm}
    where c.workspace_id = ${workspaceId} and c.id = ${row.conversation_id}`;
  return {
    ...{ workspaceId, conversationId: row.conversation_id, dealName: row.request.dealName },
    dealUrl: recordLink(found?.ui_url, row.crm, "deal", row.steps.deal!.id!),
    repEmail: found?.rep_email ?? null,
  };
}

function newCompanies({ request, steps }: CreationRow, now: Date): CompanyRow[] {
  const { company, plan } = steps;
  if (!company?.created || company.id === undefined || !request.newCompany) return [];
  return [
    {
      ...{ crm_id: company.id, owner_id: plan?.ownerId ?? null, last_activity_at: null, ...madeAt(now) },
      ...{ name: request.newCompany.name, domain: company.domain ?? null, industry: null, employees: null },
      ...{ company_type: null, parent_id: null },
    },
  ];
}

function newContacts(row: CreationRow, now: Date): ContactRow[] {
  const { request, steps } = row;
  return (steps.contacts?.made ?? []).flatMap(({ email, id, how }) => {
    const asked = request.create.find((each) => each.email === email);
    if (how !== "created" || !asked) return [];
    return {
      ...{ crm_id: id, owner_id: steps.plan?.ownerId ?? null, last_activity_at: null, ...madeAt(now) },
      ...{ email, other_emails: [], name: asked.name, job_title: asked.title, phone: null, company_id: companyOf(row) },
    };
  });
}

/** What the mirror has by now it knows better. */
async function notMirrored<T extends { crm_id: string }>(
  tx: Tx,
  { workspaceId, crm }: { workspaceId: string; crm: CrmType },
  table: string,
  rows: T[],
): Promise<T[]> {
  if (rows.length === 0) return [];
  const there = await tx<{ crm_id: string }[]>`
    select crm_id from ${tx(table)}
    where workspace_id = ${workspaceId} and crm = ${crm} and crm_id in ${tx(rows.map((each) => each.crm_id))}`;
  return rows.filter((each) => !there.some(({ crm_id }) => crm_id === each.crm_id));
}

function newDeal(row: CreationRow, now: Date): DealRow {
  const { request, steps } = row;
  const id = steps.deal!.id!;
  const plan = steps.plan!;
  const failed = new Set(steps.links?.failed);
  return {
    ...{ crm_id: id, owner_id: plan.ownerId, last_activity_at: now.toISOString(), ...madeAt(now) },
    ...{ name: request.dealName, amount: request.amount === null ? null : String(request.amount) },
    ...{ currency: plan.currency, pipeline_id: plan.pipelineId, stage_id: plan.stageId },
    ...{ is_closed: plan.stageClosed, is_won: plan.stageWon, probability: null, close_date: request.closeDate },
    ...{ company_id: companyOf(row), stage_entered_at: null, pushes: null },
    contacts: contactsOf(row)
      .filter((contact) => !failed.has(contact))
      .map((contact, at) => ({ id: contact, role: roleOf(row, contact), primary: at === 0 })),
  };
}

function madeAt(now: Date) {
  return { crm_created_at: now.toISOString(), crm_updated_at: now.toISOString() };
}
