/** Both CRMs as the deal suite wants them: one adapter on its own simulator, in words both share. */
import type { SteppedClock } from "../../backend/clock.ts";
import type { ContactDraft, DealDraft, DealPort } from "../../backend/crm/deal-port.ts";
import type { Crm } from "../../backend/crm/port.ts";
import type { FaultControl } from "../../backend/simulator/faults.ts";
import { setupHubSpot } from "./hubspot-setup.ts";
import { connectSalesforce } from "./salesforce-setup.ts";

export type DealSetup = {
  crm: Crm;
  deals: DealPort;
  clock: SteppedClock;
  faults: FaultControl;
  /** An open stage and a closed one of the default pipeline, and one of another pipeline. */
  stages: { open: string; closed: string; foreign: string };
  pipeline: string;
  /** A restricted list on deals. */
  list: string;
  addCompany(name: string): string;
  addContact(email: string, companyId?: string): string;
  addDeal(deal: { name: string; companyId: string; stage: string }): string;
  addOwner(active: boolean): string;
  /** An admin's rule: deals called so are refused. */
  forbidName(name: string, message: string): void;
  /** Deals need this text from now on. @returns its name */
  requireText(): string;
  /** The properties, the linked records and the notes of a deal; null when it is gone. */
  dealAt(id: string): { properties: Record<string, string | null>; companies: string[]; contacts: string[] } | null;
  dealIds(): string[];
  contact(id: string): { name: string; title: string | null } | null;
  contactIds(): string[];
  /** All living ones, as the CRM holds them. */
  records(objectType: "deal" | "company" | "contact"): { id: string; properties: Record<string, string | null> }[];
  noteIds(): string[];
  noteAt(id: string): string;
  /** A person changes the deal's name. @returns the CRM user's id */
  rename(dealId: string, name: string): string;
  /** A person puts a note or a task on it. */
  noteByPerson(dealId: string): void;
  archiveContact(id: string): void;
  /** Calls of the CRM since the last time. */
  calls(): number;
  goneId: string;
  stop(): Promise<void>;
};

export async function dealsOnHubSpot(): Promise<DealSetup> {
  const { crm, simulator: sim, clock, stop } = await setupHubSpot({ company: undefined });
  sim.addOwner({ email: "ben@acme-cloud.example", firstName: "Ben", lastName: "Rep", active: true });
  sim.addLabel("deals", "contacts", "Champion");
  await crm.deals.ensureKey();
  sim.resetStats();
  return {
    crm,
    deals: crm.deals,
    clock,
    faults: sim.faults,
    stages: { open: "appointmentscheduled", closed: "closedwon", foreign: "renewal_won" },
    pipeline: "default",
    list: "dealtype",
    addCompany: (name) => sim.addRecord("company", { name, domain: `${name.toLowerCase()}.example` }),
    addContact(email, companyId) {
      const id = sim.addRecord("contact", { email, firstname: "Kim", lastname: "Known" });
      if (companyId) sim.associate("contact", id, "company", companyId);
      return id;
    },
    addDeal({ name, companyId, stage }) {
      const id = sim.addRecord("deal", { dealname: name, dealstage: stage, amount: "5000", closedate: "2026-12-31" });
      sim.associate("deal", id, "company", companyId);
      return id;
    },
    addOwner: (active) => sim.addOwner({ email: "x@acme-cloud.example", firstName: "X", lastName: "Y", active }),
    forbidName: (name, message) =>
      sim.addRule({ objectType: "deal", property: "dealname", message, passes: (value) => value !== name }),
    requireText() {
      sim.addProperty("deal", { name: "region", label: "Region", type: "string", fieldType: "text" });
      sim.requireField("deal", "region");
      return "region";
    },
    dealAt(id) {
      const found = sim.record("deal", id);
      if (!found) return null;
      const { companies = [], contacts = [] } = found.associations;
      return { properties: found.properties, companies, contacts };
    },
    dealIds: () => sim.ids("deal"),
    contact(id) {
      const values = sim.record("contact", id)?.properties;
      return values ? { name: `${values.firstname} ${values.lastname}`, title: values.jobtitle ?? null } : null;
    },
    contactIds: () => sim.ids("contact"),
    records: (objectType) => sim.ids(objectType).flatMap((id) => sim.record(objectType, id) ?? []),
    noteIds: () => sim.ids("note"),
    noteAt: (id) => sim.record("note", id)?.properties.hs_note_body ?? "",
    rename(dealId, name) {
      sim.edit("deal", dealId, { dealname: name });
      return "5000002";
    },
    noteByPerson(dealId) {
      const at = clock.now().toISOString();
      const id = sim.addRecord("note", { hs_note_body: "Called them", hs_timestamp: at });
      sim.associate("note", id, "deal", dealId);
    },
    archiveContact: (id) => sim.archive("contact", id),
    calls() {
      const sum = Object.values(sim.stats().calls).reduce((total, each) => total + each, 0);
      sim.resetStats();
      return sum;
    },
    goneId: "99999999999",
    stop,
  };
}

