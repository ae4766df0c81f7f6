/** Metadata that no org has seen yet: well-formed, of known elements, and equal to what the server expects. */
import { readFileSync } from "node:fs";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { filesOf, read, valuesOf } from "./package.ts";

const files = filesOf().filter((name) => name.endsWith(".xml"));

/** Elements that each type may hold, as the Metadata API's reference lists them; only those the package needs. */
const known: Record<string, string> = {
  ApexClass: "apiVersion status",
  CustomApplication:
    "brand description formFactors isNavAutoTempTabsDisabled isNavPersonalizationDisabled label navType tabs uiType",
  CustomField:
    "fullName description caseSensitive externalId inlineHelpText label length precision required scale type unique visibleLines",
  CustomLabels: "labels",
  CustomObject: "customSettingsType description enableFeeds label visibility",
  CustomPermission: "description isLicensed label",
  CustomTab: "description flexiPage label lwcComponent motif",
  ExternalClientApplication: "contactEmail description distributionState isProtected label",
  ExternalCredential: "authenticationProtocol externalCredentialParameters label",
  ExtlClntAppOauthSettings: "commaSeparatedOauthScopes externalClientApplication label oauthLink",
  FlexiPage: "description flexiPageRegions masterLabel sobjectType template type",
  LightningComponentBundle: "apiVersion description isExposed masterLabel targets targetConfigs",
  NamedCredential:
    "allowMergeFieldsInBody allowMergeFieldsInHeader calloutStatus generateAuthorizationHeader label namedCredentialParameters namedCredentialType",
  PermissionSet:
    "applicationVisibilities classAccesses customPermissions description externalCredentialPrincipalAccesses fieldPermissions hasActivationRequired label tabSettings",
};

test.each(files)("%s", (name) => {
  const text = read(name);
  expect(XMLValidator.validate(text)).toBe(true);
  const parsed = new XMLParser({ ignoreDeclaration: true, ignoreAttributes: false }).parse(text) as object;
  const [[type, content]] = Object.entries(parsed) as [[string, object]];
  const allowed = known[type]?.split(" ");
  expect(allowed, `${type} is listed above`).toBeDefined();
  const elements = Object.keys(content).filter((each) => !each.startsWith("@"));
  expect(elements.filter((each) => !allowed!.includes(each))).toEqual([]);
  expect(text).toContain('xmlns="http://soap.sforce.com/2006/04/metadata"');
});

test("the key of a deal's conversation is a unique external id", () => {
  const field = read("objects/Opportunity/fields/Pandora_Conversation_Id__c.field-meta.xml");
  expect([valuesOf(field, "unique")[0], valuesOf(field, "externalId")[0], valuesOf(field, "type")[0]]).toEqual([
    "true",
    "true",
    "Text",
  ]);
});

test("the templates' fields are packaged, under their names and labels, and readable by their permission set", () => {
  const templates = readFileSync(new URL("../../backend/writeback/templates.ts", import.meta.url), "utf8");
  const objects: Record<string, string> = { deal: "Opportunity", company: "Account", contact: "Contact" };
  const types: Record<string, string> = { number: "Number", textarea: "LongTextArea", datetime: "DateTime" };
  const granted = valuesOf(read("permissionsets/Pandora_Fields.permissionset-meta.xml"), "field");
  const parts = /name: "(pandora_\w+)",\s+label: "([^"]+)",\s+type: "(\w+)"/g;
  let found = 0;
  for (const recipe of templates.split(/\n {4}key: /).slice(1)) {
    const object = objects[/objectType: "(\w+)"/.exec(recipe)![1]!]!;
    for (const [, name, label, type] of recipe.matchAll(parts)) {
      found += 1;
      const field = `${name!.replace(/(^|_)([a-z])/g, (_all, dash, letter) => dash + letter.toUpperCase())}__c`;
      const xml = read(`objects/${object}/fields/${field}.field-meta.xml`);
      expect([field, valuesOf(xml, "label")[0], valuesOf(xml, "type")[0]]).toEqual([field, label, types[type!]]);
      expect(granted).toContain(`${object}.${field}`);
    }
  }
  expect(found).toBeGreaterThan(7);
});
