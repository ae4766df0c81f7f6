/** The pages people land on after signing in at their CRM. Plain HTML: no script, nothing loaded from anywhere. */
import type { Connected } from "./install.ts";
import { crmName } from "./refresh.ts";

export type Failed = { title: string; text: string; action?: { href: string; label: string } };

/** After a successful connect: what happens now, and what to do next. */
export function connectedPage(connected: Connected, publicUrl: string): string {
  const name = crmName(connected.crm);
  const { accountName, workspaceName, missingScopes } = connected;
  const into = connected.isNew
    ? `A workspace was made for you, and you are its admin.`
    : `It belongs to the workspace <b>${toHtml(workspaceName)}</b>.`;
  const steps = (connected.crm === "hubspot" ? hubspotSteps : salesforceSteps)
    .map(([title, text]) => `<li><b>${title}</b><span>${text}</span></li>`)
    .join("");
  return page(
    `${name} is connected`,
    `<p class="badge good">Connected</p>
    <h1>${name} is connected</h1>
    <p class="lead"><b>${toHtml(accountName)}</b> is now connected to Pandora. ${into}</p>
    ${missingScopes.length > 0 ? missing(missingScopes, connected) : ""}
    <h2>What to do next</h2>
    <ol>${steps}</ol>
    <p><a class="button" href="${toHtml(publicUrl)}/">Open Pandora</a> <a href="${toHtml(publicUrl)}/help">Read the guides</a></p>`,
  );
}

/** A sign-in that led to nothing, and the way out. */
export function failedPage({ title, text, action }: Failed): string {
  const link = action ? `<p><a class="button" href="${toHtml(action.href)}">${toHtml(action.label)}</a></p>` : "";
  return page(
    title,
    `<p class="badge bad">Not connected</p><h1>${toHtml(title)}</h1><p class="lead">${toHtml(text)}</p>${link}`,
  );
}

const importStep = [
  "Nothing, for a moment",
  "Pandora is reading your deals, companies and contacts. Nothing is written to your CRM until you map a field.",
] as const;
const mapStep = [
  "Map a field",
  "Choose a Pandora field, such as the deal score, and the CRM property it goes to. The preview shows the effect on real records first.",
] as const;
const hubspotSteps = [
  importStep,
  mapStep,
  [
    "Show the card on records",
    "In HubSpot: Settings, Objects, Deals, Record customization. Add the Pandora card to the view your reps use; HubSpot does not add it by itself.",
  ],
] as const;
const salesforceSteps = [
  importStep,
  [
    "Give people access",
    "In Salesforce: Setup, Permission Sets. Assign Pandora User to your reps and Pandora Admin to admins.",
  ],
  mapStep,
] as const;

function missing(scopes: string[], connected: Connected): string {
  const list = scopes.map((scope) => `<li><code>${toHtml(scope)}</code><span>${whatFor(scope)}</span></li>`).join("");
  const again = `/oauth/${connected.crm}/start`;
  return `<section class="warn"><h2>Some permissions are missing</h2><p>These were not granted, so parts of Pandora will not work:</p>
    <ul>${list}</ul><p><a href="${again}">Connect again</a> and grant them when you want these parts.</p></section>`;
}

function whatFor(scope: string): string {
  const [, area = "", object = "", right = ""] = /^crm\.(objects|schemas)\.(\w+)\.(\w+)$/.exec(scope) ?? [];
  if (area === "schemas") return `making properties of ${object} from Pandora`;
  if (object === "owners") return "knowing who owns a record";
  if (area === "objects") return right === "write" ? `writing values to ${object}` : `reading ${object}`;
  if (scope === "refresh_token") return "staying connected: Pandora will stop when this sign-in ends";
  return "a part of Pandora";
}

function toHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => entities[sign]!);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${toHtml(title)} · Pandora</title><style>${style}</style></head>
<body><main>${body}</main></body></html>`;
}

const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5a6478; --card: #fff; --ground: #f2f4f8; --line: #dfe4ec; --accent: #3b4fd8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #a3adc2; --card: #1b2130; --ground: #10141d; --line: #303a4e; --accent: #93a2ff; } }
* { box-sizing: border-box } body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif }
main { max-width: 40rem; margin: 8vh auto; padding: 2.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 14px }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .6rem 0 } h2 { font-size: 1.05rem; margin: 1.8rem 0 .5rem } .lead { color: var(--soft) } .lead b { color: var(--ink) }
.badge { display: inline-block; margin: 0; padding: .15rem .7rem; border-radius: 99px; font-size: .85rem; font-weight: 600 }
.good { background: #d9f4e4; color: #0d5b33 } .bad { background: #fde4e1; color: #8c1d12 }
ol, section ul { padding-left: 1.3rem } li { margin: .7rem 0 } li span { display: block; color: var(--soft) }
.warn { margin-top: 1.5rem; padding: .2rem 1.2rem .6rem; border: 1px solid #e5b94e; border-radius: 10px } .warn h2 { margin-top: .8rem }
a { color: var(--accent) } .button { display: inline-block; margin: .8rem 1rem 0 0; padding: .6rem 1.2rem; border-radius: 8px; background: #3b4fd8; color: #fff; text-decoration: none }
code { font-size: .9em }
@media (max-width: 44rem) { main { margin: 0; border: 0; border-radius: 0; padding: 1.5rem } }`;
