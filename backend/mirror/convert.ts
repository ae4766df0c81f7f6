/** CRM records as rows of the mirror. Pure: no clock, no database. */
import type { CrmType, MirrorRecord } from "../crm/port.ts";
import { type CompanyColumn, type ContactColumn, type DealColumn, type Sources, sources } from "./properties.ts";

type Common = { crm_id: string; owner_id: string | null; last_activity_at: string | null } & {
  crm_created_at: string;
  crm_updated_at: string;
};

export type CompanyRow = Common & {
  name: string;
  domain: string | null;
  industry: string | null;
  employees: number | null;
  company_type: string | null;
  parent_id: string | null;
};

export type ContactRow = Common & {
  email: string | null;
  other_emails: string[];
  name: string;
  job_title: string | null;
  phone: string | null;
  company_id: string | null;
};

export type DealRow = Common & {
  name: string;
  amount: string | null;
  currency: string | null;
  pipeline_id: string | null;
  stage_id: string | null;
  is_closed: boolean | null;
  is_won: boolean | null;
  /** 0–1 */
  probability: number | null;
  /** yyyy-mm-dd */
  close_date: string | null;
  company_id: string | null;
  /** As the CRM tells; null: the mirror counts and remembers itself. */
  stage_entered_at: string | null;
  pushes: number | null;
  contacts: { id: string; role: string | null; primary: boolean }[];
};

export function toCompany(crm: CrmType, record: MirrorRecord): CompanyRow {
  const read = reader<CompanyColumn>(sources[crm].company, record);
  return {
    ...common(record, read("owner"), read("lastActivity")),
    name: read("name") ?? "",
    domain: domainOf(read("domain")),
    industry: read("industry"),
    employees: whole(read("employees")),
    company_type: read("type"),
    parent_id: read("parent"),
  };
}

export function toContact(crm: CrmType, record: MirrorRecord): ContactRow {
  const read = reader<ContactColumn>(sources[crm].contact, record);
  return {
    ...common(record, read("owner"), read("lastActivity")),
    email: read("email")?.trim().toLowerCase() ?? null,
    other_emails: (read("otherEmails") ?? "")
      .split(";")
      .map((email) => email.trim().toLowerCase())
      .filter(Boolean),
    name: read("name") ?? [read("firstName"), read("lastName")].filter(Boolean).join(" "),
    job_title: read("title"),
    phone: read("phone"),
    company_id: record.associations.company?.[0]?.id ?? null,
  };
}

export function toDeal(crm: CrmType, record: MirrorRecord): DealRow {
  const read = reader<DealColumn>(sources[crm].deal, record);
  const probability = finite(read("probability"));
  const contacts = record.associations.contact ?? [];
  return {
    ...common(record, read("owner"), read("lastActivity")),
    name: read("name") ?? "",
    amount: finite(read("amount")) === null ? null : read("amount"),
    currency: read("currency"),
    // An org without record types has one pipeline, which has no id of its own.
    pipeline_id: read("pipeline") ?? (crm === "salesforce" ? "default" : null),
    stage_id: read("stage"),
    is_closed: flag(read("isClosed")),
    is_won: flag(read("isWon")),
    // Salesforce counts in percent.
    probability: probability === null ? null : clamp(crm === "salesforce" ? probability / 100 : probability),
    close_date: dateOf(read("closeDate")),
    company_id: record.associations.company?.[0]?.id ?? null,
    stage_entered_at: instantOf(read("stageEntered")),
    pushes: whole(read("pushes")),
    contacts: [...new Map(contacts.map((each) => [each.id, each])).values()].map((each, at) => ({
      id: each.id,
      role: each.role,
      primary: at === 0,
    })),
  };
}

/** The bare host of a domain or website, lower case, without "www."; null for anything else. */
export function domainOf(text: string | null): string | null {
  const bare = (text ?? "").trim().toLowerCase();
  if (bare === "") return null;
  const url = /^https?:\/\//.test(bare) ? bare : `https://${bare}`;
  if (!URL.canParse(url)) return null;
  const host = new URL(url).hostname.replace(/^www\./, "");
  return host.includes(".") ? host : null;
}

function common(record: MirrorRecord, owner: string | null, lastActivity: string | null): Common {
  return {
    crm_id: record.id,
    owner_id: owner,
    last_activity_at: instantOf(lastActivity),
    crm_created_at: record.createdAt,
    crm_updated_at: record.updatedAt,
  };
}

/** Reads a column from the first of its properties that is filled; blank is null. */
function reader<Column extends string>(from: Sources<Column>, record: MirrorRecord) {
  return (column: Column): string | null => {
    for (const name of from[column] ?? []) {
      const value = record.properties[name];
      if (value !== null && value !== undefined && value.trim() !== "") return value;
    }
    return null;
  };
}

/** Both forms in which CRMs tell a moment: ISO (with or without time) and ms since 1970. */
function instantOf(text: string | null): string | null {
  if (text === null) return null;
  const at = new Date(/^\d{11,}$/.test(text) ? Number(text) : text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function dateOf(text: string | null): string | null {
  return instantOf(text)?.slice(0, 10) ?? null;
}

function finite(text: string | null): number | null {
  const number = text === null ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

function whole(text: string | null): number | null {
  const number = finite(text);
  return number === null ? null : Math.max(0, Math.min(2_147_483_647, Math.round(number)));
}

function flag(text: string | null): boolean | null {
  return text === "true" ? true : text === "false" ? false : null;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
