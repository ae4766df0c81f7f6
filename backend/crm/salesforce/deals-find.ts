/** What is there already: the deal of a key, an account's open deals, contacts and leads behind addresses. Queries are current at once. */
import { z } from "zod";
import type { DealFields, FoundContact, FoundLead, KeyState, OpenDeal } from "../deal-port.ts";
import type { RecordRead } from "../port.ts";
import { apiVersion, type SalesforceClient } from "./client.ts";
import { fromJson } from "./convert.ts";
import { type ClosedStatus, closedStatusQuery, rememberClosed } from "./deals-notes.ts";
import type { Describes } from "./describe.ts";
import { classifyResponse } from "./errors.ts";
import { queryAllRows } from "./listing.ts";
import { chunkForUrl, isRecordId, type Query, soql } from "./soql.ts";
import { type DescribedField, type QueriedRow, queryPage } from "./wire.ts";

export const dealFields: DealFields = {
  name: "Name",
  amount: "Amount",
  currency: "CurrencyIsoCode",
  stage: "StageName",
  pipeline: "RecordTypeId",
  closeDate: "CloseDate",
  owner: "OwnerId",
};

/**
 * The package's field, with the package's namespace, or made by an admin without one. An org may hold both: written is the
 * one that keeps keys unique, the package's before another.
 */
export async function keyField(describes: Describes, anew = false): Promise<DescribedField | undefined> {
  return (await keyFields(describes, anew))[0];
}

async function keyFields(describes: Describes, anew = false): Promise<DescribedField[]> {
  const { fields } = await (anew ? describes.again("deal") : describes.of("deal"));
  const rank = (field: DescribedField) =>
    (field.unique && field.createable ? 0 : 2) + (/__pandora_conversation_id__c$/i.test(field.name) ? 0 : 1);
  return fields
    .filter((field) => /^(?:[a-z]\w*__)?pandora_conversation_id__c$/i.test(field.name))
    .sort((one, other) => rank(one) - rank(other));
}

export async function keyState(describes: Describes): Promise<KeyState> {
  const field = (await keyField(describes)) ?? (await keyField(describes, true));
  if (!field) {
    const reason =
      "Salesforce shows no field Pandora_Conversation_Id__c on opportunities. Install the Pandora package, and give the connected user its permission set.";
    return { unique: false, reason };
  }
  if (!field.unique || !field.createable) {
    const lack = field.unique ? "may not be written by the connected user" : "is not unique";
    return {
      unique: false,
      reason: `The field ${field.name} ${lack}. Make it unique, an external id, and editable for the connected user.`,
    };
  }
  return { unique: true, reason: null };
}

export async function dealByKey(client: SalesforceClient, describes: Describes, key: string) {
  const query = await keyQuery(describes, key);
  return query ? ofKey(await queryAllRows(client, query), query, key) : null;
}

export async function openDealsOf(client: SalesforceClient, companyId: string): Promise<OpenDeal[]> {
  if (!isRecordId(companyId)) return [];
  return (await queryAllRows(client, openQuery(companyId))).map(toOpenDeal);
}

export async function duplicateCheck(
  client: SalesforceClient,
  describes: Describes,
  closed: ClosedStatus,
  of: { key: string | null; companyId: string | null },
) {
  const byKey = of.key === null ? null : await keyQuery(describes, of.key);
  const open = of.companyId !== null && isRecordId(of.companyId) ? openQuery(of.companyId) : null;
  const [found, deals, statuses] = await queryTogether(client, [byKey, open, closedStatusQuery]);
  rememberClosed(closed, statuses ?? []);
  return {
    byKey: byKey && of.key !== null ? ofKey(found ?? [], byKey, of.key) : null,
    open: (deals ?? []).map(toOpenDeal),
  };
}

export async function contactsByEmail(client: SalesforceClient, emails: string[]): Promise<FoundContact[]> {
  const rows = await byEmail(client, emails, { select: ["Id", "Email", "AccountId"], from: "Contact" });
  return rows.map((row) => ({
    id: String(row["Id"]),
    email: String(row["Email"]).toLowerCase(),
    companyId: fromJson(row["AccountId"], undefined),
  }));
}