export async function dealsOnSalesforce(): Promise<DealSetup> {
  const { crm, sim, clock, stop } = await connectSalesforce();
  const pipeline = sim.addRecordType("New business", ["Prospecting", "Qualification", "Closed Won", "Closed Lost"]);
  sim.addRecordType("Renewal", ["Negotiation/Review", "Closed Won"]);
  await crm.deals.ensureKey();
  const total = () => Object.values(sim.stats().calls).reduce((sum, each) => sum + each, 0);
  let counted = total();
  return {
    crm,
    deals: crm.deals,
    clock,
    faults: sim.faults,
    stages: { open: "Prospecting", closed: "Closed Won", foreign: "Negotiation/Review" },
    pipeline,
    list: "Deal_Health__c",
    addCompany: (name) => sim.addRecord("company", { Name: name }),
    addContact: (email, companyId) =>
      sim.addRecord("contact", {
        Email: email,
        FirstName: "Kim",
        LastName: "Known",
        ...(companyId ? { AccountId: companyId } : {}),
      }),
    addDeal: ({ name, companyId, stage }) =>
      sim.addRecord("deal", {
        Name: name,
        AccountId: companyId,
        StageName: stage,
        Amount: 5000,
        CloseDate: "2026-12-31",
      }),
    addOwner: (active) => sim.addOwner({ email: "x@acme-cloud.example", firstName: "X", lastName: "Y", active }),
    forbidName: (name, message) =>
      sim.addValidationRule({ object: "deal", field: "Name", message, refuses: (row) => row["Name"] === name }),
    requireText() {
      sim.addField("deal", "Region__c", "string");
      sim.requireField("deal", "Region__c");
      return "Region__c";
    },
    dealAt(id) {
      const found = sim.record("deal", id);
      if (!found) return null;
      const roles = sim.idsOf("OpportunityContactRole").map((role) => sim.record("OpportunityContactRole", role)!);
      const own = roles.filter(({ properties }) => properties["OpportunityId"] === id);
      const account = found.properties["AccountId"];
      return {
        properties: found.properties,
        companies: account ? [account] : [],
        contacts: own.map(({ properties }) => properties["ContactId"]!),
      };
    },
    dealIds: () => sim.idsOf("deal"),
    contact(id) {
      const values = sim.record("contact", id)?.properties;
      return values ? { name: values["Name"] ?? "", title: values["Title"] ?? null } : null;
    },
    contactIds: () => sim.idsOf("contact"),
    records: (objectType) => sim.idsOf(objectType).flatMap((id) => sim.record(objectType, id) ?? []),
    noteIds: () => sim.idsOf("Task"),
    noteAt: (id) => {
      const values = sim.record("Task", id)!.properties;
      return `${values["Subject"]}\n${values["Description"]}`;
    },
    rename(dealId, name) {
      sim.edit("deal", dealId, { Name: name });
      return sim.record("deal", dealId)!.properties["LastModifiedById"]!;
    },
    noteByPerson(dealId) {
      sim.addRecord("Task", { Subject: "Call them", WhatId: dealId });
    },
    archiveContact: (id) => sim.remove("contact", id),
    calls() {
      const before = counted;
      counted = total();
      return counted - before;
    },
    goneId: "0035g00000zzzzzAAA",
    stop,
  };
}

export function dealDraft(s: DealSetup, more: Partial<DealDraft> & { name?: string } = {}): DealDraft {
  const { name = "Litware – Pilot", properties, ...rest } = more;
  const { fields } = s.deals;
  return {
    key: "conversation-1",
    companyId: null,
    contacts: [],
    ...rest,
    properties: {
      [fields.name]: name,
      [fields.stage]: s.stages.open,
      [fields.pipeline]: s.pipeline,
      [fields.closeDate]: "2026-12-22",
      [fields.amount]: "0",
      ...properties,
    },
  };
}

export function person(email: string, more: Partial<ContactDraft> = {}): ContactDraft {
  return { email, name: "Nia New", title: "CTO", companyId: null, ownerId: null, ...more };
}

export function noteFor(dealId: string, more: Partial<Parameters<DealPort["addNote"]>[0]> = {}) {
  return {
    dealId,
    companyId: null,
    contactIds: [],
    key: "conversation-1",
    title: "Made from a conversation",
    body: "They asked for a pilot.",
    at: "2026-11-22T09:00:00.000Z",
    ...more,
  };
}
