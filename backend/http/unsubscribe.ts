/**
 * `/unsubscribe/:token`: the link at the foot of each mail. Opening it changes nothing, because mail scanners open links;
 * the button does, and so does the one-click POST of a mail program (RFC 8058).
 */
import type { Context } from "hono";
import { html } from "hono/html";
import type { House } from "../connections/house.ts";
import { readUnsubscribe, unsubscribe } from "../notify/unsubscribe.ts";
import { type Env, newDoors } from "./door.ts";
import { pageOf } from "./page.ts";

export function unsubscribeDoors(house: House) {
  return newDoors()
    .get("/:token", async (c) => {
      allowForm(c);
      const found = await readUnsubscribe(house, c.req.param("token"));
      if (!found) return c.html(unknownPage(), 404);
      return c.html(found.done ? donePage() : askPage(found.workspaceName));
    })
    .post("/:token", async (c) => {
      allowForm(c);
      return (await unsubscribe(house, c.req.param("token"))) ? c.html(donePage()) : c.html(unknownPage(), 404);
    });
}

/** The one page of ours with a form; a link with a token in it is kept by nobody. */
function allowForm(c: Context<Env>): void {
  c.header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  );
  c.header("cache-control", "no-store");
  c.header("x-robots-tag", "noindex");
}

const button =
  "padding:10px 18px;border:0;border-radius:8px;background:#4b45c6;color:#fff;font:inherit;font-weight:600;cursor:pointer";

function askPage(workspaceName: string) {
  return pageOf(
    "No more e-mails",
    html`<h1>No more e-mails from Pandora?</h1>
      <p>You would get none about <b>${workspaceName}</b> any more: no weekly digest, no reports, no alerts.</p>
      <form method="post"><button style="${button}">Stop all e-mails</button></form>
      <p>To stop some only, change your notices in Pandora's settings. <a href="/help/notices">How notices work</a></p>`,
  );
}

function donePage() {
  return pageOf(
    "No more e-mails",
    html`<h1>You get no more e-mails</h1>
      <p>To get them again, change your notices in Pandora's settings. <a href="/help/notices">How notices work</a></p>`,
  );
}

function unknownPage() {
  return pageOf(
    "No such link",
    html`<h1>This link is not known</h1>
      <p>It may be cut off: open it from the mail again. Or you are no member of that workspace any more, and get no
        e-mails from it.</p>`,
  );
}
