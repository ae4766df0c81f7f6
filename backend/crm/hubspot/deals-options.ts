/** What the form of a new deal offers and demands. */

import type { z } from "zod";
import type { DealOptions, DealPipeline, RequiredField } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import type { Owner } from "../port.ts";
import { crmVersion, type HubSpotClient } from "./client.ts";
import { toOwner, toProperty, toStages } from "./convert.ts";
import { dealFields, labelList, objectSchema } from "./deals-wire.ts";
import { accountDetails, ownerPage, pipelineList, propertyList, type WirePipeline } from "./wire.ts";

export async function dealOptions(client: HubSpotClient): Promise<DealOptions> {
  const get = async <T>(path: string, answer: z.ZodType<T>, query: Record<string, string> = {}): Promise<T> =>
    (await client.call({ method: "GET", path, query, answer, write: false })).data;
  const [board, owners, account, labels, required] = await Promise.all([
    get(`/crm/pipelines/${crmVersion}/deals`, pipelineList),
    activeOwners(client),
    get(`/account-info/${crmVersion}/details`, accountDetails),
    get(`/crm/associations/${crmVersion}/deals/contacts/labels`, labelList),
    requiredFields(client),
  ]);
  const pipelines = toPipelines(board.results);
  const first = pipelines[0];
  return {
    pipelines,
    defaultPipelineId: first?.id ?? null,
    firstOpenStageId: first?.stages.find((stage) => !stage.isClosed)?.id ?? null,
    owners,
    currencies: [...new Set([account.companyCurrency, ...account.additionalCurrencies])],
    roles: labels.results
      .filter((each) => each.category === "USER_DEFINED" && each.label)
      .map((each) => ({ value: String(each.typeId), label: each.label! })),
    required,
  };
}

async function activeOwners(client: HubSpotClient): Promise<Owner[]> {
  const owners: Owner[] = [];
  let after: string | undefined;
  do {
    const query = { limit: "500", archived: "false", ...(after ? { after } : {}) };
    const { data } = await client.call({
      method: "GET",
      path: `/crm/owners/${crmVersion}`,
      query,
      answer: ownerPage,
      write: false,
    });
    owners.push(...data.results.map(toOwner).filter((owner) => owner.active));
    after = data.paging?.next?.after;
  } while (after !== undefined);
  return owners;
}

/** Every draft has these. */
const always = new Set<string>([dealFields.name, dealFields.stage, dealFields.pipeline, dealFields.closeDate]);

/** Where the grant does not allow reading the definition, nothing is known to be required. */
async function requiredFields(client: HubSpotClient): Promise<RequiredField[]> {
  const names: string[] = await client
    .call({
      method: "GET",
      path: `/crm-object-schemas/${crmVersion}/schemas/deals`,
      answer: objectSchema,
      write: false,
    })
    .then(({ data }) => data.requiredProperties.filter((name) => !always.has(name)))
    .catch((error: unknown) => {
      if (error instanceof CrmError && (error.kind === "missing_scope" || error.detail.httpStatus === 404)) return [];
      throw error;
    });
  if (names.length === 0) return [];
  const path = `/crm/properties/${crmVersion}/deals`;
  const { data } = await client.call({ method: "GET", path, answer: propertyList, write: false });
  return data.results.filter((each) => names.includes(each.name)).map(toRequired);
}

function toRequired(wire: z.infer<typeof propertyList>["results"][number]): RequiredField {
  const { name, label, type, options } = toProperty(wire);
  const offered = options.filter((option) => option.active);
  return { name, label, type, options: offered.map((option) => ({ value: option.value, label: option.label })) };
}

function toPipelines(board: WirePipeline[]): DealPipeline[] {
  const pipelines = new Map<string, DealPipeline>();
  for (const stage of toStages(board)) {
    const { pipelineId: id, pipelineLabel: label, stageId, stageLabel, isClosed, isWon, probability } = stage;
    const pipeline = pipelines.get(id) ?? { id, label, stages: [] };
    pipelines.set(id, pipeline);
    pipeline.stages.push({ id: stageId, label: stageLabel, isClosed, isWon, probability });
  }
  return [...pipelines.values()];
}
