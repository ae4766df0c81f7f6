/** How HubSpot's own column shows a record's properties. */
import { given, type PreviewObject, type PreviewRecord } from "./given.ts";

const first: Record<PreviewObject, string[]> = {
  deal: ["amount", "dealstage", "pipeline", "closedate", "hubspot_owner_id", "dealtype", "hs_next_step", "createdate"],
  company: ["domain", "industry", "city", "country", "numberofemployees", "phone", "hubspot_owner_id", "createdate"],
  contact: ["email", "jobtitle", "phone", "company", "lifecyclestage", "hubspot_owner_id", "createdate"],
};

const labels: Record<string, string> = {
  ...{ dealname: "Deal name", dealstage: "Deal stage", closedate: "Close date", hubspot_owner_id: "Owner" },
  ...{ dealtype: "Deal type", hs_next_step: "Next step", createdate: "Create date", domain: "Company domain name" },
  ...{ numberofemployees: "Number of employees", jobtitle: "Job title", lifecyclestage: "Lifecycle stage" },
  ...{ firstname: "First name", lastname: "Last name", deal_currency_code: "Currency" },
};

export function shownFirst(objectType: PreviewObject): string[] {
  return first[objectType];
}

/** What Pandora writes for people; the key that makes a deal unique is for no one to read. */
export function isOurs(name: string): boolean {
  return name.startsWith("pandora_") && name !== "pandora_conversation_id";
}

export function labelOf(name: string): string {
  const known = labels[name];
  if (known) return known;
  const words = name.replace(/^(pandora|hs)_/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: given.timeZone });

export function textOf(name: string, value: string, record: PreviewRecord): string {
  const label = record.labels?.[`${name}:${value}`];
  if (label) return label;
  if (/date|analyzed/.test(name) && !Number.isNaN(Date.parse(value))) return day.format(new Date(value));
  if (/^\d{12,13}$/.test(value) && /date/.test(name)) return day.format(new Date(Number(value)));
  if (name === "amount" && !Number.isNaN(Number(value))) {
    const currency = record.properties["deal_currency_code"] ?? "USD";
    return new Intl.NumberFormat("en", { style: "currency", currency, maximumFractionDigits: 0 }).format(Number(value));
  }
  return value;
}
