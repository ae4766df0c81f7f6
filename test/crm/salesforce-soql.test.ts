import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { id18, isoTime, toJson, uiUrlOf } from "../../backend/crm/salesforce/convert.ts";
import { chunkForUrl, identifier, soql, soqlContains, soqlString } from "../../backend/crm/salesforce/soql.ts";
import { describedField } from "../../backend/crm/salesforce/wire.ts";
import { parseSoql } from "../../backend/simulator/salesforce/soql-parse.ts";

describe("what comes from outside can't change a query", () => {
  const nasty = fc.oneof(
    fc.string(),
    fc.string({
      unit: fc.constantFrom("'", '"', "\\", "%", "_", "\n", "\r", "\t", "\b", "\f", " ", "O", "R", "=", ")", "--"),
    }),
  );

  test("any text stays one literal, and means itself", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const parsed = parseSoql(
          soql({
            select: ["Id"],
            from: "Account",
            where: { field: "Name", op: "=", value: { string: text } },
            limit: 5,
          }),
        );
        expect(parsed).toMatchObject({ from: "Account", limit: 5, where: { kind: "compare", field: "Name", op: "=" } });
        const where = parsed.where as { value: { value: string } };
        expect(where.value.value.replaceAll("\\\\", "\\")).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("a pattern's own wildcards are taken literally", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const inner = soqlContains(text).slice(2, -2);
        expect(/(?<!\\)(?:\\\\)*[%_]/.test(inner)).toBe(false);
        const query = soql({ select: ["Id"], from: "Account", where: { field: "Name", op: "contains", text } });
        expect(parseSoql(query).where).toMatchObject({ kind: "compare", op: "like" });
      }),
      { numRuns: 500 },
    );
  });

  test.each(["Name FROM User--", "Name'", "a.b.c.d.e.f.g", "", "1abc", "Name,Id", "(SELECT Id FROM Contacts)"])(
    "%j is no identifier",
    (name) => {
      expect(() => identifier(name)).toThrowError(expect.objectContaining({ kind: "unknown_property" }));
    },
  );

  test("ids, times and numbers are checked, not quoted and hoped for", () => {
    const where = (value: Parameters<typeof soql>[0]["where"]) => () =>
      soql({ select: ["Id"], from: "Account", where: value });
    expect(where({ field: "Id", op: "=", value: { id: "x' OR Id != '" } })).toThrow(/not a Salesforce record id/);
    expect(where({ field: "CreatedDate", op: ">", value: { datetime: "today OR 1=1" } })).toThrow(/ISO 8601/);
    expect(where({ field: "CloseDate", op: ">", value: { date: "2026-1-1" } })).toThrow(/YYYY-MM-DD/);
    expect(where({ field: "Amount", op: ">", value: { number: Number.NaN } })).toThrow(/finite/);
    expect(where({ all: [] })).toThrow(/empty/);
  });

  test("numbers carry no exponent, which SOQL does not read", () => {
    const of = (number: number) =>
      soql({ select: ["Id"], from: "Account", where: { field: "X__c", op: "=", value: { number } } });
    expect(of(1e21)).toContain("= 1000000000000000000000");
    expect(of(1e-7)).toContain("= 0.0000001");
  });
});

test("a long list is split so that each query fits into an address", () => {
  const chunks = chunkForUrl(Array.from({ length: 1_000 }, (_, i) => `person${i}@example.test`));
  expect(chunks.flat()).toHaveLength(1_000);
  for (const chunk of chunks) expect(encodeURIComponent(chunk.map(soqlString).join(", ")).length).toBeLessThan(12_000);
  expect(chunkForUrl([])).toEqual([]);
});

test("ids grow their three check characters", () => {
  expect(id18("0015g00000AbCdE")).toHaveLength(18);
  expect(id18("001000000000000")).toBe("001000000000000AAA");
  expect(id18("00000000000000A")).toBe("00000000000000AAAQ");
  expect(id18("001000000000000AAA")).toBe("001000000000000AAA");
});

test("times lose Salesforce's spelling of UTC", () => {
  expect(isoTime("2026-11-22T10:00:00.000+0000")).toBe("2026-11-22T10:00:00.000Z");
  expect(isoTime("not a time")).toBe("not a time");
});

test("values take the JSON type of their field, or are refused here", () => {
  const of = (type: string) =>
    describedField.parse({ name: "F__c", label: "F", type, createable: true, updateable: true });
  expect(toJson("61", of("double"))).toEqual({ ok: true, value: 61 });
  expect(toJson("61", of("string"))).toEqual({ ok: true, value: "61" });
  expect(toJson("true", of("boolean"))).toEqual({ ok: true, value: true });
  expect(toJson(null, of("double"))).toEqual({ ok: true, value: null });
  for (const [value, type] of [
    ["", "double"],
    ["many", "currency"],
    ["yes", "boolean"],
  ] as const) {
    expect(toJson(value, of(type))).toMatchObject({
      ok: false,
      error: { kind: "value_refused", detail: { property: "F__c" } },
    });
  }
});

test("records open on the Lightning host of a My Domain", () => {
  const path = "/lightning/r/{objectType}/{id}/view";
  expect(uiUrlOf("https://acme.my.salesforce.com")).toBe(`https://acme.lightning.force.com${path}`);
  expect(uiUrlOf("https://acme--uat.sandbox.my.salesforce.com")).toBe(
    `https://acme--uat.sandbox.lightning.force.com${path}`,
  );
  expect(uiUrlOf("http://127.0.0.1:4000")).toBe(`http://127.0.0.1:4000${path}`);
});
