/** People who are no contacts yet. */
import type { LeadRecord, Page } from "../port.ts";
import { changedQuery, keysetCursor, pageSize } from "./activities-keyset.ts";
import type { SalesforceClient } from "./client.ts";
import { fromJson, isoTime } from "./convert.ts";
import { queryAllRows } from "./listing.ts";
import type { QueriedRow } from "./wire.ts";

const select = [
  "Id",
  "Email",
  "Name",
  "Company",
  "Status",
  "OwnerId",
  "IsConverted",
  "ConvertedContactId",
  "IsDeleted",
  "SystemModstamp",
];

/** @param since UTC ISO, deletions included; null = all that live */
export async function listLeads(
  client: SalesforceClient,
  since: string | null,
  cursor: string | null,
): Promise<Page<LeadRecord>> {
  const rows = await queryAllRows(client, { select, from: "Lead", ...changedQuery(since, cursor) }, since !== null);
  return { items: rows.map(toLead), cursor: rows.length < pageSize ? null : keysetCursor(rows.at(-1)) };
}

function toLead(row: QueriedRow): LeadRecord {
  const text = (name: string) => fromJson(row[name], undefined);
  return {
    id: String(row["Id"]),
    email: text("Email")?.toLowerCase() ?? null,
    name: text("Name") ?? "",
    company: text("Company"),
    status: text("Status"),
    ownerId: text("OwnerId"),
    isConverted: row["IsConverted"] === true,
    contactId: text("ConvertedContactId"),
    updatedAt: isoTime(String(row["SystemModstamp"])),
    deleted: row["IsDeleted"] === true,
  };
}
