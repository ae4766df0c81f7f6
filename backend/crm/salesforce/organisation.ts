/** The org itself: account, users and opportunity stages. */

import { CrmError } from "../errors.ts";
import type { AccountInfo, Owner, Stage } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { uiUrlOf } from "./convert.ts";
import type { Describes } from "./describe.ts";
import { queryAllRows } from "./listing.ts";
import { picklistValuesBody, type QueriedRow, userInfoBody } from "./wire.ts";

/** @throws CrmError unexpected when the org does not tell who it is */
export async function accountOf(client: SalesforceClient, describes: Describes): Promise<AccountInfo> {
  const user = await client.ask({ method: "GET", path: "/services/oauth2/userinfo" }, userInfoBody);
  const multiCurrency = (await describes.of("deal")).find("CurrencyIsoCode") !== undefined;
  const [organisation] = await queryAllRows(client, {
    select: ["Id", "Name", "TimeZoneSidKey", ...(multiCurrency ? [] : ["DefaultCurrencyIsoCode"])],
    from: "Organization",
    limit: 1,
  });
  if (!organisation) throw new CrmError("unexpected", "Salesforce did not show its organisation record.");
  return {
    accountId: user.organization_id,
    name: String(organisation["Name"]),
    timeZone: String(organisation["TimeZoneSidKey"]),
    currency: multiCurrency ? await corporateCurrency(client) : String(organisation["DefaultCurrencyIsoCode"]),
    multiCurrency,
    uiUrl: uiUrlOf(client.instanceUrl),
    userId: user.user_id,
  };
}

/** Standard users, those who left included: records still name them. */
export async function ownersOf(client: SalesforceClient): Promise<Owner[]> {
  const rows = await queryAllRows(client, {
    select: ["Id", "Email", "Name", "IsActive", "UserRoleId"],
    from: "User",
    where: { field: "UserType", op: "=", value: { string: "Standard" } },
    orderBy: ["Id"],
  });
  return rows.map((row) => ({
    id: String(row["Id"]),
    email: text(row["Email"])?.toLowerCase() ?? null,
    name: text(row["Name"]) ?? "",
    active: row["IsActive"] === true,
    userId: String(row["Id"]),
    teamIds: text(row["UserRoleId"]) ? [String(row["UserRoleId"])] : [],
  }));
}

/** Active stages; a pipeline per active record type with the stages it allows, "default" where there are none. */
export async function stagesOf(client: SalesforceClient): Promise<Stage[]> {
  const rows = await queryAllRows(client, {
    select: ["ApiName", "MasterLabel", "SortOrder", "IsClosed", "IsWon", "DefaultProbability"],
    from: "OpportunityStage",
    where: { field: "IsActive", op: "=", value: { boolean: true } },
    orderBy: ["SortOrder"],
  });
  const recordTypes = await queryAllRows(client, {
    select: ["Id", "Name"],
    from: "RecordType",
    where: {
      all: [
        { field: "SobjectType", op: "=", value: { string: "Opportunity" } },
        { field: "IsActive", op: "=", value: { boolean: true } },
      ],
    },
    orderBy: ["Name"],
  });
  if (recordTypes.length === 0) return rows.map((row) => stageOf(row, "default", "Opportunities"));
  const stages: Stage[] = [];
  for (const recordType of recordTypes) {
    const id = String(recordType["Id"]);
    const path = `/ui-api/object-info/Opportunity/picklist-values/${id}/StageName`;
    const { values } = await client.ask({ method: "GET", path }, picklistValuesBody);
    const allowed = new Set(values.map((option) => option.value));
    for (const row of rows) {
      if (allowed.has(String(row["ApiName"]))) stages.push(stageOf(row, id, String(recordType["Name"])));
    }
  }
  return stages;
}

async function corporateCurrency(client: SalesforceClient): Promise<string> {
  const [row] = await queryAllRows(client, {
    select: ["IsoCode"],
    from: "CurrencyType",
    where: { field: "IsCorporate", op: "=", value: { boolean: true } },
    limit: 1,
  });
  if (!row) throw new CrmError("unexpected", "Salesforce did not tell the corporate currency.");
  return String(row["IsoCode"]);
}

function stageOf(row: QueriedRow, pipelineId: string, pipelineLabel: string): Stage {
  const percent = row["DefaultProbability"];
  return {
    pipelineId,
    pipelineLabel,
    stageId: String(row["ApiName"]),
    stageLabel: String(row["MasterLabel"]),
    sortOrder: Number(row["SortOrder"]),
    isClosed: row["IsClosed"] === true,
    isWon: row["IsWon"] === true,
    probability: typeof percent === "number" ? percent / 100 : null,
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
