/** Both simulators, filled with the same company, in one shape: what the demo shows of them and does in them. */
import { systemClock } from "../clock.ts";
import type { CrmType, ObjectType } from "../contract/common.ts";
import { generateCompany } from "../simulator/company.ts";
import type { FaultControl } from "../simulator/faults.ts";
import type { HistoryRow } from "../simulator/history.ts";
import type { SimulatorStats } from "../simulator/http.ts";
import { type SimRecord, startHubSpotSimulator } from "../simulator/hubspot/start.ts";
import { startSalesforceSimulator } from "../simulator/salesforce/simulator.ts";

/** How many of each the company has. */
export type DemoSize = { deals: number; companies: number; contacts: number };

export type DemoCrm = {
  crm: CrmType;
  url: string;
  clientId: string;
  clientSecret: string;
  /** Values as the CRM holds them; null when the record is gone. */
  record(objectType: ObjectType, id: string): Record<string, string | null> | null;
  /** Notes (Salesforce: tasks) that hang on a deal: their text. */
  notes(dealId: string): string[];
  /** A person types over values. @throws Error in the CRM's words when it refuses */
  edit(objectType: ObjectType, id: string, properties: Record<string, string | null>): void;
  /** A person deletes a record. */
  remove(objectType: ObjectType, id: string): void;
  history(objectType: ObjectType, id: string): HistoryRow[];
  stats(): SimulatorStats;
  stop(): Promise<void>;
};

export type DemoCrms = Record<CrmType, DemoCrm> & {
  /** What stands in for the vendors' own side of the apps inside them. */
  apps: {
    portalId: string;
    orgId: string;
    /** What the package in the org was handed; null before. */
    signingKey(): { keyId: string; signingKey: string } | null;
    /** A record with what hangs on it; null when it is gone. */
    hubspotRecord(objectType: ObjectType, id: string): SimRecord | null;
    /** Makes the simulated HubSpot slow or fail, so that pages can be seen while something goes on. */
    hubspotFaults: FaultControl;
  };
};

/** Starts both on free ports of this machine. */
export async function startCrms(size: DemoSize): Promise<DemoCrms> {
  const company = generateCompany({ seed: 7, now: new Date(), ...size });
  const hubspot = await startHubSpotSimulator({ clock: systemClock, seed: 7, company });
  const salesforce = await startSalesforceSimulator({
    ...{ clock: systemClock, company },
    package: { namespace: "pandora_crm" },
  });
  return {
    apps: {
      portalId: String(hubspot.portalId),
      orgId: salesforce.orgId,
      signingKey: () => salesforce.package.setting(),
      hubspotRecord: (objectType, id) => hubspot.record(objectType, id),
      hubspotFaults: hubspot.faults,
    },
    hubspot: {
      ...{ crm: "hubspot", url: hubspot.url, clientId: hubspot.clientId, clientSecret: hubspot.clientSecret },
      record: (objectType, id) => hubspot.record(objectType, id)?.properties ?? null,
      notes: (dealId) =>
        (hubspot.record("deal", dealId)?.associations["notes"] ?? []).map(
          (id) => hubspot.record("note", id)?.properties["hs_note_body"] ?? "",
        ),
      edit: hubspot.edit,
      remove: hubspot.archive,
      history: (objectType, id) => hubspot.history({ objectType, id }),
      stats: hubspot.stats,
      stop: hubspot.stop,
    },
    salesforce: {
      ...{ crm: "salesforce", url: salesforce.url },
      ...{ clientId: salesforce.clientId, clientSecret: salesforce.clientSecret },
      record: (objectType, id) => salesforce.record(objectType, id)?.properties ?? null,
      notes: (dealId) =>
        salesforce
          .idsOf("Task")
          .map((id) => salesforce.record("Task", id)?.properties ?? {})
          .filter((task) => task["WhatId"] === dealId)
          .map((task) => `${task["Subject"]}\n${task["Description"]}`),
      edit: salesforce.edit,
      remove: salesforce.remove,
      history: (objectType, id) => salesforce.history({ objectType, id }),
      stats: salesforce.stats,
      stop: salesforce.stop,
    },
  };
}

/** What the templates call the properties, in each CRM's spelling. */
export function propertyIn(crm: CrmType, name: string): string {
  if (crm === "hubspot") return name;
  const words = name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("_")}__c`;
}
