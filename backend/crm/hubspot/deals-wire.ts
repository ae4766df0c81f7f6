/** Names, association numbers and answers that making a deal needs. */
import { z } from "zod";
import type { DealFields } from "../deal-port.ts";
import { errorBody, record } from "./wire.ts";

/** Carries the conversation's key; unique, so that a second deal of it is refused. */
export const keyProperty = "pandora_conversation_id";

export const dealFields: DealFields = {
  name: "dealname",
  amount: "amount",
  currency: "deal_currency_code",
  stage: "dealstage",
  pipeline: "pipeline",
  closeDate: "closedate",
  owner: "hubspot_owner_id",
};

/** Association type ids, from the first to the second. Source: AssociationTypes of @hubspot/api-client 14. */
export const linkTypes = {
  contactToCompany: [279, 1],
  dealToContact: [3],
  /** The plain link, and the one that makes the company primary. */
  dealToCompany: [341, 5],
  noteToContact: [202],
  noteToCompany: [190],
  noteToDeal: [214],
} as const;

export type Link = {
  to: { id: string };
  types: { associationCategory: "HUBSPOT_DEFINED" | "USER_DEFINED"; associationTypeId: number }[];
};

/** @param label type id of one of the account's own labels */
export function linkTo(id: string, typeIds: readonly number[], label?: string | null): Link {
  const types: Link["types"] = typeIds.map((associationTypeId) => ({
    associationCategory: "HUBSPOT_DEFINED",
    associationTypeId,
  }));
  if (label && /^\d{1,9}$/.test(label)) {
    types.push({ associationCategory: "USER_DEFINED", associationTypeId: Number(label) });
  }
  return { to: { id }, types };
}

/** A link as just made: ids are numbers on some versions. */
export const linkBatch = z.object({
  results: z.array(z.object({ fromObjectId: z.coerce.string(), toObjectId: z.coerce.string() })).default([]),
  errors: z.array(errorBody).optional(),
});

export const labelList = z.object({
  results: z.array(z.object({ category: z.string(), typeId: z.number(), label: z.string().nullish() })),
});

export const objectSchema = z.object({ requiredProperties: z.array(z.string()).default([]) });

/** A record with what happened to its values, newest first. */
export const recordWithHistory = record.extend({
  propertiesWithHistory: z
    .record(
      z.string(),
      z.array(
        z.object({
          timestamp: z.string(),
          sourceType: z.string().default(""),
          sourceId: z.string().nullish(),
          updatedByUserId: z.number().nullish(),
        }),
      ),
    )
    .default({}),
});
export type WireHistory = z.infer<typeof recordWithHistory>["propertiesWithHistory"];
