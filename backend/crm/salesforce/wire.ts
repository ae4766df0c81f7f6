/** What Salesforce sends, as far as we rely on it. Anything else in an answer is ignored, anything missing is an error. */
import { z } from "zod";

/** One entry of an error array: REST bodies say `errorCode`, collection rows say `statusCode`. */
export const errorItem = z.looseObject({
  message: z.string().default(""),
  errorCode: z.string().optional(),
  statusCode: z.string().optional(),
  fields: z.array(z.string()).nullish(),
});
export type ErrorItem = z.infer<typeof errorItem>;
export const errorBody = z.array(errorItem).min(1);

/** An OAuth error answer. */
export const oauthErrorBody = z.object({ error: z.string(), error_description: z.string().default("") });

/** One row of a collections answer, in the order of the request; failed rows carry no id. */
export const saveRow = z.object({
  id: z.string().nullish(),
  success: z.boolean(),
  errors: z.array(errorItem).default([]),
});
export const saveRows = z.array(saveRow);

export const describedField = z.looseObject({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  length: z.number().default(0),
  precision: z.number().default(0),
  scale: z.number().default(0),
  digits: z.number().default(0),
  custom: z.boolean().default(false),
  createable: z.boolean(),
  updateable: z.boolean(),
  nillable: z.boolean().default(true),
  calculated: z.boolean().default(false),
  autoNumber: z.boolean().default(false),
  filterable: z.boolean().default(true),
  unique: z.boolean().default(false),
  restrictedPicklist: z.boolean().default(false),
  deprecatedAndHidden: z.boolean().default(false),
  htmlFormatted: z.boolean().default(false),
  extraTypeInfo: z.string().nullish(),
  inlineHelpText: z.string().nullish(),
  picklistValues: z
    .array(z.object({ value: z.string(), label: z.string().nullish(), active: z.boolean().default(true) }))
    .default([]),
});
export type DescribedField = z.infer<typeof describedField>;
export const describeBody = z.object({ name: z.string(), fields: z.array(describedField) });

/** A record as queried: fields by name, beside `attributes`. */
export const queriedRow = z.record(z.string(), z.unknown());
export type QueriedRow = z.infer<typeof queriedRow>;
export const queryPage = z.object({
  done: z.boolean(),
  totalSize: z.number().optional(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(queriedRow),
});

/** POST composite/sobjects/{type}: null where the record can't be read. */
export const retrievedRows = z.array(queriedRow.nullable());

export const createdBody = z.object({ id: z.string(), success: z.boolean() });

export const tokenBody = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  instance_url: z.url(),
  id: z.string().optional(),
  scope: z.string().optional(),
  issued_at: z.string().optional(),
});

export const userInfoBody = z.object({
  user_id: z.string(),
  organization_id: z.string(),
  email: z.string().nullish(),
  name: z.string().nullish(),
  zoneinfo: z.string().nullish(),
});

export const bulkJob = z.object({
  id: z.string(),
  state: z.enum(["Open", "UploadComplete", "InProgress", "JobComplete", "Failed", "Aborted"]),
  errorMessage: z.string().nullish(),
});
export type BulkJob = z.infer<typeof bulkJob>;

/** Rows of a bulk result, as parsed from CSV. */
export const csvRows = z.array(z.record(z.string(), z.string()));

export const picklistValuesBody = z.object({ values: z.array(z.object({ value: z.string(), label: z.string() })) });
