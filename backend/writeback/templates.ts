/** Templates: tested sets of mappings, applied in one step; properties the CRM lacks are made first. */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { createCrmProperty, crmProperties } from "../connections/properties.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { CrmType, ListOf, ObjectType } from "../contract/common.ts";
import { type Mapping, mappingDraft } from "../contract/mappings.ts";
import type { Template, TemplateApplied } from "../contract/templates.ts";
import type { PropertyDraft } from "../crm/port.ts";
import { notFound } from "../errors.ts";
import type { MappingRules } from "./mapping-rules.ts";
import { listMappings, saveMappings } from "./mappings.ts";

/**
 * @param asked the CRM; absent: the only one connected
 * @throws AppError not_connected (409) | which_crm (422)
 */
export async function listTemplates(
  house: House,
  workspaceId: string,
  asked: CrmType | undefined,
): Promise<ListOf<Template>> {
  const crm = await whichCrm(house, workspaceId, asked);
  const live = (await listMappings(house, workspaceId, { crm })).items;
  const items: Template[] = [];
  for (const recipe of recipes) {
    const { properties } = await crmProperties(house, workspaceId, crm, recipe.objectType);
    const known = new Set(properties.map((one) => one.name));
    items.push({
      key: recipe.key,
      crm_type: crm,
      object_type: recipe.objectType,
      label: recipe.label,
      description: recipe.description,
      mappings: recipe.parts.map((part) => {
        const name = propertyName(crm, part);
        return {
          pandora_field: part.field,
          crm_property_name: name,
          crm_property_label: part.label,
          creates_property: !known.has(name),
          already_mapped: writerOf(live, recipe.objectType, name) !== undefined,
        };
      }),
    });
  }
  return { items, next_cursor: null };
}

/**
 * Applies a template: makes missing properties, then all missing mappings at once. Applied again, it makes only what is
 * missing still.
 * @throws AppError not_found (404) for an unknown key, invalid_mapping (422) when a property of that name is of
 *   another kind; CrmError as the CRM refuses a property
 */
export async function applyTemplate(
  house: House,
  workspaceId: string,
  request: { key: string; crm: CrmType | undefined; by: string },
): Promise<TemplateApplied> {
  const recipe = recipes.find((one) => one.key === request.key);
  if (!recipe) throw notFound("template");
  const crm = await whichCrm(house, workspaceId, request.crm);
  const { objectType } = recipe;
  const live = (await listMappings(house, workspaceId, { crm })).items;
  const missing = recipe.parts.filter((part) => !writerOf(live, objectType, propertyName(crm, part)));
  const { properties } = await crmProperties(house, workspaceId, crm, objectType, { refresh: true });
  const known = new Set(properties.map((one) => one.name));
  const created: string[] = [];
  for (const part of missing) {
    const name = propertyName(crm, part);
    if (known.has(name)) continue;
    const { field: _field, rules: _rules, name: _name, ...draft } = part;
    await createCrmProperty(house, workspaceId, { crm, object_type: objectType, name, ...draft }, request.by);
    created.push(name);
  }
  const rules = missing.map((part) => rulesOf(crm, recipe, part));
  const saved = await saveMappings(house, workspaceId, rules, request.by);
  await house.db.withWorkspace(workspaceId, (tx) =>
    recordAudit(tx, workspaceId, house.clock.now(), {
      actor: request.by,
      action: "template.applied",
      subject: recipe.key,
      detail: { crm, properties: created, mappings: saved.map((one) => one.id) },
    }),
  );
  const kept = recipe.parts.flatMap((part) => writerOf(live, objectType, propertyName(crm, part))?.id ?? []);
  return { key: recipe.key, created_properties: created, created_mappings: saved, kept_mappings: kept };
}

type Part = {
  field: string;
  /** HubSpot's spelling; Salesforce's is made from it: Pandora_Deal_Score__c. */
  name: string;
  label: string;
  type: PropertyDraft["type"];
  description: string;
  scale?: number;
  /** Where it differs from the template's usual: overwrite, keeping what people changed. */
  rules?: Partial<MappingRules>;
};