export async function leadsByEmail(client: SalesforceClient, emails: string[]): Promise<FoundLead[]> {
  const rows = await byEmail(client, emails, { select: ["Id", "Email", "Name"], from: "Lead" }, true);
  return rows.map((row) => ({
    id: String(row["Id"]),
    email: String(row["Email"]).toLowerCase(),
    name: fromJson(row["Name"], undefined) ?? "",
  }));
}

/** Several queries in one call, null ones left out; each is answered with at most 2,000 rows. */
export async function queryTogether(client: SalesforceClient, queries: (Query | null)[]): Promise<QueriedRow[][]> {
  const compositeRequest = queries.flatMap((query, at) => (query ? [subrequest(query, at)] : []));
  const body = { allOrNone: false, compositeRequest };
  const { compositeResponse } = await client.ask(
    { method: "POST", path: "/composite", body, sent: "read" },
    compositeBody,
  );
  return queries.map((query, at) => {
    if (!query) return [];
    const answer = compositeResponse.find((each) => each.referenceId === `query${at}`);
    const page = queryPage.safeParse(answer?.body);
    if (page.success) return page.data.records;
    throw classifyResponse(answer?.httpStatusCode ?? 500, answer?.body, "read");
  });
}

function subrequest(query: Query, at: number) {
  const url = `/services/data/v${apiVersion}/query?q=${encodeURIComponent(soql(query))}`;
  return { method: "GET", url, referenceId: `query${at}` };
}

const compositeBody = z.object({
  compositeResponse: z.array(z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() })),
});

/** The currency stands only in orgs that have several, so it is not read here. */
const shown = Object.values(dealFields).filter((name) => name !== dealFields.currency && name !== dealFields.pipeline);

async function keyQuery(describes: Describes, key: string): Promise<Query | null> {
  // A deal made before the package came carries its key in the field that was there then.
  const names = (await keyFields(describes)).map((field) => field.name);
  if (names.length === 0) return null;
  const any = names.map((field) => ({ field, op: "=" as const, value: { string: key } }));
  return { select: ["Id", ...names, ...shown], from: "Opportunity", where: { any }, limit: 2 };
}

/** Text is compared without regard to letter case: only the very key is ours. */
function ofKey(rows: QueriedRow[], query: Query, key: string): RecordRead | null {
  const names = query.select.slice(1);
  const keys = names.filter((name) => !shown.includes(name));
  const row = rows.find((each) => keys.some((name) => each[name] === key));
  if (!row) return null;
  const values = names.map((each) => [each, fromJson(row[each], undefined)]);
  return { id: String(row["Id"]), properties: Object.fromEntries(values) };
}

function openQuery(companyId: string): Query {
  return {
    select: ["Id", ...shown],
    from: "Opportunity",
    where: {
      all: [
        { field: "AccountId", op: "=", value: { id: companyId } },
        { field: "IsClosed", op: "=", value: { boolean: false } },
      ],
    },
    orderBy: ["CreatedDate"],
    limit: 200,
  };
}

async function byEmail(client: SalesforceClient, emails: string[], query: Query, leads = false): Promise<QueriedRow[]> {
  const asked = [...new Set(emails.map((email) => email.trim().toLowerCase()).filter(Boolean))];
  const rows: QueriedRow[] = [];
  for (const page of chunkForUrl(asked)) {
    const among = { field: "Email", op: "in" as const, values: page.map((string) => ({ string })) };
    const live = { field: "IsConverted", op: "=" as const, value: { boolean: false } };
    const where = leads ? { all: [among, live] } : among;
    rows.push(...(await queryAllRows(client, { ...query, where, orderBy: ["CreatedDate", "Id"] })));
  }
  return rows;
}

function toOpenDeal(row: QueriedRow): OpenDeal {
  return {
    id: String(row["Id"]),
    name: fromJson(row["Name"], undefined) ?? "",
    stageId: fromJson(row["StageName"], undefined),
    amount: typeof row["Amount"] === "number" ? row["Amount"] : null,
    closeDate: fromJson(row["CloseDate"], undefined),
    ownerId: fromJson(row["OwnerId"], undefined),
  };
}
