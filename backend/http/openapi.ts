/** The OpenAPI document, generated from the doors' own schemas. */
import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import type { Env } from "./door.ts";

type Operation = {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: object }[];
  requestBody?: { content?: Record<string, { schema?: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
};

export type OpenApi = {
  openapi: string;
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  tags: { name: string; description?: string }[];
  security: object[];
  components: { securitySchemes: object; schemas?: Record<string, object> };
  paths: Record<string, Record<string, Operation>>;
};

/** @param publicUrl where callers reach us */
export async function openApiOf(app: Hono<Env>, publicUrl: string): Promise<OpenApi> {
  const spec = (await generateSpecs(app, {
    documentation: {
      info: { title: "Pandora for CRM", version: "1", description: about },
      servers: [{ url: publicUrl }],
      security: [{ apiKey: [] }],
      components: { securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key" } } },
    },
    defaultValidationErrorResponse: false,
  })) as unknown as OpenApi;
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const operation of Object.values(operations)) namePathParameters(path, operation);
  }
  const tags = Object.values(spec.paths).flatMap((one) =>
    Object.values(one).flatMap((operation) => operation.tags ?? []),
  );
  return { ...spec, tags: [...new Set(tags)].map((name) => ({ name })) };
}

const about = [
  "Everything Pandora does can be done here. Send an API key as `Authorization: Bearer …`; `me` in place of the",
  "workspace id means the key's own workspace. Lists are `{ items, next_cursor }`. A refusal is an RFC 9457 problem",
  "with a stable `code` and `errors[{ field, code, message, allowed }]`. Each mutation takes a `request_id`: sent again",
  "with the same body it gives the first answer again for 24 hours. `?envelope=1` answers 200 with the status inside.",
].join(" ");

/** Parameters of the path that no schema describes still have to be declared. */
function namePathParameters(path: string, operation: Operation): void {
  const declared = (operation.parameters ?? []).filter((one) => one.in === "path").map((one) => one.name);
  const missing = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).filter((name) => !declared.includes(name));
  operation.parameters = [
    ...missing.map((name) => ({
      name,
      in: "path",
      required: true,
      ...(name === "workspaceId" ? { description: "`me` or the workspace's id" } : {}),
      schema: { type: "string" },
    })),
    ...(operation.parameters ?? []),
  ];
}