type Recipe = { key: string; label: string; description: string; objectType: ObjectType; parts: Part[] };

const analyzed: Part = {
  field: "pandora_last_analyzed_at",
  name: "pandora_last_analyzed_at",
  label: "Pandora last analysed",
  type: "datetime",
  description: "When Pandora last analysed this record with changed facts.",
};

const recipes: Recipe[] = [
  {
    key: "deal-health",
    label: "Deal health",
    description: "Score, risks and the recommended next step on every open deal, kept up to date.",
    objectType: "deal",
    parts: [
      {
        field: "deal_score",
        name: "pandora_deal_score",
        label: "Pandora deal score",
        type: "number",
        scale: 0,
        description: "How healthy the deal is, 0 to 100. Written by Pandora.",
        rules: { value_transform: "round:0" },
      },
      {
        field: "deal_risk_summary",
        name: "pandora_risk_summary",
        label: "Pandora risk summary",
        type: "textarea",
        description: "What weighs most against the deal. Written by Pandora.",
      },
      {
        field: "next_step_recommendation",
        name: "pandora_next_step",
        label: "Pandora next step",
        type: "textarea",
        description: "The action that moves the largest risk. Written by Pandora.",
      },
      analyzed,
    ],
  },
  {
    key: "deal-journal",
    label: "Deal journal",
    description: "A dated line on the deal whenever its risks change: the story of the last twenty changes.",
    objectType: "deal",
    parts: [
      {
        field: "deal_risk_summary",
        name: "pandora_deal_journal",
        label: "Pandora deal journal",
        type: "textarea",
        description: "How the deal's risks changed, newest below. Written by Pandora; notes of yours stay.",
        rules: { write_mode: "append_if_changed", append_max_entries: 20, keep_human_edits: false },
      },
    ],
  },
  {
    key: "account-health",
    label: "Account health",
    description: "Score and signals on every account.",
    objectType: "company",
    parts: [
      {
        field: "account_score",
        name: "pandora_account_score",
        label: "Pandora account score",
        type: "number",
        scale: 0,
        description: "How promising the account is, 0 to 100. Written by Pandora.",
        rules: { value_transform: "round:0" },
      },
      {
        field: "account_signals_text",
        name: "pandora_account_signals",
        label: "Pandora account signals",
        type: "textarea",
        description: "What has changed at the account. Written by Pandora.",
      },
      analyzed,
    ],
  },
  {
    key: "contact-engagement",
    label: "Contact engagement",
    description: "How much each contact takes part, and when you last spoke.",
    objectType: "contact",
    parts: [
      {
        field: "contact_engagement_score",
        name: "pandora_engagement_score",
        label: "Pandora engagement score",
        type: "number",
        scale: 0,
        description: "How much the contact takes part in conversations. Written by Pandora.",
        rules: { value_transform: "round:0" },
      },
      {
        field: "contact_conversation_count",
        name: "pandora_conversations",
        label: "Pandora conversations",
        type: "number",
        scale: 0,
        description: "Conversations the contact was in. Written by Pandora.",
      },
      {
        field: "contact_last_conversation_at",
        name: "pandora_last_conversation_at",
        label: "Pandora last conversation",
        type: "datetime",
        description: "When the contact was last in a conversation. Written by Pandora.",
      },
    ],
  },
];

function rulesOf(crm: CrmType, recipe: Recipe, part: Part): MappingRules {
  const draft = mappingDraft.parse({
    pandora_field: part.field,
    crm_object_type: recipe.objectType,
    crm_property_name: propertyName(crm, part),
    keep_human_edits: true,
    record_filter: recipe.objectType === "deal" ? { open_deals: true } : {},
    confirm_duplicate: true,
  });
  return { ...draft, ...part.rules, crm_type: crm };
}

function propertyName(crm: CrmType, part: Part): string {
  if (crm === "hubspot") return part.name;
  const words = part.name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("_")}__c`;
}

function writerOf(live: Mapping[], objectType: ObjectType, property: string): Mapping | undefined {
  return live.find((one) => one.crm_object_type === objectType && one.crm_property_name === property);
}
