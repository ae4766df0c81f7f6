import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asPropertyText, canonical, compatibility, isBlank, isTextual, misfit } from "../../backend/crm/compatible.ts";
import type { Property, PropertyType } from "../../backend/crm/port.ts";
import { propertyOf } from "../writeback/plan-setup.ts";

const types: PropertyType[] = [
  ...([
    "number",
    "currency",
    "text",
    "textarea",
    "rich_text",
    "boolean",
    "date",
    "datetime",
    "enum",
    "multi_enum",
  ] as const),
];
const same = (type: PropertyType, value: string | null, set: Partial<Property> = {}) =>
  canonical(value, propertyOf(type, set));

describe("what goes into what", () => {
  test("says what would do", () =>
    expect(compatibility("number", propertyOf("date"))).toMatchObject({
      ok: false,
      message: expect.stringContaining('A number value can\'t go into "Target", which is a date property.'),
      allowed: expect.arrayContaining(["number", "text"]),
    }));
  test.each([
    ["number", "number", true],
    ["number", "enum", true],
    ["number", "boolean", false],
    ["text", "multi_enum", false],
    ["long_text", "rich_text", true],
    ["long_text", "number", false],
    ["datetime", "date", true],
    ["datetime", "number", false],
  ] as const)("%s into %s: %s", (value, type, ok) => expect(compatibility(value, propertyOf(type)).ok).toBe(ok));
  test("only texts can be appended to", () =>
    expect(types.filter(isTextual)).toEqual(["text", "textarea", "rich_text"]));
});

describe("blank", () => {
  test.each(types)("null, empty and white space are blank in %s; 0 and false are not", (type) => {
    for (const value of [null, "", " ", "\n\t", "\u00a0"]) expect(isBlank(value, type)).toBe(true);
    for (const value of ["0", "false", "-"]) expect(isBlank(value, type)).toBe(false);
  });
  test("markup without visible text is blank in rich text only", () => {
    expect(isBlank("<p><br></p>", "rich_text")).toBe(true);
    expect(isBlank("<div>&nbsp;</div>", "rich_text")).toBe(true);
    expect(isBlank("<p>0</p>", "rich_text")).toBe(false);
    expect(isBlank("<p><br></p>", "text")).toBe(false);
  });
});

