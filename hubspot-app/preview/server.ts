/**
 * Pages that show the app as it stands inside HubSpot: HubSpot's own bundle in a worker, our stand-ins for HubSpot's
 * components around it, and signed requests to the real server. For the demo and the tests only.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { builtFile } from "./build.ts";
import { forward, type Person, type ProxyOptions, type ProxyRequest, Refused } from "./proxy.ts";

export type { Person } from "./proxy.ts";

export type PreviewObject = "deal" | "company" | "contact";

export type PreviewRecord = {
  name: string;
  /** As HubSpot holds them; blank ones left out. */
  properties: Record<string, string | null>;
  /** How values read that HubSpot keeps as ids, by "property:value": stages, pipelines, owners. */
  labels?: Record<string, string>;
  /** Records that hang on it. */
  related: { objectType: PreviewObject; id: string; name: string }[];
};

export type PreviewExample = { objectType: PreviewObject; id: string; name: string; why: string };

export type PreviewOptions = {
  /** Where it is mounted: "/hubspot". */
  base: string;
  publicUrl: string;
  backendUrl: string;
  clientSecret: string;
  appId: string;
  portalId: string;
  timeZone: string;
  people: readonly Person[];
  record(objectType: PreviewObject, id: string): Promise<PreviewRecord | null>;
  /** Records worth opening that the person may see. */
  examples(person: Person): Promise<PreviewExample[]>;
};

export type Preview = { fetch(request: Request): Promise<Response> };

export function createHubSpotPreview(options: PreviewOptions): Preview {
  const { base, publicUrl, people } = options;
  const proxy: ProxyOptions = { ...options, permitted: permittedUrls({ API_URL: publicUrl }) };
  const given = {
    ...{ base, publicUrl, portalId: options.portalId, appId: options.appId, timeZone: options.timeZone, people },
  };

  return {
    async fetch(request) {
      const url = new URL(request.url);
      const route = url.pathname.slice(base.length).replace(/^\/|\/$/g, "");
      const [first = "", second = "", third = ""] = route.split("/").map(decodeURIComponent);
      if (first === "proxy") return request.method === "POST" ? proxied(request) : nothing();
      if (request.method !== "GET") return nothing();
      if (first === "files") return file(second);
      if (first === "data" && second === "examples") {
        const person = people.find(({ role }) => role === third);
        return person ? Response.json(await options.examples(person)) : nothing();
      }
      if (first === "data" && isObject(second)) {
        const record = await options.record(second, third);
        return record ? Response.json(record) : nothing();
      }
      if (first === "" || ["home", "settings"].includes(first) || (isObject(first) && second)) return page();
      return nothing();
    },
  };

  async function proxied(request: Request): Promise<Response> {
    // The page signs as whoever was chosen: another site must not get at that.
    const origin = request.headers.get("origin");
    const isOwn =
      origin === null
        ? request.headers.get("sec-fetch-site") === "same-origin"
        : origin === new URL(request.url).origin;
    if (!isOwn) return nothing();
    const { as, ...asked } = (await request.json()) as ProxyRequest & { as: string };
    const person = people.find(({ role }) => role === as);
    if (!person) return nothing();
    try {
      const { status, contentType, body } = await forward(asked, person, proxy);
      return new Response(body, { status, headers: { "content-type": contentType } });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return Response.json({ message: error.message }, { status: error.status });
    }
  }

  async function page(): Promise<Response> {
    try {
      await builtFile("page");
    } catch (error) {
      return new Response(`The preview does not build: ${(error as Error).message}`, { status: 500 });
    }
    const html = readFileSync(path.join(import.meta.dirname, "page.html"), "utf8")
      .replaceAll("{{base}}", base)
      .replace("{{given}}", () => JSON.stringify(given).replaceAll("<", "\\u003c"));
    return new Response(html, {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy":
          "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      },
    });
  }
}

const types: Record<string, string> = { ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8" };

async function file(name: string): Promise<Response> {
  const headers = { "cache-control": "no-cache", "x-content-type-options": "nosniff" };
  const type = types[path.extname(name)] ?? "text/plain; charset=utf-8";
  if (/^[a-z-]+\.css$/.test(name)) {
    try {
      const text = readFileSync(path.join(import.meta.dirname, "browser/style", name), "utf8");
      return new Response(text, { headers: { ...headers, "content-type": type } });
    } catch {
      return nothing();
    }
  }
  try {
    const built = await builtFile(name.replace(/\.js$/, ""));
    if (!built) return nothing();
    return new Response(readFileSync(built), { headers: { ...headers, "content-type": type } });
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return new Response(`This part does not build: ${says}`, {
      status: 500,
      headers: { "content-type": "text/plain" },
    });
  }
}

/** `permittedUrls.fetch` of the app's own file, with the profile's variables filled in: what is missing there fails here too. */
function permittedUrls(variables: Record<string, string>): string[] {
  const text = readFileSync(path.join(import.meta.dirname, "../src/app/app-hsmeta.json"), "utf8");
  const { config } = JSON.parse(text.replace(/\$\{(\w+)\}/g, (whole, name) => variables[name] ?? whole));
  return config.permittedUrls.fetch;
}

function isObject(text: string): text is PreviewObject {
  return text === "deal" || text === "company" || text === "contact";
}

function nothing(): Response {
  return new Response("There is nothing at this address.", { status: 404 });
}
