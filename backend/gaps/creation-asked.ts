/** What a person asked for, with everything left out filled in from the gap. Pure. */
import type { CreateDealRequest, CreationWarning } from "../contract/creations.ts";
import type { Gap } from "../contract/gaps.ts";
import type { CrmType } from "../crm/port.ts";
import type { Asked } from "./creation-row.ts";

/**
 * @param crm where the deal is made; the prefill may be for the other one
 * @param asker address of who asks: owns the deal where nobody of ours is known to have held the call
 */
export function askedFor(gap: Gap, crm: CrmType, request: CreateDealRequest, asker: string | null): Asked {
  const here = prefillFor(gap, crm);
  const company = gap.companies.find((each) => each.crm === crm) ?? null;
  const people = peopleOf(request, here);
  return {
    dealName: request.deal_name,
    amount: request.amount ?? null,
    currency: request.currency ?? null,
    pipeline: request.pipeline_id ?? null,
    stage: request.stage ?? null,
    closeDate: request.close_date ?? here.closeDate,
    ownerEmail: request.owner_email === undefined ? (here.owner ?? asker) : request.owner_email,
    ownerAsked: typeof request.owner_email === "string",
    companyId: company?.crm_id ?? null,
    newCompany: company ? null : newCompany(request, here.company),
    associate: [...new Set(request.contacts_to_associate ?? here.associate)],
    create: people.create,
    roles: rolesOf(request),
    note: noteOf(gap, request, here.notes),
    custom: Object.fromEntries(
      Object.entries(request.custom_properties ?? {}).map(([name, value]) => [
        name,
        value === null ? null : String(value),
      ]),
    ),
    confirmDuplicate: request.confirm_duplicate === true,
    warnings: people.warnings,
  };
}

/** Addresses as contacts are told apart by: in lower case. Ids stay as they are. */
function rolesOf({ contact_roles: roles = {} }: CreateDealRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(roles).map(([contact, role]) => [contact.includes("@") ? contact.toLowerCase() : contact, role]),
  );
}

type Here = {
  closeDate: string;
  owner: string | null;
  company: { name: string; domain: string | null } | null;
  associate: string[];
  create: { name: string | null; email: string; is_lead: boolean }[];
  notes: string;
};

/** The prefill, or the same for the CRM that it was not made for. */
function prefillFor(gap: Gap, crm: CrmType): Here {
  const { prefill } = gap;
  const others = gap.participants.filter((each) => each.is_internal === false);
  const known = (each: (typeof others)[number]) => each.contact_crm === crm && each.contact_crm_id !== null;
  const plain: Here = {
    closeDate: prefill?.close_date ?? gap.started_at.slice(0, 10),
    owner: prefill?.owner_email ?? gap.rep?.email ?? null,
    company: prefill?.company_to_create ?? companyLike(gap),
    associate: others.flatMap((each) => (known(each) ? (each.contact_crm_id ?? []) : [])),
    create: others.flatMap((each) =>
      each.email !== null && !known(each) ? { name: each.name, email: each.email, is_lead: each.is_lead } : [],
    ),
    notes: prefill?.notes ?? "",
  };
  if (prefill?.crm !== crm) return plain;
  return { ...plain, associate: prefill.contacts_to_associate, create: prefill.contacts_to_create };
}

function companyLike({ company }: Gap): Here["company"] {
  return company ? { name: company.name, domain: company.domain } : null;
}

function newCompany(request: CreateDealRequest, usual: Here["company"]): Asked["newCompany"] {
  if (request.company_to_create === undefined) return usual;
  if (request.company_to_create === null) return null;
  const { name, domain } = request.company_to_create;
  return { name, domain: domain ? domain.toLowerCase() : null };
}

/** A lead is made a contact only when somebody says so, not by leaving the list out. */
function peopleOf(request: CreateDealRequest, here: Here): { create: Asked["create"]; warnings: CreationWarning[] } {
  if (request.contacts_to_create) {
    const create = request.contacts_to_create.map(({ name, email, title, confirm_lead }) => ({
      ...{ name: name ?? "", email, title: title || null, confirmLead: confirm_lead === true },
    }));
    return { create: [...new Map(create.map((each) => [each.email, each])).values()], warnings: [] };
  }
  const leads = here.create.filter((each) => each.is_lead);
  return {
    create: here.create
      .filter((each) => !each.is_lead)
      .map(({ name, email }) => ({ name: name ?? "", email: email.toLowerCase(), title: null, confirmLead: false })),
    warnings: leads.map(({ name, email }) => leadLeftOut(name, email)),
  };
}

export function leadLeftOut(name: string | null, email: string): CreationWarning {
  const who = name ? `${name} (${email})` : email;
  return {
    code: "lead_left_out",
    message: `${who} is a lead and was not made a contact. Convert the lead in the CRM, or add the contact there.`,
    field: "contacts_to_create",
  };
}

/** The link is what a colleague wants first: it stays, whatever was typed. */
function noteOf(gap: Gap, request: CreateDealRequest, usual: string): Asked["note"] {
  if (request.notes === null) return null;
  const typed = request.notes ?? "";
  const text = typed === "" ? usual : gap.url && !typed.includes(gap.url) ? `${typed}\n\n${gap.url}` : typed;
  return { title: `Call: ${gap.title}`, body: text, at: gap.started_at };
}
