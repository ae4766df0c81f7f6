/** Texts: all of them custom labels, each used, none of them in the components themselves. */
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { filesOf, read, root, valuesOf } from "./package.ts";

const labels = read("labels/CustomLabels.labels-meta.xml");
const names = valuesOf(labels, "fullName");
const components = filesOf("lwc").filter((name) => !name.includes("pandoraWords") && /\.(js|html)$/.test(name));
const all = components.map(read).join("\n");

test("the modules are what the tool makes of the labels", async () => {
  const tool = pathToFileURL(path.join(root, "tools/words.mjs")).href;
  const { wordModules } = (await import(tool)) as { wordModules(xml: string): Map<string, string> };
  const plain = (text: string) => text.replace(/\s+/g, " ").replaceAll("( ", "(");
  for (const [name, content] of wordModules(labels)) {
    expect(plain(read(`lwc/pandoraWords/${name}`)), `run: node tools/words.mjs (${name})`).toBe(plain(content));
  }
});

test("every word that a component says is a label", () => {
  const said = [...all.matchAll(/\bwords\.([a-z]+)\.(\w+)/gi)].map((match) => `Pandora_${match[1]}_${match[2]}`);
  expect(said.length).toBeGreaterThan(300);
  expect([...new Set(said)].filter((name) => !names.includes(name))).toEqual([]);
});

test("every label is said somewhere", () => {
  const byName = (group: string, key: string) =>
    all.includes(`words.${group}.${key}`) ||
    // Named by a code: settings, notices, secrets and the kinds of failure.
    (["settings", "notices", "sources"].includes(group) && new RegExp(`\\b${key.replace(/^see_/, "")}\\b`).test(all)) ||
    (group === "failures" && all.includes(key.replace(/(Title|Text)$/, ""))) ||
    group === "codes";
  const unsaid = names.filter((name) => {
    const [, group, key] = /^Pandora_([a-zA-Z]+)_(.+)$/.exec(name)!;
    return !byName(group!, key!);
  });
  expect(unsaid).toEqual([]);
});

test("no template holds a text of its own", () => {
  for (const name of components.filter((each) => each.endsWith(".html"))) {
    const between = read(name).matchAll(/>([^<>]*[A-Za-z][^<>]*)</g);
    for (const [, text] of between) expect(text!.replace(/\{[^}]*\}/g, ""), name).not.toMatch(/[A-Za-z]{2}/);
    for (const [, attribute, text] of read(name).matchAll(/\s(label|title|placeholder|alternative-text)="([^"]*)"/g)) {
      expect(`${attribute}: ${text}`, name).toBe(`${attribute}: `);
    }
  }
});

test("no word of ours is shown: no code, no spelling of the API, no other CRM", () => {
  for (const value of valuesOf(labels, "value")) {
    expect(value).not.toMatch(/[a-z]_[a-z]|\bworkspace_|undefined|null\b/);
    expect(value).not.toMatch(/HubSpot(?! meetings)|\bcompany\b/);
  }
});

test("each label stands whole in its lines, as its readers expect", () => {
  expect(valuesOf(labels, "value")).toHaveLength(names.length);
  expect(valuesOf(labels, "shortDescription")).toHaveLength(names.length);
});

test("labels are short enough for the platform", () => {
  for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,79}$/);
  for (const value of valuesOf(labels, "value")) expect(value.length).toBeLessThanOrEqual(1000);
  for (const text of valuesOf(labels, "shortDescription")) expect(text.length).toBeLessThanOrEqual(80);
});
