/**
 * Everything a new deal needs in one composite graph: all of it or nothing.
 * Source: REST API Developer Guide, "Composite Graph": 500 nodes, one transaction a graph, results named @{ref.id}.
 */
import { z } from "zod";
import type { CreatedAll, CreatePlan } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import { apiVersion, type SalesforceClient } from "./client.ts";
import { companyValues, contactValues, dealValues, roleValues } from "./deals-create.ts";
import type { NewRow } from "./deals-insert.ts";
import { type ClosedStatus, closedStatus, taskValues } from "./deals-notes.ts";
import type { Describes } from "./describe.ts";
import { classifyRow } from "./errors.ts";
import { createdBody, errorBody } from "./wire.ts";

const nodesMax = 500;

/** @throws CrmError outcome_unknown when the reply was lost or is not understood */
export async function createGraph(
  client: SalesforceClient,
  describes: Describes,
  closed: ClosedStatus,
  plan: CreatePlan,
): Promise<CreatedAll> {
  const status = plan.note ? await closedStatus(client, closed) : "";
  const nodes = planNodes(plan, await dealValues(describes, { ...plan.deal, companyId: null }), status);
  if (nodes.length > nodesMax) {
    throw new CrmError("unexpected", `Salesforce makes at most ${nodesMax} records in one call; take fewer contacts.`);
  }
  const compositeRequest = nodes.map(({ type, referenceId, values }) => ({
    method: "POST",
    url: `/services/data/v${apiVersion}/sobjects/${type}`,
    referenceId,
    body: values,
  }));
  const { graphs } = await client.ask(
    { method: "POST", path: "/composite/graph", body: { graphs: [{ graphId: "deal", compositeRequest }] } },
    graphBody,
  );
  const graph = graphs[0]!;
  const answers = new Map(graph.graphResponse.compositeResponse.map((each) => [each.referenceId, each]));
  return graph.isSuccessful ? madeBy(plan, answers) : refusedBy(nodes, answers);
}

type Node = { type: string; referenceId: string; at: Place["at"]; index: number; values: NewRow };
type Place = Extract<CreatedAll, { ok: false }>;

const graphBody = z.object({
  graphs: z
    .array(
      z.object({
        isSuccessful: z.boolean(),
        graphResponse: z.object({
          compositeResponse: z.array(
            z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() }),
          ),
        }),
      }),
    )
    .min(1),
});
type Answers = Map<string, { httpStatusCode: number; body?: unknown }>;

/** In the order in which they name each other. */
function planNodes(plan: CreatePlan, deal: NewRow, taskStatus: string): Node[] {
  const { company, newContacts, note } = plan;
  const account = company ? "@{company.id}" : plan.deal.companyId;
  const ofAccount: NewRow = account ? { AccountId: account } : {};
  const people = [
    ...newContacts.map((contact, at) => ({ ...contact, id: `@{contact${at}.id}` })),
    ...plan.deal.contacts,
  ];
  const who = people.find((each) => each.primary) ?? people[0];
  const nodes: Node[] = newContacts.map((contact, index) => ({
    type: "Contact",
    referenceId: `contact${index}`,
    at: "contact",
    index,
    values: { ...plain(contactValues(contact)), ...(contact.companyId ? {} : ofAccount) },
  }));
  if (company) {
    nodes.unshift({
      type: "Account",
      referenceId: "company",
      at: "company",
      index: 0,
      values: plain(companyValues(company)),
    });
  }
  nodes.push({
    type: "Opportunity",
    referenceId: "deal",
    at: "deal",
    index: 0,
    values: { ...plain(deal), ...ofAccount },
  });
  for (const [index, contact] of people.entries()) {
    const values = { ...plain(roleValues(contact)), OpportunityId: "@{deal.id}", ContactId: contact.id };
    nodes.push({ type: "OpportunityContactRole", referenceId: `role${index}`, at: "role", index, values });
  }
  if (note) {
    const values = { ...plain(taskValues(note, taskStatus)), WhatId: "@{deal.id}", ...(who ? { WhoId: who.id } : {}) };
    nodes.push({ type: "Task", referenceId: "note", at: "note", index: 0, values });
  }
  return nodes;
}

/** What people wrote never becomes a reference to another record. */
function plain(values: NewRow): NewRow {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value.replaceAll("@{", "@ {") : value,
    ]),
  );
}

function madeBy(plan: CreatePlan, answers: Answers): CreatedAll {
  const idOf = (referenceId: string): string => {
    const body = createdBody.safeParse(answers.get(referenceId)?.body);
    if (body.success) return body.data.id;
    throw new CrmError("outcome_unknown", "Salesforce's answer does not tell the ids of what was made.");
  };
  return {
    ok: true,
    companyId: plan.company ? idOf("company") : plan.deal.companyId,
    contactIds: plan.newContacts.map((_, at) => idOf(`contact${at}`)),
    dealId: idOf("deal"),
    noteId: plan.note ? idOf("note") : null,
  };
}

/** The first node that was refused for its own sake; the others are only reported as halted. */
function refusedBy(nodes: Node[], answers: Answers): CreatedAll {
  for (const { referenceId, at, index } of nodes) {
    const answer = answers.get(referenceId);
    if (!answer || answer.httpStatusCode < 300) continue;
    const items = errorBody.safeParse(answer.body);
    if (!items.success || items.data[0]?.errorCode === "PROCESSING_HALTED") continue;
    return { ok: false, at, index, error: classifyRow(items.data) };
  }
  throw new CrmError("unexpected", "Salesforce refused the new deal without saying why. Nothing was made.");
}
