/** Every reason for not writing and every kind of CRM failure is named by at least one test, so that none is only thought of. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { errorCodes, reasonText, skipReasons } from "../../backend/contract/reasons.ts";

const root = path.resolve(import.meta.dirname, "..");
const self = path.basename(import.meta.filename);
const tests = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && path.basename(file) !== self)
  .map((file) => readFileSync(path.join(root, file), "utf8"))
  .join("\n");

/** Named as a value ("skip:no_value", { no_value: 1 }), not as part of a longer name. */
function isNamed(code: string): boolean {
  return new RegExp(`(?<![a-z_])${code}(?![a-z_])`).test(tests);
}

/** The type has no list at run time; its source has. */
function crmErrorKinds(): string[] {
  const source = readFileSync(path.resolve(root, "../backend/crm/errors.ts"), "utf8");
  const type = /export type CrmErrorKind =([\s\S]*?");\n/.exec(source)?.[1] ?? "";
  return [...type.matchAll(/\| "([a-z_]+)"/g)].map((match) => match[1]!);
}

describe("named by a test", () => {
  test.each(skipReasons)("skip reason %s", (reason) => expect(isNamed(reason)).toBe(true));
  test.each(errorCodes)("error code %s", (code) => expect(isNamed(code)).toBe(true));
  test.each(crmErrorKinds())("CRM error kind %s", (kind) => expect(isNamed(kind)).toBe(true));
  test("a code nobody thought of is not, nor half of one", () => {
    expect(crmErrorKinds().length).toBeGreaterThanOrEqual(14);
    expect(isNamed(["never", "thought", "of"].join("_"))).toBe(false);
    expect(isNamed(["no", "valu"].join("_"))).toBe(false);
  });
});

describe("said in words", () => {
  test.each([...skipReasons, ...errorCodes])("%s: one sentence, not its code", (reason) => {
    const text = reasonText(reason);
    expect(text).toMatch(/^[A-Z].*[^.]$/);
    expect(text).not.toContain("_");
    expect(text.length).toBeGreaterThan(20);
  });
  test("with the day of our write in the workspace's zone, the condition and the CRM's words", () => {
    const lastWrittenAt = "2026-11-11T23:30:00Z";
    expect(reasonText("changed_in_crm", { lastWrittenAt, timeZone: "Europe/Berlin" })).toBe(
      "Kept: someone changed it in the CRM since Pandora's write of 12 Nov",
    );
    expect(reasonText("changed_in_crm", { lastWrittenAt: "nonsense" })).toMatch(/last write$/);
    expect(reasonText("condition_not_met", { condition: "score_above:70" })).toContain("(score_above:70)");
    expect(reasonText("value_refused", { because: "Amount is required" })).toContain("(Amount is required)");
  });
  test("a code of a later version is spelled out", () => expect(reasonText("made_up_later")).toBe("Made up later"));
});
