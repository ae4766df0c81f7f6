/** The preview stands in for Apex: what it does is what the Apex says, and the server takes it for Apex. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readAssertion, verifyAssertion } from "../../backend/connections/salesforce-assertion.ts";
import { readApexDoors } from "../../salesforce-package/preview/apex-doors.ts";
import { signAssertion } from "../../salesforce-package/preview/assertion.ts";
import { keepVisible } from "../../salesforce-package/preview/sight.ts";
import { read } from "./package.ts";

const who = { orgId: "00D5g0000000001EAA", userId: "0055g0000000001AAA" };
const request = { method: "POST", target: "/api/workspaces/me/x?crm=salesforce", body: '{"a":1}' };

test("what the port signs holds at the server, and for nothing else", () => {
  const key = randomBytes(32);
  const token = signAssertion({ keyId: "k1", key: key.toString("base64") }, who, request);
  expect(readAssertion(token)).toEqual({ orgId: who.orgId, keyId: "k1" });
  const verdict = (change: object) => {
    const result = verifyAssertion(token, key, { ...request, ...change }, new Date());
    return result.ok ? "holds" : result.reason;
  };
  expect(verdict({})).toBe("holds");
  expect(verdict({ method: "GET" })).toBe("other_request");
  expect(verdict({ target: `${request.target}&x=1` })).toBe("other_request");
  expect(verdict({ body: '{"a":2}' })).toBe("other_body");
});

test("the Apex signs the same claims", () => {
  const key = randomBytes(32).toString("base64");
  const token = signAssertion({ keyId: "k1", key }, who, request);
  const claims = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as object;
  const apex = [...read("classes/PandoraAssertion.cls").matchAll(/'(\w{3})' =>/g)].map((match) => match[1]);
  expect(Object.keys(claims).toSorted()).toEqual(
    apex.filter((name) => !["alg", "typ", "kid"].includes(name!)).toSorted(),
  );
  const code = read("classes/PandoraAssertion.cls");
  expect(code).toContain("'X-Pandora-Assertion'");
  expect(code).toMatch(/SECONDS = 60/);
});

test("both drop the same: named by the same members", () => {
  const apex = read("classes/PandoraSight.cls");
  const port = readFileSync(new URL("../../salesforce-package/preview/sight.ts", import.meta.url), "utf8");
  const names = (text: string, from: RegExp) => [...(from.exec(text)?.[0] ?? "").matchAll(/['"]?(\w+_\w+)['"]?/g)];
  const plain = (found: RegExpMatchArray[]) => found.map((match) => match[1]!).toSorted();
  expect(plain(names(port, /const about[^;]*;/))).toEqual(plain(names(apex, /ABOUT = [^;]*;/)));
  expect(plain(names(port, /const mentions[^;]*;/))).toEqual(plain(names(apex, /MENTIONS = [^;]*;/)));
});

test("an unseen record is dropped from a list, and not found by itself", () => {
  const seen = "0065g0000000001AAA";
  const canSee = (id: string) => id === seen;
  const list = { items: [{ crm_record_id: seen }, { crm_record_id: "0065g0000000002AAA" }, { crm_id: "4711" }] };
  expect(keepVisible(list, canSee)).toEqual({ items: [{ crm_record_id: seen }] });
  expect(keepVisible({ crm_record_id: "0065g0000000002AAA" }, canSee)).toBeNull();
  expect(keepVisible({ deal_crm_id: "0065g0000000002AAA", deal_url: "x" }, canSee)).toEqual({
    deal_crm_id: null,
    deal_url: null,
  });
});

test("every forwarding method has the one form that the preview reads", () => {
  const methods = [...read("classes/PandoraApi.cls").matchAll(/@AuraEnabled\s+public static \w+ (\w+)\(/g)];
  expect([...readApexDoors().keys(), "getConnectUrl"].toSorted()).toEqual(methods.map((match) => match[1]!).toSorted());
  const odd = `@AuraEnabled\n    public static Object odd() {\n        return null;\n    }`;
  expect(() => readApexDoors(odd)).toThrow("odd");
});

test("the Apex tests' examples are the repository's", () => {
  const code = read("classes/PandoraExamples.cls");
  const found = [...code.matchAll(/String (\w+) =([^;]*(?:'[^']*'[^;]*)*);\n/g)];
  expect(found.length).toBe(3);
  for (const [, name, literal] of found) {
    const parts = [...literal!.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map((match) => match[1]!);
    const text = parts.join("").replace(/\\(.)/g, (_all, sign: string) => (sign === "n" ? "\n" : sign));
    const file = `${name!.toLowerCase().replaceAll("_", "-")}.json`;
    const example = readFileSync(new URL(`../examples/${file}`, import.meta.url), "utf8");
    expect(JSON.parse(text)).toEqual(JSON.parse(example));
  }
});
