/**
 * Lightning pages in the browser without an org: the package's components, unmodified, between the frame of Lightning
 * Experience and a stand-in for Apex that signs and forwards to the real server. For the demo and the tests.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type ApexOptions, createApex, type PreviewUser } from "./apex.ts";
import { builtBundle } from "./build.ts";
import { placedOn } from "./flexipages.ts";
import { component, escaped, framePage, pageHeader } from "./frame.ts";

export type { PreviewUser } from "./apex.ts";

export type ShownRecord = {
  id: string;
  name: string;
  /** Label and value: a few for the header, all for the details. */
  highlights: [string, string][];
  details: [string, string][];
};
export type PreviewObject = "Opportunity" | "Account" | "Contact";

export type PreviewOptions = Omit<ApexOptions, "canSee" | "recordUrl"> & {
  /** Where it is mounted, like "/salesforce". */
  base: string;
  users: PreviewUser[];
  records: {
    list(object: PreviewObject): Promise<{ columns: string[]; rows: { id: string; cells: string[] }[] }>;
    read(object: PreviewObject, id: string): ShownRecord | null;
    exists(id: string): boolean;
  };
};

export type SalesforcePreview = { fetch(request: Request): Promise<Response> };

const here = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);
const slds = path.join(path.dirname(require.resolve("@salesforce-ux/design-system/package.json")), "assets");
const types: Record<string, string> = {
  ...{ ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png" },
  ...{ ".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf" },
};
const objects: Record<PreviewObject, { icon: string; many: string }> = {
  Opportunity: { icon: "opportunity", many: "Opportunities" },
  Account: { icon: "account", many: "Accounts" },
  Contact: { icon: "contact", many: "Contacts" },
};
const cookieName = "pandora_preview_user";

export function createSalesforcePreview(options: PreviewOptions): SalesforcePreview {
  const { base, users, records } = options;
  const apex = createApex({
    ...options,
    canSee: (_user, id) => records.exists(id),
    recordUrl: (object, id) => `${base}/r/${object}/${id}/view`,
  });
  // Begun with each page, so that a reload shows an edit.
  let bundle: Promise<string> | null = null;

  return { fetch: (request) => answer(request).then(withSafeHeaders) };

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    // Pages act as whoever was chosen: another name for this machine must not get at them.
    if (!/^(localhost|127\.0\.0\.1)$/.test(url.hostname)) return text(403, "Open the preview on localhost.");
    const [first = "", second = "", third = ""] = url.pathname.slice(base.length + 1).split("/");
    if (request.method === "POST") {
      if (!isOwnPage(request, url)) return text(403, "Only from the preview's own pages.");
      if (first === "apex") return apexAnswer(request, second);
      if (first === "who") return chooseUser(request);
      return text(404, "There is nothing here.");
    }
    if (first === "slds") return file(slds, url.pathname.slice(base.length + 6));
    if (first === "frame") return file(path.join(here, "frame"), `/${second}`);
    if (first === "app") return file(await (bundle ?? builtBundle()), `/${second}`);
    const asked = users.find(({ key }) => key === url.searchParams.get("as"));
    // The address that names a person is a way in; afterwards the cookie knows them.
    if (asked) return new Response(null, { status: 303, headers: becoming(asked, url.pathname) });
    const user = userOf(request);
    if (first === "") return page(user, "home", "Home", home());
    if (first === "n") return tab(user, second);
    if (first === "o" && isObject(second)) return page(user, second, objects[second].many, await listView(second));
    if (first === "details" && isObject(second)) return details(second, third);
    if (first === "r" && isObject(second)) return recordPage(user, second, third);
    return text(404, "There is nothing here.");
  }

  async function apexAnswer(request: Request, method: string): Promise<Response> {
    const called = await apex(userOf(request), method, (await request.json()) as Record<string, unknown>);
    if (called.ok) return Response.json({ value: called.value });
    return Response.json({ message: JSON.stringify(called.problem) }, { status: 500 });
  }

  async function chooseUser(request: Request): Promise<Response> {
    const form = await request.formData();
    const chosen = users.find(({ key }) => key === form.get("who")) ?? users[0]!;
    const back = new URL(request.headers.get("referer") ?? base, request.url).pathname;
    return new Response(null, { status: 303, headers: becoming(chosen, back.startsWith(base) ? back : base) });
  }

  function becoming(user: PreviewUser, location: string): Record<string, string> {
    return { location, "set-cookie": `${cookieName}=${user.key}; Path=${base}; HttpOnly; SameSite=Strict` };
  }

  function userOf(request: Request): PreviewUser {
    const cookies = request.headers.get("cookie") ?? "";
    const key = new RegExp(`(?:^|; )${cookieName}=([a-z-]+)`).exec(cookies)?.[1];
    return users.find((each) => each.key === key) ?? users[0]!;
  }

  function page(user: PreviewUser, lit: string, title: string, body: string): Response {
    bundle = builtBundle();
    bundle.catch(() => {});
    return html(framePage({ base, title, tab: lit, user, users, body }));
  }

  function home(): string {
    return `<div class="regions regions_one"><div class="region">${placed("Pandora_Sales_Home", "top")}</div></div>`;
  }

  function tab(user: PreviewUser, name: string): Response {
    if (name === "Pandora_Setup" && !user.permissions.includes("Pandora_Admin")) {
      return page(user, name, "Pandora setup", `<div class="panel">You can't open this tab.</div>`);
    }
    if (name === "Pandora_Setup") return page(user, name, "Pandora setup", component("pandoraSetup"));
    const body = `<div class="regions regions_one"><div class="region">${placed("Pandora_Home", "main")}</div></div>`;
    return page(user, "Pandora_Gaps", "Conversation gaps", body);
  }

  async function listView(object: PreviewObject): Promise<string> {
    const { columns, rows } = await records.list(object);
    const head = columns.map((name) => `<th scope="col">${escaped(name)}</th>`).join("");
    const body = rows.map(({ id, cells }) => {
      const [first = "", ...rest] = cells;
      const link = `<th scope="row"><a href="${base}/r/${object}/${id}/view">${escaped(first)}</a></th>`;
      return `<tr>${link}${rest.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
    });
    return `${pageHeader(objects[object].icon, objects[object].many, "Recently viewed", base)}
      <div class="panel"><table class="slds-table slds-table_bordered"><thead><tr class="slds-line-height_reset">${head}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
  }

  function recordPage(user: PreviewUser, object: PreviewObject, id: string): Response {
    const record = records.read(object, id);
    if (!record) return page(user, object, "Not found", `<div class="panel">This record does not exist (any more).</div>`);
    const facts = record.highlights
      .map(([label, value]) => `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`)
      .join("");
    const where = { recordId: record.id, objectApiName: object };
    const flexipage = object === "Contact" ? "Pandora_Account" : `Pandora_${object}`;
    const body = `${pageHeader(objects[object].icon, object, record.name, base, `<dl>${facts}</dl>`)}
      <div class="regions"><div class="region"><div class="panel" data-details="${base}/details/${object}/${record.id}">${detailsOf(record)}</div></div>
      <div class="region">${placed(flexipage, "sidebar", where)}</div></div>`;
    return page(user, object, record.name, body);
  }

  function details(object: PreviewObject, id: string): Response {
    const record = records.read(object, id);
    return record ? html(detailsOf(record)) : text(404, "There is no such record.");
  }

  function placed(flexipage: string, region: string, data: Record<string, string> = {}): string {
    return placedOn(flexipage, region)
      .map(({ name, properties }) => component(name, { ...properties, ...data }))
      .join("");
  }
}

function detailsOf({ details }: ShownRecord): string {
  const fields = details.map(([label, value]) => {
    const wide = value.length > 60 ? ' class="wide"' : "";
    return `<div${wide}><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`;
  });
  return `<h2>Details</h2><dl class="fields">${fields.join("")}</dl>`;
}

/** Browsers tell where a request comes from in one header or the other; a page elsewhere can set neither. */
function isOwnPage({ headers }: Request, { origin }: URL): boolean {
  const from = headers.get("origin");
  return from === null ? headers.get("sec-fetch-site") === "same-origin" : from === origin;
}

function isObject(name: string): name is PreviewObject {
  return Object.hasOwn(objects, name);
}

function file(folder: string, name: string): Response {
  const found = path.normalize(path.join(folder, decodeURIComponent(name)));
  const type = types[path.extname(found)];
  if (!found.startsWith(folder + path.sep) || !type || !existsSync(found)) return text(404, "There is no such file.");
  return new Response(readFileSync(found), { headers: { "content-type": type, "cache-control": "no-cache" } });
}

function html(content: string): Response {
  return new Response(content, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } });
}

function text(status: number, content: string): Response {
  return new Response(content, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Lightning's base components set styles on elements; nothing else is let in. */
function withSafeHeaders(response: Response): Response {
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set(
    "content-security-policy",
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
  );
  return response;
}
