/** What every noun of the API shares: names of CRMs and objects, ids, paging, the `request_id` of a mutation. */
import { z } from "zod";

export const crmTypes = ["hubspot", "salesforce"] as const;
export const crmType = z.enum(crmTypes).describe("The CRM");
export type CrmType = z.infer<typeof crmType>;

export const objectTypes = ["deal", "company", "contact"] as const;
export type ObjectType = (typeof objectTypes)[number];

/** As answered: one of deal, company, contact. */
export const objectType = z.enum(objectTypes).describe("Salesforce: deal = Opportunity, company = Account");

/** As asked: `account` is another word for `company`. */
export const objectTypeAsked = z
  .enum([...objectTypes, "account"])
  .transform((asked): ObjectType => (asked === "account" ? "company" : asked))
  .describe("`account` means `company`");

export const propertyTypes = [
  "number",
  "text",
  "textarea",
  "rich_text",
  "boolean",
  "date",
  "datetime",
  "enum",
  "multi_enum",
  "currency",
] as const;
export const propertyType = z.enum(propertyTypes).describe("Both CRMs' property types, mapped to one small set");
export type PropertyType = (typeof propertyTypes)[number];

export const instant = z.iso.datetime({ offset: true }).describe("UTC, ISO 8601");

/** A record's id as the CRM gives it; both vendors' ids are letters, digits, `_` and `-`. */
export const crmRecordId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be a CRM record id: letters, digits, _ and -, at most 64")
  .describe("A record's id in the CRM");

/** Same id and same body: the stored answer again, for 24 h. */
export const requestId = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, "must be 1 to 100 printable characters without spaces")
  .describe("Your own id for this request: sent again with the same body it gives the first answer again (24 h)");

/** Mixed into the body of every mutation. */
export const mutation = { request_id: requestId.optional() };

export const emptyMutation = z.strictObject({ ...mutation });

/** DELETE carries its request_id in the query. */
export const deleteQuery = z.strictObject({ ...mutation });

/** Answer of a DELETE. */
export const deleted = z.object({ deleted: z.literal(true) });

export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,512}$/, "must be the next_cursor of an earlier answer")
  .describe("`next_cursor` of the page before");

/** Query of a paged list: at most 200 a page. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: cursor.optional(),
};

/** @returns the schema of a page: `{ items, next_cursor }`; a null cursor is the end */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

export type ListOf<T> = { items: T[]; next_cursor: string | null };

/** How to ask for yes or no in a query string. */
export const queryFlag = z
  .enum(["0", "1", "false", "true"])
  .transform((asked) => asked === "1" || asked === "true")
  .describe("1 or 0");
