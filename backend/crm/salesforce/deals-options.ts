/** What the form of a new opportunity offers and demands. */
import { z } from "zod";
import type { DealOptions, DealPipeline, RequiredField } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import type { Stage } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { propertyOf } from "./convert.ts";
import { dealFields, keyField } from "./deals-find.ts";
import type { Describes } from "./describe.ts";
import { queryAllRows } from "./listing.ts";
import { ownersOf, stagesOf } from "./organisation.ts";
import { type DescribedField, describedField } from "./wire.ts";

export async function dealOptions(client: SalesforceClient, describes: Describes): Promise<DealOptions> {
  const [stages, owners, recordTypes, required, roles, currencies] = await Promise.all([
    stagesOf(client),
    ownersOf(client),
    recordTypesOf(client),
    requiredFields(describes),
    rolesOf(client),
    currenciesOf(client, describes),
  ]);
  const usable = recordTypes.filter((each) => each.available && !each.master);
  const pipelines = toPipelines(stages).filter(
    ({ id }) => id === "default" || usable.some((each) => each.recordTypeId.slice(0, 15) === id.slice(0, 15)),
  );
  const usual = usable.find((each) => each.defaultRecordTypeMapping)?.recordTypeId.slice(0, 15);
  const pipeline = pipelines.find(({ id }) => id.slice(0, 15) === usual) ?? pipelines[0];
  return {
    pipelines,
    defaultPipelineId: pipeline?.id ?? null,
    firstOpenStageId: pipeline?.stages.find((stage) => !stage.isClosed)?.id ?? null,
    owners: owners.filter((owner) => owner.active),
    currencies,
    roles,
    required,
  };
}

const recordTypeInfo = z.object({
  recordTypeId: z.string(),
  available: z.boolean().default(true),
  master: z.boolean().default(false),
  defaultRecordTypeMapping: z.boolean().default(false),
});
const describedTypes = z.object({ recordTypeInfos: z.array(recordTypeInfo).default([]) });
const describedFields = z.object({ fields: z.array(describedField) });

/** Which record types the connected user may give, and the one given when none is named. */
async function recordTypesOf(client: SalesforceClient) {
  const body = await client.ask({ method: "GET", path: "/sobjects/Opportunity/describe" }, describedTypes);
  return body.recordTypeInfos;
}

async function rolesOf(client: SalesforceClient): Promise<DealOptions["roles"]> {
  const body = await client.ask({ method: "GET", path: "/sobjects/OpportunityContactRole/describe" }, describedFields);
  const role = body.fields.find((field) => field.name === "Role");
  return role ? choices(role) : [];
}

async function currenciesOf(client: SalesforceClient, describes: Describes): Promise<string[]> {
  const several = (await describes.of("deal")).find(dealFields.currency) !== undefined;
  const rows = several
    ? await queryAllRows(client, {
        select: ["IsoCode", "IsCorporate"],
        from: "CurrencyType",
        where: { field: "IsActive", op: "=", value: { boolean: true } },
      })
    : await queryAllRows(client, { select: ["DefaultCurrencyIsoCode"], from: "Organization", limit: 1 });
  if (rows.length === 0) throw new CrmError("unexpected", "Salesforce did not tell the org's currencies.");
  if (!several) return [String(rows[0]!["DefaultCurrencyIsoCode"])];
  const own = rows.filter((row) => row["IsCorporate"] === true);
  return [...own, ...rows.filter((row) => row["IsCorporate"] !== true)].map((row) => String(row["IsoCode"]));
}

/** Every draft has these; the owner is the connected user where none is given. */
const always = new Set<string>([dealFields.name, dealFields.stage, dealFields.closeDate, dealFields.owner]);

/** Page layouts demand more, of people at the page only. */
async function requiredFields(describes: Describes): Promise<RequiredField[]> {
  const key = await keyField(describes);
  return (await describes.of("deal")).fields
    .filter((field) => field.createable && !field.nillable && field["defaultedOnCreate"] !== true)
    .filter((field) => field.type !== "boolean" && !always.has(field.name) && field.name !== key?.name)
    .map((field) => ({ name: field.name, label: field.label, type: propertyOf(field).type, options: choices(field) }));
}

function choices(field: DescribedField): { value: string; label: string }[] {
  return field.picklistValues
    .filter((option) => option.active)
    .map(({ value, label }) => ({ value, label: label ?? value }));
}

function toPipelines(stages: Stage[]): DealPipeline[] {
  const pipelines = new Map<string, DealPipeline>();
  for (const { pipelineId: id, pipelineLabel: label, stageId, stageLabel, isClosed, isWon, probability } of stages) {
    const pipeline = pipelines.get(id) ?? { id, label, stages: [] };
    pipelines.set(id, pipeline);
    pipeline.stages.push({ id: stageId, label: stageLabel, isClosed, isWon, probability });
  }
  return [...pipelines.values()];
}
