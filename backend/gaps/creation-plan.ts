/**
 * Checks what was asked against the CRM's own lists and puts it into the CRM's names and ids. Pure. Every fault is told
 * with what would be accepted, so that the form can be mended at once.
 */
import type { CreationWarning } from "../contract/creations.ts";
import type { DealFields, DealOptions, DealPipeline } from "../crm/deal-port.ts";
import type { FieldError } from "../errors.ts";
import type { Asked, Plan } from "./creation-row.ts";

export type Planned = { ok: true; plan: Plan; warnings: CreationWarning[] } | { ok: false; errors: FieldError[] };

const allowedMax = 50;

export function planDeal(asked: Asked, options: DealOptions, fields: DealFields): Planned {
  const errors: FieldError[] = [];
  const place = findPlace(asked, options, errors);
  const owner = findOwner(asked, options, errors);
  const currency = findCurrency(asked, options, errors);
  const properties: Plan["properties"] = {
    ...asked.custom,
    [fields.name]: asked.dealName,
    [fields.amount]: asked.amount === null ? null : String(asked.amount),
    [fields.closeDate]: asked.closeDate,
    [fields.pipeline]: place?.pipeline.id ?? null,
    [fields.stage]: place?.stage.id ?? null,
    [fields.owner]: owner.id,
    [fields.currency]: currencyToSend(currency, options, fields),
  };
  refuseReserved(asked, fields, errors);
  missing(asked, properties, options, fields, errors);
  if (errors.length > 0 || !place) return { ok: false, errors };
  const plan: Plan = {
    properties,
    ownerId: owner.id,
    pipelineId: place.pipeline.id,
    stageId: place.stage.id,
    stageClosed: place.stage.isClosed,
    stageWon: place.stage.isWon,
    currency: currency ?? options.currencies[0] ?? null,
  };
  return { ok: true, plan, warnings: owner.warning ? [owner.warning] : [] };
}

type Place = { pipeline: DealPipeline; stage: DealPipeline["stages"][number] };

function findPlace(asked: Asked, options: DealOptions, errors: FieldError[]): Place | null {
  const named = asked.pipeline;
  const usual = options.pipelines.find(({ id }) => id === options.defaultPipelineId) ?? options.pipelines[0];
  const pipeline = named === null ? usual : options.pipelines.find((each) => isNamed(each, named));
  if (!pipeline) {
    const message = named === null ? "the CRM lists no pipeline" : "is no pipeline of the CRM";
    errors.push(refusal("pipeline_id", message, options.pipelines));
    return null;
  }
  const { stage } = asked;
  if (stage === null) {
    const usualStage = pipeline.stages.find(({ id }) => id === options.firstOpenStageId);
    const first = (pipeline === usual ? usualStage : undefined) ?? pipeline.stages.find((each) => !each.isClosed);
    if (first) return { pipeline, stage: first };
    errors.push(refusal("stage", `has to be given: ${pipeline.label} has no open stage`, pipeline.stages));
    return null;
  }
  const found = pipeline.stages.find((each) => isNamed(each, stage));
  if (found) return { pipeline, stage: found };
  // Only the stage was named: the one pipeline that has it is meant.
  const elsewhere =
    named === null ? options.pipelines.filter((each) => each.stages.some((s) => isNamed(s, stage))) : [];
  const [only] = elsewhere;
  if (only && elsewhere.length === 1) return { pipeline: only, stage: only.stages.find((s) => isNamed(s, stage))! };
  errors.push(refusal("stage", `is no stage of ${pipeline.label}`, pipeline.stages));
  return null;
}

function isNamed(one: { id: string; label: string }, name: string): boolean {
  const wanted = name.trim().toLowerCase();
  // Salesforce's ids come in 15 and in 18 characters.
  const sameId = one.id === name || (/^[A-Za-z0-9]{15,18}$/.test(name) && one.id.slice(0, 15) === name.slice(0, 15));
  return sameId || one.id.toLowerCase() === wanted || one.label.trim().toLowerCase() === wanted;
}

