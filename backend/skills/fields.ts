/** The registry of Pandora fields: everything that can be written to a CRM (DESIGN section 5). Pure. */
import type { ObjectType } from "../contract/common.ts";
import { propertyTypes } from "../contract/common.ts";
import type { PandoraField, ValueType } from "../contract/fields.ts";
import { compatibility } from "../crm/compatible.ts";

/** @returns all fields, or those of one object; in the order in which an editor lists them */
export function listFields(objectType?: ObjectType): PandoraField[] {
  return objectType ? fields.filter((field) => field.object_types.includes(objectType)) : fields;
}

/** @returns the field, or undefined when Pandora has none of this name */
export function findField(name: string): PandoraField | undefined {
  return byName.get(name);
}

type Entry = Omit<PandoraField, "compatible_types">;

const entries: Entry[] = [
  {
    name: "deal_score",
    label: "Deal score",
    description: "How healthy the deal is, from CRM signals: activity, close date, time in stage, contacts, pushes",
    example: "61",
    object_types: ["deal"],
    value_type: "number",
    source_skill: "deal-score",
  },
  {
    name: "enhanced_deal_score",
    label: "Deal score with conversations",
    description: "The deal score joined with what was said in calls: recency, count, sentiment, next steps",
    example: "74",
    object_types: ["deal"],
    value_type: "number",
    source_skill: "deal-score",
  },
  {
    name: "deal_risk_summary",
    label: "Deal risk summary",
    description: "The factors that weigh most against the deal, in plain words",
    example: "No activity for 23 days; the close date was moved twice.",
    object_types: ["deal"],
    value_type: "long_text",
    source_skill: "deal-score",
  },
  {
    name: "next_step_recommendation",
    label: "Recommended next step",
    description: "The one action that moves the largest risk factor",
    example: "Book a call with the decision maker: nobody has spoken to them since 2 November.",
    object_types: ["deal"],
    value_type: "long_text",
    source_skill: "deal-score",
  },
  {
    name: "account_score",
    label: "Account score",
    description: "How promising the account is: engagement, open and won deals, contacts by seniority, idle time",
    example: "82",
    object_types: ["company"],
    value_type: "number",
    source_skill: "account-score",
  },
  {
    name: "enhanced_account_score",
    label: "Account score with fit",
    description: "The account score joined with how well it fits the customers won so far (industry, size)",
    example: "88",
    object_types: ["company"],
    value_type: "number",
    source_skill: "account-score",
  },
  {
    name: "account_signals_text",
    label: "Account signals",
    description: "What has changed at the account, in plain words",
    example: "Two new contacts this month, both in finance; last deal won in May.",
    object_types: ["company", "deal"],
    value_type: "long_text",
    source_skill: "account-score",
  },
  {
    name: "contact_engagement_score",
    label: "Contact engagement",
    description: "How much the contact takes part in conversations",
    example: "45",
    object_types: ["contact"],
    value_type: "number",
    source_skill: "contact-engagement",
  },
  {
    name: "contact_conversation_count",
    label: "Conversations",
    description: "Number of conversations the contact was in",
    example: "4",
    object_types: ["contact"],
    value_type: "number",
    source_skill: "contact-engagement",
  },
  {
    name: "contact_last_conversation_at",
    label: "Last conversation",
    description: "When the contact was last in a conversation",
    example: "2026-11-12T14:30:00.000Z",
    object_types: ["contact"],
    value_type: "datetime",
    source_skill: "contact-engagement",
  },
  {
    name: "contact_enrichment_score",
    label: "Contact completeness",
    description: "How much is known of the contact, 0 to 100: role, seniority, reachability, company, recency",
    example: "70",
    object_types: ["contact"],
    value_type: "number",
    source_skill: "contact-enrichment",
  },
  {
    name: "pandora_last_analyzed_at",
    label: "Last analysed by Pandora",
    description: "When this record was last analysed with changed facts; alone it causes no write except on a schedule",
    example: "2026-11-22T06:00:00.000Z",
    object_types: ["deal", "company", "contact"],
    value_type: "datetime",
    // Every skill stamps the records it analyses; the name stands for all of them.
    source_skill: "any",
  },
];

const fields: PandoraField[] = entries.map((entry) => ({ ...entry, compatible_types: typesFor(entry.value_type) }));
const byName = new Map(fields.map((field) => [field.name, field]));

function typesFor(valueType: ValueType): PandoraField["compatible_types"] {
  return propertyTypes.filter((type) => compatibility(valueType, { type, label: type }).ok);
}
