/** The package holds together: what its parts name exists, is granted, and is the same in all places. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { readApexDoors } from "../../salesforce-package/preview/apex-doors.ts";
import { argumentsOf, filesOf, importsOf, namesIn, read, root, source, valuesOf } from "./package.ts";

const components = filesOf("lwc");
const scripts = components.filter((name) => name.endsWith(".js"));
const doors = readApexDoors();
const parametersOf = (method: string) =>
  method === "getConnectUrl" ? [] : doors.get(method)?.parameters.map(({ name }) => name);

test("each Apex import is an @AuraEnabled method, and is called with its parameters", () => {
  let calls = 0;
  for (const name of scripts) {
    for (const { local, from } of importsOf(name)) {
      if (!from.startsWith("@salesforce/apex/")) continue;
      const method = from.replace("@salesforce/apex/PandoraApi.", "");
      const parameters = parametersOf(method);
      expect(parameters, `${name}: ${from}`).toBeDefined();
      for (const passed of argumentsOf(read(name), local)) {
        calls += 1;
        expect([name, method, passed.toSorted()]).toEqual([name, method, parameters!.toSorted()]);
      }
    }
  }
  expect(calls).toBeGreaterThan(40);
});

test("no Apex method is there for nobody", () => {
  const used = new Set(scripts.flatMap((name) => importsOf(name).map(({ from }) => from.split(".").pop())));
  expect([...doors.keys()].filter((method) => !used.has(method))).toEqual([]);
});

test("the controller is granted to users and admins, the key's resource to admins only", () => {
  const grants = (name: string) => valuesOf(read(`permissionsets/${name}.permissionset-meta.xml`), "apexClass");
  expect(grants("Pandora_User")).toEqual(["PandoraApi"]);
  expect(grants("Pandora_Admin").toSorted()).toEqual(["PandoraApi", "PandoraConnectionResource"]);
  expect(grants("Pandora_Fields")).toEqual([]);
});

test("each method that changes something is checked for the permission of its kind", () => {
  const forUsers = [...doors.values()].filter(
    ({ permission, verb }) => permission === "Pandora_User" && verb !== "GET",
  );
  expect(forUsers.map(({ method }) => method).toSorted()).toEqual(
    ["createDeal", "dismissGap", "linkDeal", "restoreGap", "unlinkDeal", "updateNotifications"].toSorted(),
  );
});

test("each custom permission, class and tab that a permission set, app or class names exists", () => {
  const permissions = namesIn("customPermissions", ".customPermission-meta.xml");
  const classes = namesIn("classes", ".cls");
  const tabs = namesIn("tabs", ".tab-meta.xml");
  for (const set of namesIn("permissionsets", ".permissionset-meta.xml")) {
    const xml = read(`permissionsets/${set}.permissionset-meta.xml`);
    const granted = [...xml.matchAll(/<customPermissions>([\s\S]*?)<\/customPermissions>/g)];
    for (const [, content] of granted) expect(permissions).toContain(valuesOf(content!, "name")[0]);
    for (const name of valuesOf(xml, "apexClass")) expect(classes).toContain(name);
    for (const name of valuesOf(xml, "tab")) expect(tabs).toContain(name);
    for (const name of valuesOf(xml, "application")) expect(namesIn("applications", ".app-meta.xml")).toContain(name);
  }
  for (const name of classes) {
    for (const [, asked] of read(`classes/${name}.cls`).matchAll(/checkPermission\('(\w+)'\)/g)) {
      expect(permissions, name).toContain(asked);
    }
  }
  const app = valuesOf(read("applications/Pandora.app-meta.xml"), "tabs");
  for (const tab of app.filter((name) => !name.startsWith("standard-"))) expect(tabs).toContain(tab);
});

test("each component on a page exists, is exposed, and may stand there; each tab has what it shows", () => {
  const targets = {
    RecordPage: "lightning__RecordPage",
    AppPage: "lightning__AppPage",
    HomePage: "lightning__HomePage",
  };
  for (const name of namesIn("flexipages", ".flexipage-meta.xml")) {
    const xml = read(`flexipages/${name}.flexipage-meta.xml`);
    const target = targets[valuesOf(xml, "type").pop() as keyof typeof targets];
    for (const component of valuesOf(xml, "componentName").filter((each) => each.startsWith("pandora"))) {
      const meta = read(`lwc/${component}/${component}.js-meta.xml`);
      expect(valuesOf(meta, "isExposed")).toEqual(["true"]);
      expect(valuesOf(meta, "target"), `${component} on ${name}`).toContain(target);
    }
  }
  for (const name of namesIn("tabs", ".tab-meta.xml")) {
    const xml = read(`tabs/${name}.tab-meta.xml`);
    const [page] = valuesOf(xml, "flexiPage");
    const [component] = valuesOf(xml, "lwcComponent");
    if (page) expect(namesIn("flexipages", ".flexipage-meta.xml")).toContain(page);
    else expect(valuesOf(read(`lwc/${component}/${component}.js-meta.xml`), "target")).toContain("lightning__Tab");
  }
});

test("every API version is the project's", () => {
  const project = JSON.parse(readFileSync(path.join(root, "sfdx-project.json"), "utf8")) as {
    sourceApiVersion: string;
  };
  const versions = filesOf().flatMap((name) => (name.endsWith("-meta.xml") ? valuesOf(read(name), "apiVersion") : []));
  expect(versions.length).toBeGreaterThan(30);
  expect([...new Set(versions)]).toEqual([project.sourceApiVersion]);
});

test("no consumer secret is packaged, and the app is of the packaged kind", () => {
  expect(filesOf().filter((name) => /ecaGlblOauth/i.test(name))).toEqual([]);
  expect(read("externalClientApps/Pandora.eca-meta.xml")).toContain("<distributionState>Packaged</distributionState>");
});

test("the key is reachable by the package's own code only", () => {
  const setting = read("objects/PandoraConnection__c/PandoraConnection__c.object-meta.xml");
  expect(setting).toContain("<visibility>Protected</visibility>");
  for (const name of filesOf("classes").filter((each) => each.endsWith(".cls"))) {
    if (/Assertion|ConnectionResource|Test/.test(name)) continue;
    expect(read(name), name).not.toMatch(/SigningKey__c|PandoraConnection__c/);
  }
});

test("no class builds a query from text, and each names its sharing", () => {
  for (const name of filesOf("classes").filter((each) => each.endsWith(".cls"))) {
    const code = read(name);
    expect(code, name).not.toMatch(/Database\.(query|countQuery|getQueryLocator)|Search\.query/);
    if (!/@IsTest/i.test(code)) expect(code, name).toMatch(/with sharing class/);
  }
  expect(read("classes/PandoraSight.cls").match(/WHERE Id IN :named WITH USER_MODE/g)).toHaveLength(3);
});

test("components use base components and their own, and no DOM tricks", () => {
  for (const name of components) {
    const text = read(name);
    expect(text, name).not.toMatch(/innerHTML|lwc:dom|eval\(|new Function|document\.write/);
    if (!name.endsWith(".html")) continue;
    for (const [, tag] of text.matchAll(/<([a-z]+-[a-z-]+)/g)) expect(tag, name).toMatch(/^(lightning|c-pandora)-/);
  }
});

test("every link that leaves Salesforce opens apart, and can't reach back", () => {
  for (const name of components.filter((each) => each.endsWith(".html"))) {
    for (const [link] of read(name).matchAll(/<a\b[^>]*target="_blank"[^>]*>/g)) expect(link).toContain("noopener");
  }
  expect(source).toContain("force-app");
});
