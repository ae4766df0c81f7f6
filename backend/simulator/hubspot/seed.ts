/** Fills a portal: definitions always, a company's records when there is one. None of it counts as history. */

import { type SeedOrganisation, pipelines as standardPipelines } from "../company.ts";
import { contactRoles } from "../company-names.ts";
import { type HsObjectType, objectTypeIds, singular } from "./catalogue.ts";
import { defaultTypeId } from "./link-types.ts";
import { standardProperties } from "./standard-properties.ts";
import { insertRecord, link, type Portal } from "./state.ts";
import { isoTime } from "./values.ts";

/** Standard properties, groups, pipelines, and the people of the company (or one admin). */
export function seedDefinitions(portal: Portal, company: SeedOrganisation | undefined): void {
  portal.pipelines = (company?.pipelines ?? standardPipelines).map(({ key, label, stages }) => ({
    id: key,
    label,
    stages: stages.map(({ key: id, ...stage }) => ({ id, ...stage })),
  }));
  const stages = portal.pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => `${stage.id}=${stage.label}`));
  const named = portal.pipelines.map((pipeline) => `${pipeline.id}=${pipeline.label}`);
  for (const type of Object.keys(objectTypeIds) as HsObjectType[]) {
    for (const each of standardProperties(type, stages, named)) portal.properties[type].set(each.name, each);
    const name = `${singular[type]}information`;
    portal.groups[type].set(name, { name, label: `${singular[type]} information`, displayOrder: 0, archived: false });
  }
  const people = company?.owners ?? [
    {
      key: "owner-0",
      firstName: "Ada",
      lastName: "Admin",
      email: "ada.admin@acme-cloud.example",
      team: "Sales",
      active: true,
    },
  ];
  const teams = [...new Set(people.map((person) => person.team))];
  portal.owners = people.map((person, i) => ({
    id: String(70_000_001 + i),
    userId: 5_000_001 + i,
    email: person.email,
    firstName: person.firstName,
    lastName: person.lastName,
    team: { id: String(900 + teams.indexOf(person.team)), name: person.team },
    archived: !person.active,
  }));
  portal.ownerIds = new Set(portal.owners.flatMap((owner) => (owner.archived ? [] : [owner.id])));
  for (const [at, label] of (company ? contactRoles : []).entries()) {
    portal.labels.push({ from: "deals", to: "contacts", typeId: 101 + at, label });
  }
}

/** The company's records and links. @returns CRM ids by the company's keys */
export function seedRecords(portal: Portal, company: SeedOrganisation): Map<string, string> {
  const ids = new Map(company.owners.map((owner, i) => [owner.key, portal.owners[i]!.id]));
  const add = (
    key: string,
    type: HsObjectType,
    values: Record<string, string | number | Date | null | undefined>,
    at: Date,
  ) => ids.set(key, insertRecord(portal, type, stored(values), null, at.getTime()).id);
  for (const each of company.companies) {
    const { name, domain, industry, city, type } = each;
    add(
      each.key,
      "companies",
      {
        name,
        domain,
        industry,
        city,
        type,
        numberofemployees: each.employees,
        annualrevenue: each.annualRevenue,
        lifecyclestage: type === "CUSTOMER" ? "customer" : "lead",
        hubspot_owner_id: ids.get(each.ownerKey),
      },
      each.createdAt,
    );
  }
  for (const each of company.contacts) {
    add(
      each.key,
      "contacts",
      {
        email: each.email,
        firstname: each.firstName,
        lastname: each.lastName,
        jobtitle: each.title,
        hs_seniority: each.seniority,
        phone: each.phone,
        hubspot_owner_id: ids.get(each.ownerKey),
        notes_last_updated: each.lastActivityAt,
      },
      each.createdAt,
    );
    associate(portal, ids, "contacts", each.key, "companies", each.companyKey, 1);
  }
  for (const each of company.deals) {
    add(
      each.key,
      "deals",
      {
        dealname: each.name,
        amount: each.amount,
        pipeline: each.pipelineKey,
        dealstage: each.stageKey,
        closedate: each.closeDate,
        hubspot_owner_id: each.ownerKey ? ids.get(each.ownerKey) : null,
        hs_next_step: each.nextStep,
        closed_lost_reason: each.lostReason,
        notes_last_updated: each.lastActivityAt,
        hs_date_entered_current_stage: each.stageSince,
        num_contacted_notes: each.lastActivityAt ? 3 + (each.name.length % 9) : 0,
      },
      each.createdAt,
    );
    associate(portal, ids, "deals", each.key, "companies", each.companyKey, 5);
    for (const contact of each.contacts) {
      associate(portal, ids, "deals", each.key, "contacts", contact.key, null, contact.role);
    }
  }
  return ids;
}

/** @param primary number of the "Primary" type beside the plain one; @param role a label of the portal's own */
function associate(
  portal: Portal,
  ids: Map<string, string>,
  type: HsObjectType,
  key: string,
  toType: HsObjectType,
  toKey: string,
  primary: number | null,
  role?: string,
): void {
  const from = { type, id: ids.get(key)! };
  const to = ids.get(toKey)!;
  link(portal, from, toType, to, { category: "HUBSPOT_DEFINED", typeId: defaultTypeId(type, toType), label: null });
  if (primary) link(portal, from, toType, to, { category: "HUBSPOT_DEFINED", typeId: primary, label: null });
  if (role)
    link(portal, from, toType, to, { category: "USER_DEFINED", typeId: 101 + contactRoles.indexOf(role), label: role });
}

function stored(values: Record<string, string | number | Date | null | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined)
      kept[name] = value instanceof Date ? isoTime(value.getTime()) : String(value);
  }
  return kept;
}
