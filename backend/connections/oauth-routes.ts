/** The doors of the OAuth round trip: /oauth/{hubspot,salesforce}/{start,callback}. They answer people, so with pages. */
import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { CrmError } from "../crm/errors.ts";
import type { CrmType } from "../crm/port.ts";
import { AppError, notFound } from "../errors.ts";
import type { House } from "./house.ts";
import { finishConnect } from "./install.ts";
import { connectedPage, failedPage } from "./oauth-pages.ts";
import { beginFlow, endFlow, takeTicket } from "./oauth-state.ts";
import { loginHostOf, oauthOf } from "./oauth-vendors.ts";
import { crmName } from "./refresh.ts";

/** Mount at /oauth. */
export function oauthRoutes(house: House): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    // The address holds a code or a ticket: it goes into no cache and no Referer, and the page runs and loads nothing.
    c.header("cache-control", "no-store");
    c.header("referrer-policy", "no-referrer");
    c.header("x-content-type-options", "nosniff");
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  });
  app.get("/:crm/start", (c) => start(c, house));
  app.get("/:crm/callback", (c) => callback(c, house));
  app.notFound((c) => c.html(failedPage({ title: "There is nothing here", text: "Check the address." }), 404));
  app.onError((error, c) => failed(c, house, error));
  return app;
}

async function start(c: Context, house: House): Promise<Response> {
  const { config, clock, db } = house;
  const crm = crmOf(c);
  const ticket = c.req.query("ticket");
  const asked = c.req.query("my_domain") ?? (c.req.query("sandbox") === "1" ? "test.salesforce.com" : null);
  const intent = ticket
    ? await takeTicket(config.keys, clock, db, ticket)
    : { crm, workspaceId: null, by: "", loginHost: crm === "salesforce" && asked ? loginHostOf(config, asked) : null };
  if (intent.crm !== crm) throw notFound("sign-in");
  const flow = beginFlow(config.keys, clock, intent);
  setCookie(c, cookieName(crm), flow.cookie, cookieRules(house));
  return c.redirect(oauthOf(config, clock, crm).authorizeUrl({ ...flow, loginHost: intent.loginHost }));
}

async function callback(c: Context, house: House): Promise<Response> {
  const { config, clock, db } = house;
  const crm = crmOf(c);
  const cookie = getCookie(c, cookieName(crm));
  deleteCookie(c, cookieName(crm), cookieRules(house));
  const flow = await endFlow(config.keys, clock, db, crm, { state: c.req.query("state"), cookie });
  const refusal = c.req.query("error");
  if (refusal) return c.html(failedPage(refusalPage(crm, refusal, flow.workspaceId === null)), 403);
  const code = c.req.query("code");
  if (!code)
    throw new AppError("oauth_code_missing", { public: `${crmName(crm)} sent no code. Start connecting again.` });
  const connected = await finishConnect(house, flow, code);
  return c.html(connectedPage(connected, config.publicUrl));
}

function crmOf(c: Context): CrmType {
  const crm = c.req.param("crm");
  if (crm === "hubspot" || crm === "salesforce") return crm;
  throw notFound("CRM");
}

function cookieName(crm: CrmType): string {
  return `pandora_oauth_${crm}`;
}

/** Lax: the vendor's redirect back is a top-level navigation, which brings the cookie along; a frame or a form does not. */
function cookieRules(house: House) {
  const secure = house.config.publicUrl.startsWith("https:");
  return { path: "/oauth", httpOnly: true, sameSite: "Lax" as const, secure, maxAge: 600 };
}

function refusalPage(crm: CrmType, error: string, canRetry: boolean) {
  const name = crmName(crm);
  const again = canRetry ? { href: `/oauth/${crm}/start`, label: `Connect ${name}` } : undefined;
  if (error === "access_denied") {
    return {
      title: `${name} is not connected`,
      text: "You declined, so nothing was connected and nothing was read. You can start again whenever you like.",
      action: again,
    };
  }
  return {
    title: `${name} did not agree`,
    text: `${name} refused the request (${error.slice(0, 80)}). An administrator may have to allow the Pandora app first.`,
    action: again,
  };
}

function failed(c: Context, house: House, error: unknown): Response | Promise<Response> {
  if (error instanceof AppError) {
    house.log.warn("connections.oauth_refused", { code: error.code });
    const status = error.status >= 500 ? 502 : (error.status as 400);
    return c.html(failedPage({ title: "Not connected", text: error.public }), status);
  }
  if (error instanceof CrmError) {
    house.log.warn("connections.oauth_failed", { kind: error.kind, code: error.detail.crmCode });
    const stale = error.kind === "reconnect";
    const text = stale
      ? "The sign-in took too long, or was used already. Start connecting again."
      : "The CRM did not answer as it should. Nothing was connected; try again in a minute.";
    return c.html(failedPage({ title: "Not connected", text }), stale ? 400 : 502);
  }
  // An unknown error's message could hold anything: it is logged by name only.
  house.log.error("connections.oauth_error", { name: error instanceof Error ? error.name : "unknown" });
  return c.html(failedPage({ title: "Something went wrong", text: "The fault is ours. Try again in a minute." }), 500);
}
