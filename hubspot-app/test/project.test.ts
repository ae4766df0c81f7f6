/** The project as it is uploaded: its files are as HubSpot wants them, its bundles weigh little and contain what they should. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { hubspotScopes } from "../../backend/crm/hubspot/oauth.ts";
import { sources } from "../../backend/mirror/properties.ts";
import { buildBundles } from "../scripts/bundles.ts";
import { projectFaults } from "../scripts/hsmeta.ts";

const root = path.join(import.meta.dirname, "..");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "pandora-project-"));
  folders.push(made);
  return made;
}

/** A copy of the project's files, one of them changed. */
function changed(file: string, change: (text: string) => string): string[] {
  const copy = folder();
  for (const name of ["hsproject.json", "src"]) {
    cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      filter: (from) => !from.includes("node_modules"),
    });
  }
  writeFileSync(path.join(copy, file), change(readFileSync(path.join(copy, file), "utf8")));
  return projectFaults(copy);
}

test("the project's files are as HubSpot documents them", () => {
  expect(projectFaults(root)).toEqual([]);
});

test.each([
  ["a name the marketplace refuses", "src/app/app-hsmeta.json", '"name": "Pandora"', '"name": "Pandora for HubSpot"'],
  ["JSON that can't be read", "src/app/webhooks/webhooks-hsmeta.json", "[", "[["],
  ["an address without TLS", "src/hsprofile.prod.json", "https://", "http://"],
  ["a place no card has", "src/app/cards/pandora-card-hsmeta.json", "crm.record.tab", "crm.record.middle"],
  ["an entry that is not there", "src/app/pages/pages-hsmeta.json", "Pages.tsx", "Page.tsx"],
  ["a uid that stands twice", "src/app/pages/pages-hsmeta.json", "pandora_pages", "pandora_settings"],
  ["a card whose scope is not asked for", "src/app/app-hsmeta.json", '"crm.objects.deals.read",', ""],
  ["a variable nobody sets", "src/hsprofile.dev.json", '"SUPPORT_EMAIL"', '"SUPPORT_MAIL"'],
  ["another platform", "hsproject.json", "2026.09", "2025.1"],
  ["a misspelled member", "src/app/cards/pandora-card-hsmeta.json", '"entrypoint"', '"entryPoint"'],
])("%s is seen", (_what, file, from, to) => {
  const faults = changed(file, (text) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  });
  expect(faults.length).toBeGreaterThan(0);
});

test("the app asks for the scopes that the server asks for", () => {
  const { config } = JSON.parse(readFileSync(path.join(root, "src/app/app-hsmeta.json"), "utf8"));
  expect([...config.auth.requiredScopes].sort()).toEqual([...hubspotScopes].sort());
});

test("each property whose changes HubSpot tells of is one that the server reads", () => {
  const { config } = JSON.parse(readFileSync(path.join(root, "src/app/webhooks/webhooks-hsmeta.json"), "utf8"));
  const watched: { objectType: "deal" | "company" | "contact"; propertyName?: string }[] =
    config.subscriptions.crmObjects;
  const unknown = watched.filter(({ objectType, propertyName }) => {
    const read = Object.values(sources.hubspot[objectType]).flat();
    return propertyName !== undefined && !read.includes(propertyName);
  });
  expect(unknown).toEqual([]);
});

test("each bundle builds with HubSpot's builder, within its weight, and brings no validation library along", async () => {
  const bundles = await buildBundles(path.join(root, "src/app"), folder());
  expect(bundles.map(({ name }) => name)).toEqual(["cards", "settings", "pages"]);
  expect(bundles.flatMap(({ faults }) => faults)).toEqual([]);
});
