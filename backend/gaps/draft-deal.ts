/** What the form for a new deal is filled with, so that one click can be enough. Pure. */

import { hostOfEmail } from "../conversations/domains.ts";
import type { CrmType } from "../crm/port.ts";
import { isWithin, type Side } from "./internal.ts";

export type DraftParticipant = {
  name: string | null;
  email: string | null;
  side: Side | null;
  contact: { crm: CrmType; id: string } | null;
  lead: { crm: CrmType; id: string } | null;
};

export type DraftStage = { pipelineId: string; stageId: string; sortOrder: number; isClosed: boolean };

export type DraftQuestion = {
  /** Where the deal is to be made. */
  crm: CrmType;
  title: string;
  url: string | null;
  startedAt: Date;
  durationMinutes: number | null;
  summary: string | null;
  /** null: the CRM knows none. */
  company: { name: string } | null;
  /** As stored on the conversation: `domain:acme.com`, `mail:jo@gmail.com`, or a company's. */
  companyKey: string | null;
  rep: { email: string | null } | null;
  participants: readonly DraftParticipant[];
  /** Whose people are no prospects (settings). */
  ignoredDomains: readonly string[];
  /** Of this CRM. */
  stages: readonly DraftStage[];
  /** IANA zone of the workspace. */
  timeZone: string;
  /** ISO 4217 */
  currency: string;
};

export type DraftDeal = {
  crm: CrmType;
  deal_name: string;
  amount: null;
  currency: string;
  pipeline_id: string | null;
  stage: string | null;
  /** yyyy-mm-dd */
  close_date: string;
  owner_email: string | null;
  /** Made together with the deal where no company matches. */
  company_to_create: { name: string; domain: string | null } | null;
  /** Ids in this CRM. */
  contacts_to_associate: string[];
  /** A lead's address is made a contact only when the rep says so. */
  contacts_to_create: { name: string | null; email: string; title: null; is_lead: boolean }[];
  notes: string;
};

/** @param now UTC */
export function draftDeal(question: DraftQuestion, now: Date): DraftDeal {
  const { crm, company, companyKey, currency } = question;
  const domain = companyKey?.startsWith("domain:") ? companyKey.slice("domain:".length) : null;
  const others = prospects(question);
  const companyName = company?.name || nameFromDomain(domain) || null;
  const isHere = (person: DraftParticipant) => person.contact?.crm === crm;
  const toCreate = others.filter((person) => person.email !== null && !isHere(person));
  return {
    ...{ crm, amount: null, currency, ...firstOpenStage(question.stages) },
    deal_name: dealName(companyName ?? others[0]?.name ?? others[0]?.email ?? null, question.title),
    close_date: dateIn(question.timeZone, new Date(now.getTime() + closeAfterDays * dayMs)),
    owner_email: question.rep?.email ?? null,
    company_to_create: company || companyName === null ? null : { name: companyName, domain },
    contacts_to_associate: [...new Set(others.filter(isHere).map((person) => person.contact!.id))],
    contacts_to_create: toCreate.map(({ name, email, lead }) => ({
      ...{ name, email: email!, title: null, is_lead: lead !== null },
    })),
    notes: notesOf(question),
  };
}

const closeAfterDays = 30;
const dayMs = 86_400_000;
/** HubSpot takes more; Salesforce ends an opportunity's name here. */
const nameMax = 120;

/** The people from outside, each once. */
function prospects({ participants, ignoredDomains }: DraftQuestion): DraftParticipant[] {
  const seen = new Set<string>();
  return participants.filter((person) => {
    if (person.side !== "external") return false;
    if (person.email === null) return true;
    if (isWithin(hostOfEmail(person.email), ignoredDomains) || seen.has(person.email)) return false;
    seen.add(person.email);
    return true;
  });
}

function dealName(who: string | null, title: string): string {
  const topic = title.trim();
  const holdsBoth = who !== null && topic.toLowerCase().includes(who.toLowerCase());
  const whole = holdsBoth || who === null ? topic : [who, topic].filter(Boolean).join(" – ");
  // Letters are never more than code units: hardly any name has to be taken apart.
  if (whole.length <= nameMax) return whole || "New deal";
  const letters = [...segmenter.segment(whole)].map(({ segment }) => segment);
  return letters.length <= nameMax
    ? whole
    : `${letters
        .slice(0, nameMax - 1)
        .join("")
        .trimEnd()}…`;
}

/** acme-tools.co.uk → Acme Tools */
function nameFromDomain(domain: string | null): string | null {
  const name = domain?.split(".")[0] ?? "";
  const words = name.split(/[-_]+/).filter(Boolean);
  return words.length === 0 ? null : words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}

/** Of the pipeline the CRM calls default, else of the first one by id. */
function firstOpenStage(stages: readonly DraftStage[]): { pipeline_id: string | null; stage: string | null } {
  const open = stages
    .filter((stage) => !stage.isClosed)
    .sort(
      (one, other) =>
        Number(other.pipelineId === "default") - Number(one.pipelineId === "default") ||
        (one.pipelineId < other.pipelineId ? -1 : one.pipelineId > other.pipelineId ? 1 : 0) ||
        one.sortOrder - other.sortOrder,
    );
  return { pipeline_id: open[0]?.pipelineId ?? null, stage: open[0]?.stageId ?? null };
}

function notesOf(question: DraftQuestion): string {
  const { title, startedAt, durationMinutes, url, summary, participants, timeZone } = question;
  const day = formatOf("en-US", "medium", timeZone).format(startedAt);
  const length = durationMinutes === null ? "" : `, ${Math.round(durationMinutes)} minutes`;
  const present = participants.filter((person) => person.side !== "nobody");
  const names = present.flatMap((person) => person.name ?? person.email ?? []);
  const lines = [
    `From the call "${title.trim() || "without a title"}" of ${day}${length}.`,
    ...(names.length > 0 ? [`With ${[...new Set(names)].join(", ")}.`] : []),
    ...(url ? [url] : []),
  ];
  return summary ? `${lines.join("\n")}\n\n${summary.trim()}` : lines.join("\n");
}

function dateIn(timeZone: string, at: Date): string {
  return formatOf("sv-SE", "short", timeZone).format(at);
}

const segmenter = new Intl.Segmenter();
const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once per time zone: two for each of 50 gaps took more than half of a page's CPU (npm run bench -- gaps). */
function formatOf(locale: string, dateStyle: "short" | "medium", timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { dateStyle, timeZone });
    formats.set(key, made);
  }
  return made;
}
