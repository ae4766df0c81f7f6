/** A record as the simulated CRM holds it: what Pandora wrote, a form to change it as a rep would, and who wrote what when. */
import { html } from "hono/html";
import type { ObjectType } from "../contract/common.ts";
import type { HistoryRow } from "../simulator/history.ts";
import type { DemoCrm } from "./crms.ts";

/** @param refusal the CRM's words when a change was refused; @returns null when the record is gone */
export function recordPage(crm: DemoCrm, objectType: ObjectType, id: string, refusal?: string) {
  const held = crm.record(objectType, id);
  if (!held) return null;
  const product = crm.crm === "hubspot" ? "HubSpot" : "Salesforce";
  const name = held["dealname"] ?? held["Name"] ?? held["name"] ?? `${objectType} ${id}`;
  const filled = Object.entries(held).filter(([, value]) => value !== null && value !== "");
  const ours = filled.filter(([property]) => isOurs(property)).sort(([one], [two]) => one.localeCompare(two));
  const others = filled.filter(([property]) => !isOurs(property)).sort(([one], [two]) => one.localeCompare(two));
  const told = crm
    .history(objectType, id)
    .filter((row) => isOurs(row.property))
    .reverse();
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${name} · ${product} (simulated)</title>
    <link rel="stylesheet" href="/demo/page/page.css" />
    <link rel="stylesheet" href="/demo/page/parts.css" />
    <link rel="stylesheet" href="/demo/page/tables.css" />
    <link rel="stylesheet" href="/demo/page/record.css" />
    <link rel="stylesheet" href="/demo/page/narrow.css" />
    <link rel="icon" href="/demo/page/mark.svg" />
  </head>
  <body class="crm ${crm.crm}">
    <header class="top"><div class="wrap">
      <span class="brand"><span class="crm-mark ${crm.crm}" aria-hidden="true">${product[0]}</span> ${product} <small>simulated</small></span>
      <nav aria-label="Demo"><a href="/">Back to Pandora</a><a href="${crm.url}/__history?objectType=${objectType}&id=${encodeURIComponent(id)}">Write history (JSON)</a></nav>
    </div></header>
    <main class="wrap record">
      <p class="eyebrow">${objectType} ${id}</p>
      <h1>${name}</h1>
      ${refusal ? html`<p class="notice bad" role="alert">${product} refused the change: ${refusal}</p>` : ""}
      <div class="columns">
        <section class="card" aria-labelledby="ours">
          <h2 id="ours">Written by Pandora</h2>
          ${ours.length === 0 ? html`<p class="soft">Nothing yet: closed deals are outside the mappings' filter.</p>` : ""}
          ${ours.map(([property, value]) => formFor(property, value ?? ""))}
          <p class="soft hint">Type over a value and save, as a rep would. Then “Sync now” on the Pandora page: what you typed stays, and the log says so.</p>
        </section>
        <section class="card" aria-labelledby="told">
          <h2 id="told">Who wrote what</h2>
          ${told.length === 0 ? html`<p class="soft">No change so far.</p>` : html`<ol class="history">${told.slice(0, 20).map(historyItem)}</ol>`}
        </section>
      </div>
      <section class="card" aria-labelledby="rest">
        <h2 id="rest">Other properties</h2>
        <dl class="properties">${others.map(([property, value]) => html`<div><dt>${property}</dt><dd>${value}</dd></div>`)}</dl>
      </section>
    </main>
  </body>
</html>`;
}

function formFor(property: string, value: string) {
  const rows = Math.min(6, Math.max(1, Math.ceil(value.length / 52), value.split("\n").length));
  return html`<form method="post" class="field">
    <label for="${property}">${labelOf(property)}</label>
    <input type="hidden" name="property" value="${property}" />
    <textarea id="${property}" name="value" rows="${rows}">${value}</textarea>
    <button class="small">Save</button>
  </form>`;
}

function historyItem(row: HistoryRow) {
  const who = row.by === "api" ? "Pandora" : "A person";
  return html`<li class="${row.by}">
    <b>${who}</b> <span class="soft">${labelOf(row.property)} · ${row.at.slice(11, 19)} UTC</span>
    <p>${row.value === null || row.value === "" ? html`<i class="soft">cleared</i>` : row.value}</p>
  </li>`;
}

function isOurs(property: string): boolean {
  return property.toLowerCase().startsWith("pandora_");
}

/** "pandora_next_step" and "Pandora_Next_Step__c" alike: "Next step". */
function labelOf(property: string): string {
  const words = property
    .replace(/^pandora_/i, "")
    .replace(/__c$/, "")
    .replaceAll("_", " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