describe("canonical form", () => {
  test.each<[PropertyType, string, string | null, Partial<Property>?]>([
    ["number", " 61.0 ", "61"],
    ["number", "1e3", "1000"],
    ["number", "6.5E-7", "0.00000065"],
    ["number", "-0.00", "0"],
    ["number", "1.005", "1.01", { scale: 2 }],
    ["number", "-2.5", "-3", { scale: 0 }],
    ["number", "0.0000001", "0", { scale: 2 }],
    ["number", "12345678901234567890", "12345678901234567890"],
    ["number", "not a number", "not a number"],
    ["currency", "1200.50", "1200.5"],
    ["boolean", "TRUE", "true"],
    ["date", "2026-02-21T10:00:00Z", "2026-02-21"],
    ["date", "1771632000000", "2026-02-21"],
    ["date", "99999999999999999999", "99999999999999999999"],
    ["datetime", "1771632000000", "2026-02-21T00:00:00.000Z"],
    ["datetime", "2026-02-21T01:00:00.000+0100", "2026-02-21T00:00:00.000Z"],
    ["datetime", "2026-02-21T01:00:00+01:00", "2026-02-21T00:00:00.000Z"],
    ["datetime", "2026-02-21T00:00:00", "2026-02-21T00:00:00.000Z"],
    ["datetime", "2026-02-21", "2026-02-21T00:00:00.000Z"],
    ["datetime", "Call 5", "Call 5"],
    ["datetime", "-99999999999999999999", "-99999999999999999999"],
    ["enum", " good ", "good"],
    ["multi_enum", "b; a;;c ", "a;b;c"],
    ["multi_enum", ";", null],
    ["text", "  a  ", "a"],
    ["textarea", "a  \r\nb\rc\n\n", "a\nb\nc"],
    ["rich_text", '<div style="x">a<br/>b&nbsp;c</div>', "a<br>b c"],
    ["rich_text", "it&#39;s &quot;so&quot;", 'it\'s "so"'],
  ])("%s %j is %j", (type, value, form, set) => expect(same(type, value, set)).toBe(form));

  test.each(types)("blank is null in %s", (type) => {
    for (const value of [null, "", " \n "]) expect(same(type, value)).toBeNull();
  });

  /** What CRMs and people put into properties, and what they do not. */
  const anything = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map((at) => at.toISOString()),
    fc
      .array(
        fc.constantFrom(
          ...[
            "<div>",
            "</div>",
            "<p>",
            "</p>",
            "<br>",
            "<br/>",
            "<b>",
            "</b>",
            "&nbsp;",
            "&amp;",
            "&quot;",
            "&#39;",
            "<",
          ],
          ...[">", "a", " ", "\n", "\r", "\u00a0", ";", "amp;", "-", ".", "0", "e"],
        ),
        { maxLength: 10 },
      )
      .map((parts) => parts.join("")),
  );
  test.each(types)("is idempotent for any text in %s", (type) =>
    fc.assert(
      fc.property(anything, fc.option(fc.integer({ min: 0, max: 8 })), (value, scale) => {
        const once = same(type, value, { scale });
        expect(same(type, once, { scale })).toBe(once);
        expect(once).not.toBe("");
      }),
      { numRuns: 400 },
    ),
  );
  test.each([
    ["a break before a paragraph", "<br><p>a</p>"],
    ["an entity between a stray bracket and a break", "<&quot;<br>"],
  ])("idempotent: %s", (_name, html) => {
    const once = same("rich_text", html);
    expect(same("rich_text", once)).toBe(once);
  });
  test("a plain text comes back as the CRM would spell it, whatever is in it", () =>
    fc.assert(
      fc.property(anything, (text) => {
        const sent = same("rich_text", asPropertyText(text, "rich_text"));
        // As Salesforce stores it: wrapped, breaks closed, quotes and apostrophes as entities.
        const stored = `<p>${(sent ?? "").replaceAll("<br>", "<br />").replaceAll("'", "&#39;").replaceAll('"', "&quot;")}</p>`;
        expect(same("rich_text", stored)).toBe(sent);
      }),
    ));
});

describe("what a property can't take", () => {
  test("null clears anything that can be written", () => {
    for (const type of types) expect(misfit(null, propertyOf(type))).toBeNull();
    expect(misfit(null, propertyOf("text", { writable: false }))).toBe('"Target" is read-only in the CRM.');
  });
  test.each<[PropertyType, string, Partial<Property>]>([
    ["number", "1e400", {}],
    ["number", "12345", { precision: 4 }],
    ["boolean", "yes", {}],
    ["date", "soon", {}],
    ["date", "2026-02-31", {}],
    ["datetime", "Call 5", {}],
    ["datetime", "202", {}],
    ["enum", "x", { restricted: true }],
    ["enum", "old", { restricted: true, options: [{ value: "old", label: "Old", active: false }] }],
    ["multi_enum", "a;x", { restricted: true, options: [{ value: "a", label: "A", active: true }] }],
    ["text", "12345", { lengthMax: 4 }],
  ])("%s %j", (type, value, set) => expect(misfit(value, propertyOf(type, set))).toContain('"Target"'));
  test.each<[PropertyType, string, Partial<Property>]>([
    ["number", "-1234.5", { precision: 4 }],
    ["boolean", "false", {}],
    ["date", "2024-02-29", {}],
    ["datetime", "2026-02-21T00:00:00.000Z", {}],
    ["enum", "anything", { restricted: false }],
    ["multi_enum", "a;b", { restricted: true, options: ["a", "b"].map((v) => ({ value: v, label: v, active: true })) }],
    ["text", "1234", { lengthMax: 4 }],
  ])("takes %s %j", (type, value, set) => expect(misfit(value, propertyOf(type, set))).toBeNull());
});
