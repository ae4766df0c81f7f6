/** The parts of HubSpot's answers we read, checked as they come in. Unknown members are ignored. */
import { z } from "zod";

const errorDetail = z.looseObject({
  message: z.string().optional(),
  code: z.string().optional(),
  context: z.record(z.string(), z.array(z.string())).optional(),
});

/** An error body, and one entry of a batch answer's `errors`: the same shape. */
export const errorBody = z.looseObject({
  message: z.string().default(""),
  category: z.string().default(""),
  status: z.string().optional(),
  subCategory: z.unknown().optional(),
  correlationId: z.string().optional(),
  policyName: z.string().optional(),
  errorType: z.string().optional(),
  error: z.string().optional(),
  context: z.record(z.string(), z.array(z.string())).optional(),
  errors: z.array(errorDetail).optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** What the sentence "Property values were not valid: [...]" carries. */
export const embeddedErrors = z.array(
  z.looseObject({ name: z.string().default(""), error: z.string().default(""), message: z.string().default("") }),
);

const time = z.string();
const paging = z.object({ next: z.object({ after: z.string() }).optional() }).optional();
const linked = z.object({ results: z.array(z.object({ id: z.coerce.string(), type: z.string() })), paging });

export const record = z.object({
  id: z.coerce.string(),
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: time,
  updatedAt: time,
  archived: z.boolean().default(false),
  archivedAt: time.optional(),
  objectWriteTraceId: z.string().optional(),
  associations: z.record(z.string(), linked).optional(),
});
export type WireRecord = z.infer<typeof record>;

export const recordPage = z.object({ results: z.array(record), paging });
export const recordBatch = z.object({ results: z.array(record).default([]), errors: z.array(errorBody).optional() });

export const associationBatch = z.object({
  results: z
    .array(
      z.object({
        from: z.object({ id: z.coerce.string() }),
        to: z.array(
          z.object({
            toObjectId: z.coerce.string(),
            associationTypes: z.array(z.object({ typeId: z.number(), label: z.string().nullish() })),
          }),
        ),
        paging,
      }),
    )
    .default([]),
});
export type WireAssociations = z.infer<typeof associationBatch>["results"];

export const property = z.object({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  fieldType: z.string(),
  description: z.string().default(""),
  groupName: z.string().default(""),
  options: z.array(z.object({ value: z.string(), label: z.string(), hidden: z.boolean().default(false) })).default([]),
  calculated: z.boolean().default(false),
  externalOptions: z.boolean().default(false),
  hasUniqueValue: z.boolean().default(false),
  hidden: z.boolean().default(false),
  hubspotDefined: z.boolean().default(false),
  showCurrencySymbol: z.boolean().optional(),
  modificationMetadata: z.object({ readOnlyValue: z.boolean() }).optional(),
});
export type WireProperty = z.infer<typeof property>;
export const propertyList = z.object({ results: z.array(property) });
export const groupList = z.object({ results: z.array(z.object({ name: z.string() })) });

export const ownerPage = z.object({
  results: z.array(
    z.object({
      id: z.coerce.string(),
      email: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
      userId: z.number().nullish(),
      userIdIncludingInactive: z.number().nullish(),
      teams: z.array(z.object({ id: z.coerce.string() })).nullish(),
      archived: z.boolean().default(false),
    }),
  ),
  paging,
});
export type WireOwner = z.infer<typeof ownerPage>["results"][number];

export const pipelineList = z.object({
  results: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      displayOrder: z.number(),
      archived: z.boolean().default(false),
      stages: z.array(
        z.object({
          id: z.string(),
          label: z.string(),
          displayOrder: z.number(),
          archived: z.boolean().default(false),
          metadata: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});
export type WirePipeline = z.infer<typeof pipelineList>["results"][number];

export const accountDetails = z.object({
  portalId: z.coerce.string(),
  timeZone: z.string(),
  companyCurrency: z.string(),
  additionalCurrencies: z.array(z.string()).default([]),
  uiDomain: z.string(),
});

export const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  /** Seconds. */
  expires_in: z.number(),
  hub_id: z.coerce.string(),
  user_id: z.coerce.string(),
  scopes: z.array(z.string()).default([]),
});
