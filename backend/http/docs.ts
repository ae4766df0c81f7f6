/** `/openapi.json`, and `/docs`: the same document as a page to read, without a script and without a third party. */
import type { Hono } from "hono";
import { html, raw } from "hono/html";
import { type Env, newDoors } from "./door.ts";
import { type OpenApi, openApiOf } from "./openapi.ts";
import { pageOf } from "./page.ts";

export function docsDoors(app: Hono<Env>, publicUrl: string) {
  let made: Promise<OpenApi> | null = null;
  const document = () => {
    made ??= openApiOf(app, publicUrl);
    return made;
  };
  return newDoors()
    .get("/openapi.json", async (c) => c.json(await document()))
    .get("/docs", async (c) => c.html(pageOf("API", docsBody(await document()))));
}

type Operation = OpenApi["paths"][string][string];
type Entry = { path: string; method: string; operation: Operation };

function docsBody(spec: OpenApi) {
  const entries = Object.entries(spec.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Entry => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(entries, (entry) => entry.operation.tags?.[0] ?? "Other");
  return html`<h1>${spec.info.title}: the API</h1>
    <p>${spec.info.description}</p>
    <p><a href="/openapi.json">openapi.json</a> for your own tools.</p>
    <p class="toc">${[...byTag.keys()].map((tag) => html`<a href="#${anchor(tag)}">${tag}</a> `)}</p>
    ${[...byTag].map(
      ([tag, list]) => html`<h2 id="${anchor(tag)}">${tag}</h2>
        ${list.map(operationHtml)}`,
    )}`;
}

function operationHtml({ path, method, operation }: Entry) {
  const request = operation.requestBody?.content?.["application/json"]?.schema;
  return html`<details>
    <summary><b class="verb ${method}">${method.toUpperCase()}</b> <code>${path}</code> <span>${operation.summary}</span></summary>
    ${operation.description ? html`<p>${operation.description}</p>` : ""}
    ${parametersHtml(operation.parameters ?? [])}
    ${request ? html`<h4>Body</h4>${schemaHtml(request)}` : ""}
    ${Object.entries(operation.responses)
      .filter(([status]) => status !== "default")
      .map(([status, answer]) => {
        const schema = Object.values(answer.content ?? {})[0]?.schema;
        return html`<h4>Answer ${status}</h4>${schema ? schemaHtml(schema) : ""}`;
      })}
  </details>`;
}

function parametersHtml(parameters: NonNullable<Operation["parameters"]>) {
  if (parameters.length === 0) return "";
  return html`<table>
    <tr><th>parameter</th><th>in</th><th>takes</th></tr>
    ${parameters.map(
      (one) => html`<tr><td><code>${one.name}</code>${one.required ? "" : " ?"}</td><td>${one.in}</td>
        <td>${brief(one.schema)} ${one.description ?? ""}</td></tr>`,
    )}
  </table>`;
}

function schemaHtml(schema: object) {
  return html`<pre>${raw(escapeHtml(JSON.stringify(schema, (key, value) => (key === "$schema" ? undefined : value), 2)))}</pre>`;
}

function brief(schema: object): string {
  const { type, enum: values, pattern } = schema as { type?: string; enum?: string[]; pattern?: string };
  if (values) return values.join(" | ");
  return pattern ? `${type}` : (type ?? "");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function anchor(text: string): string {
  return text.toLowerCase().replaceAll(" ", "-");
}
