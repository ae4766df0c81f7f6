import { expect, test } from "vitest";
import { recordLink } from "../../backend/connections/record-link.ts";
import { toAccount } from "../../backend/crm/hubspot/convert.ts";
import { uiUrlOf } from "../../backend/crm/salesforce/convert.ts";

test("a record's link opens the record in either CRM, and an odd id stays one part of the address", () => {
  const portal = { portalId: "42", uiDomain: "app-eu1.hubspot.com", timeZone: "UTC", accountType: "STANDARD" };
  const { uiUrl } = toAccount({ ...portal, companyCurrency: "EUR", additionalCurrencies: [] }, "7");
  expect(recordLink(uiUrl, "hubspot", "deal", "9")).toBe("https://app-eu1.hubspot.com/contacts/42/record/0-3/9");
  expect(recordLink(uiUrl, "hubspot", "company", "../1?x")).toBe(
    "https://app-eu1.hubspot.com/contacts/42/record/0-2/..%2F1%3Fx",
  );
  expect(recordLink(uiUrlOf("https://acme.my.salesforce.com"), "salesforce", "contact", "003")).toBe(
    "https://acme.lightning.force.com/lightning/r/Contact/003/view",
  );
});
