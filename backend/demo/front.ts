/** The demo's own doors, before the app: the page at `/`, its files, what the simulated CRMs hold, and their record pages. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import type { House } from "../connections/house.ts";
import { type CrmType, crmTypes, type ObjectType } from "../contract/common.ts";
import { errorCodes, reasonText, skipReasons } from "../contract/reasons.ts";
import type { Answers } from "../http/server.ts";
import type { DemoCrms } from "./crms.ts";
import { type DealsQuery, listDeals } from "./deals.ts";
import { createPreviews } from "./previews.ts";
import { recordPage } from "./record-page.ts";

type Opened = { house: House; workspaceId: string; apiKey: string };

export type Front = {
  /** What `boot` puts before the app. */
  before(app: Answers): Answers;
  /** Makes links to records open the simulated CRM's pages. */
  linkRecords(house: House, workspaceId: string): Promise<void>;
  /** From now on `/` is the page; before, it says that the demo is starting. */
  open(opened: Opened): void;
};

/** The CRMs' names of objects in their addresses, as `recordLink` writes them. */
const objectsInLinks: Record<string, ObjectType> = {
  ...{ "0-3": "deal", "0-2": "company", "0-1": "contact" },
  ...{ Opportunity: "deal", Account: "company", Contact: "contact" },
};
const assets: Record<string, string> = { css: "text/css", js: "text/javascript", svg: "image/svg+xml" };
const folder = new URL("./page/", import.meta.url);

export function createFront(base: string, crms: DemoCrms): Front {
  let opened: Opened | null = null;
  const previews = createPreviews(base, crms);
  const doors = new Hono();
  doors.use(async (c, next) => {
    // The page carries an admin's key: another name for this machine (DNS rebinding) must not get at it.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(c.req.header("host") ?? ""))
      return c.text("Open the demo on localhost.", 403);
    await next();
    c.header("cache-control", "no-store");
    c.header("x-content-type-options", "nosniff");
    c.header(
      "content-security-policy",
      "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    );
  });
  doors.get("/", (c) => {
    if (!opened) return c.html(readFileSync(new URL("starting.html", folder), "utf8"), 503);
    const words = Object.fromEntries([...skipReasons, ...errorCodes].map((code) => [code, reasonText(code)]));
    const given = {
      key: opened.apiKey,
      words,
      crms: crmTypes.map((crm) => ({ crm, stats: `${crms[crm].url}/__stats` })),
    };
    const json = JSON.stringify(given).replaceAll("<", "\\u003c");
    return c.html(readFileSync(new URL("index.html", folder), "utf8").replace("{{given}}", () => json));
  });
  doors.get("/demo/page/:file", (c) => {
    const [, name, ending] = /^([a-z-]+)\.(css|js|svg)$/.exec(c.req.param("file")) ?? [];
    const type = assets[ending ?? ""];
    if (!name || !type) return c.notFound();
    try {
      return c.body(readFileSync(fileURLToPath(new URL(`${name}.${ending}`, folder)), "utf8"), 200, {
        "content-type": type,
      });
    } catch {
      return c.notFound();
    }
  });
  doors.get("/demo/deals", async (c) => {
    if (!opened) return c.json({ detail: "The demo is starting." }, 503);
    return c.json(await listDeals(opened.house, opened.workspaceId, crms, dealsQuery(c.req.query())));
  });
  doors.get("/demo/stats", (c) =>
    c.json(Object.fromEntries(crmTypes.map((crm) => [crm, { ...crms[crm].stats(), url: crms[crm].url }]))),
  );
  doors.get("/crm/:crm/:object/:id", (c) => {
    const at = placeOf(c.req.param());
    const page = at && recordPage(crms[at.crm], at.objectType, at.id);
    return page ? c.html(page) : c.text("The simulated CRM has no such record (any more).", 404);
  });
  doors.post("/crm/:crm/:object/:id", async (c) => {
    const at = placeOf(c.req.param());
    if (!at) return c.notFound();
    if (c.req.header("origin") !== new URL(c.req.url).origin) return c.text("Only from the record's own page.", 403);
    const form = await c.req.parseBody();
    try {
      const value = String(form["value"] ?? "").replaceAll("\r\n", "\n");
      crms[at.crm].edit(at.objectType, at.id, { [String(form["property"])]: value === "" ? null : value });
    } catch (error) {
      return c.html(recordPage(crms[at.crm], at.objectType, at.id, (error as Error).message) ?? "", 422);
    }
    return c.redirect(new URL(c.req.url).pathname, 303);
  });

  return {
    before: (app) => ({
      fetch: (request) => {
        const { pathname } = new URL(request.url);
        if (previews.takes(pathname)) return previews.fetch(request);
        return isOurs(pathname) ? doors.fetch(request) : app.fetch(request);
      },
    }),
    async linkRecords(house, workspaceId) {
      for (const crm of crmTypes) {
        const link = `${base}/crm/${crm}/{objectType}/{id}`;
        await house.db.withWorkspace(
          workspaceId,
          (tx) => tx`update crm_connections set ui_url = ${link} where crm = ${crm}`,
        );
      }
    },
    open(given) {
      opened = given;
      previews.open(given);
    },
  };
}

function isOurs(path: string): boolean {
  return path === "/" || path.startsWith("/demo/") || path.startsWith("/crm/");
}

function placeOf(params: Record<string, string>): { crm: CrmType; objectType: ObjectType; id: string } | null {
  const crm = crmTypes.find((each) => each === params["crm"]);
  const objectType = objectsInLinks[params["object"] ?? ""];
  return crm && objectType && params["id"] ? { crm, objectType, id: params["id"] } : null;
}

function dealsQuery(asked: Record<string, string>): DealsQuery {
  const whole = (text: string | undefined, usual: number, max: number) => {
    const n = Number(text ?? usual);
    return Number.isInteger(n) && n >= 0 ? Math.min(n, max) : usual;
  };
  return {
    crm: asked["crm"] === "salesforce" ? "salesforce" : "hubspot",
    q: (asked["q"] ?? "").slice(0, 100),
    label: asked["label"] ?? "",
    sort: asked["sort"] === "amount" || asked["sort"] === "name" ? asked["sort"] : "score",
    descending: asked["dir"] === "desc",
    offset: whole(asked["offset"], 0, 100_000),
    limit: whole(asked["limit"], 10, 100),
  };
}
