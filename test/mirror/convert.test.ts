import { expect, test } from "vitest";
import type { MirrorRecord } from "../../backend/crm/port.ts";
import { domainOf, toCompany, toContact, toDeal } from "../../backend/mirror/convert.ts";
import { overall } from "../../backend/mirror/progress.ts";
import { askedProperties, ownColumns } from "../../backend/mirror/properties.ts";

function record(properties: MirrorRecord["properties"], more: Partial<MirrorRecord> = {}): MirrorRecord {
  return {
    id: "1",
    objectType: "deal",
    properties,
    createdAt: "2026-01-02T03:04:05.000Z",
    updatedAt: "2026-02-03T04:05:06.000Z",
    deleted: false,
    mergedIds: [],
    associations: {},
    ...more,
  };
}

test("a HubSpot deal: numbers stay exact text, blanks are null, moments come in either form", () => {
  const row = toDeal(
    "hubspot",
    record(
      {
        dealname: "Fabrikam",
        amount: "1234567890123.45",
        closedate: "1798761600000",
        dealstage: "s1",
        pipeline: "p1",
        hs_deal_stage_probability: "0.4",
        hs_is_closed: "false",
        hs_is_closed_won: null,
        hubspot_owner_id: "  ",
        notes_last_updated: "2026-11-01T10:00:00Z",
        hs_date_entered_current_stage: "2026-10-01",
      },
      {
        associations: {
          company: [
            { id: "c1", role: null },
            { id: "c2", role: null },
          ],
          contact: [
            { id: "p1", role: "buyer" },
            { id: "p1", role: null },
            { id: "p2", role: null },
          ],
        },
      },
    ),
  );
  expect(row).toMatchObject({
    name: "Fabrikam",
    amount: "1234567890123.45",
    close_date: "2027-01-01",
    stage_id: "s1",
    pipeline_id: "p1",
    probability: 0.4,
    is_closed: false,
    is_won: null,
    owner_id: null,
    company_id: "c1",
    last_activity_at: "2026-11-01T10:00:00.000Z",
    stage_entered_at: "2026-10-01T00:00:00.000Z",
    pushes: null,
  });
  expect(row.contacts).toEqual([
    { id: "p1", role: null, primary: true },
    { id: "p2", role: null, primary: false },
  ]);
});

test("a Salesforce opportunity: percent, its own push count, one pipeline without record types", () => {
  const row = toDeal(
    "salesforce",
    record({ Probability: "75", PushCount: "3", StageName: "Qualification", CloseDate: "2026-12-31", Amount: "no" }),
  );
  expect(row).toMatchObject({
    probability: 0.75,
    pushes: 3,
    pipeline_id: "default",
    close_date: "2026-12-31",
    amount: null,
  });
});

test("names, addresses and hosts in one form", () => {
  expect(
    toContact(
      "hubspot",
      record({
        email: " Ada@ACME.test ",
        firstname: "Ada",
        lastname: null,
        hs_additional_emails: "A@x.test; b@x.test",
      }),
    ),
  ).toMatchObject({
    email: "ada@acme.test",
    name: "Ada",
    other_emails: ["a@x.test", "b@x.test"],
  });
  expect(
    toCompany("salesforce", record({ Website: "https://www.Acme.co.uk/path?q", NumberOfEmployees: "12.4" })),
  ).toMatchObject({ domain: "acme.co.uk", employees: 12 });
});

test.each([
  ["acme.com", "acme.com"],
  ["WWW.ACME.COM", "acme.com"],
  ["http://eu.acme.com:8080/x", "eu.acme.com"],
  ["localhost", null],
  ["not a host", null],
  ["", null],
  [null, null],
])("the domain of %j is %j", (text, domain) => {
  expect(domainOf(text)).toBe(domain);
});

test("only properties that exist are asked for; what Pandora writes is known by column, letter case aside", () => {
  expect(askedProperties("hubspot", "deal", new Set(["dealname", "amount", "other"]))).toEqual(["dealname", "amount"]);
  expect(ownColumns("salesforce", "deal", new Set(["closedate", "Deal_Score__c"]))).toEqual(new Set(["closeDate"]));
});

test.each([
  [["waiting", "waiting"], "waiting"],
  [["done", "waiting"], "running"],
  [["done", "failed"], "failed"],
  [["done", "done"], "done"],
] as const)("parts %j make an import that is %s", (parts, status) => {
  expect(overall(parts.map((each) => ({ phase: "import" as const, status: each })))).toBe(status);
  expect(overall([{ phase: "incremental", status: "running" }])).toBe("done");
});