function findOwner(
  { ownerEmail, ownerAsked }: Asked,
  { owners }: DealOptions,
  errors: FieldError[],
): { id: string | null; warning?: CreationWarning } {
  if (ownerEmail === null) return { id: null };
  const same = owners.filter((each) => each.email?.toLowerCase() === ownerEmail.toLowerCase());
  const [only] = same;
  if (only && same.length === 1) return { id: only.id };
  if (ownerAsked) {
    const says = only ? "belongs to several users of the CRM" : "is no active user of the CRM who can own a deal";
    errors.push({
      field: "owner_email",
      code: "not_allowed",
      message: says,
      allowed: owners.flatMap(({ email }) => email ?? []).slice(0, allowedMax),
    });
    return { id: null };
  }
  const message = `The deal was not given to ${ownerEmail}: no active user of the CRM has this address. Choose an owner.`;
  return { id: null, warning: { code: "owner_not_found", message, field: "owner_email" } };
}

function findCurrency({ currency }: Asked, { currencies }: DealOptions, errors: FieldError[]): string | null {
  if (currency === null || currencies.includes(currency)) return currency;
  errors.push({
    field: "currency",
    code: "not_allowed",
    message: "is no currency of the CRM account",
    allowed: currencies.slice(0, allowedMax),
  });
  return null;
}

/** An account with a single currency may have no field for it. */
function currencyToSend(currency: string | null, options: DealOptions, fields: DealFields): string | null {
  if (options.required.some(({ name }) => name === fields.currency)) return currency ?? options.currencies[0] ?? null;
  return options.currencies.length > 1 ? currency : null;
}

/** What has a field of its own in the request, and the key that makes the deal unique. */
function refuseReserved({ custom }: Asked, fields: DealFields, errors: FieldError[]): void {
  const own = new Map(Object.entries(fields).map(([field, name]) => [name.toLowerCase(), requestFields[field]]));
  for (const name of Object.keys(custom)) {
    const instead = own.get(name.toLowerCase());
    const isKey = /^(?:[a-z]\w*__)?pandora_conversation_id(?:__c)?$/i.test(name);
    if (!instead && !isKey) continue;
    const message = instead ? `is given as ${instead}` : "is set by Pandora";
    errors.push({ field: `custom_properties.${name}`, code: "reserved", message });
  }
}

const requestFields: Record<string, string> = {
  name: "deal_name",
  amount: "amount",
  currency: "currency",
  stage: "stage",
  pipeline: "pipeline_id",
  closeDate: "close_date",
  owner: "owner_email",
};

function missing(
  asked: Asked,
  properties: Plan["properties"],
  { required }: DealOptions,
  fields: DealFields,
  errors: FieldError[],
): void {
  for (const { name, label, options } of required) {
    const own = Object.entries(fields).find(([, crmName]) => crmName === name)?.[0];
    const field = own ? requestFields[own]! : `custom_properties.${name}`;
    // Told already, with what would be accepted.
    if (errors.some((each) => each.field === field)) continue;
    const value = properties[name] ?? null;
    const allowed = options.slice(0, allowedMax).map((option) => option.value);
    const more = allowed.length > 0 ? { allowed } : {};
    if (value === null || value.trim() === "") {
      const message = `is required by the CRM (${label})`;
      errors.push({ field, code: "required", message, ...more });
    } else if (name in asked.custom && options.length > 0 && !options.some((option) => option.value === value)) {
      const byLabel = options.find((option) => option.label.trim().toLowerCase() === value.trim().toLowerCase());
      if (byLabel) properties[name] = byLabel.value;
      else errors.push({ field, code: "not_allowed", message: `is no value of ${label}`, ...more });
    }
  }
}

function refusal(field: string, message: string, among: { id: string; label: string }[]): FieldError {
  const allowed = [...new Set(among.map(({ label }) => label))].slice(0, allowedMax);
  return { field, code: "not_allowed", message, ...(allowed.length > 0 ? { allowed } : {}) };
}
