import { expect, test } from "vitest";
import { readConfig } from "../../backend/config.ts";

const keys = `k1:${Buffer.alloc(32, 1).toString("base64")}`;

test("with a key ring alone the rest has defaults", () => {
  expect(readConfig({ PANDORA_KEYS: keys })).toMatchObject({
    ...{ port: 8787, publicUrl: "http://localhost:8787", databaseUrl: null, dataDir: ".pandora", role: "all" },
    ...{ hubspot: null, salesforce: null, smtp: null, llm: null, logLevel: "info" },
    ...{ leaseMs: 120_000, requestTimeoutMs: 30_000, heartbeatSeconds: 30 },
  });
});

test("the first key of the ring seals; more may stand behind it", () => {
  const { keys: ring } = readConfig({ PANDORA_KEYS: `new:${Buffer.alloc(32, 2).toString("base64")}, ${keys}` });
  expect(ring.map(({ id, key }) => [id, key[0]])).toEqual([
    ["new", 2],
    ["k1", 1],
  ]);
});

test("an empty string counts as unset, as compose files leave it", () => {
  expect(readConfig({ PANDORA_KEYS: keys, DATABASE_URL: "", SMTP_URL: "" }).databaseUrl).toBeNull();
});

test("a URL loses its slash at the end", () => {
  expect(readConfig({ PANDORA_KEYS: keys, PUBLIC_URL: "https://pandora.example/" }).publicUrl).toBe(
    "https://pandora.example",
  );
});

const malformed: [string, string, RegExp][] = [
  ["PORT", "http", /PORT is malformed/],
  ["PORT", "70000", /PORT is malformed/],
  ["PUBLIC_URL", "pandora.example", /PUBLIC_URL is malformed: must be an http\(s\) URL/],
  ["PUBLIC_URL", "ftp://pandora.example", /PUBLIC_URL is malformed/],
  ["DATABASE_URL", "mysql://x", /DATABASE_URL is malformed: must be a postgres:\/\/ URL/],
  ["PANDORA_KEYS", "secret", /PANDORA_KEYS is malformed: must be id:base64/],
  ["PANDORA_KEYS", "k1:c2hvcnQ=", /PANDORA_KEYS is malformed: .*32-byte keys/],
  ["PANDORA_ROLE", "api", /PANDORA_ROLE is malformed/],
  ["HUBSPOT_API_URL", "api.hubapi.com", /HUBSPOT_API_URL is malformed/],
  ["SALESFORCE_LOGIN_URL", "login", /SALESFORCE_LOGIN_URL is malformed/],
  ["SMTP_URL", "mail.example:25", /SMTP_URL is malformed: must be an smtp/],
  ["MAIL_FROM", "Pandora", /MAIL_FROM is malformed/],
  ["LLM_PROVIDER", "oracle", /LLM_PROVIDER is malformed/],
  ["LOG_LEVEL", "loud", /LOG_LEVEL is malformed/],
  ["PANDORA_LEASE_SECONDS", "0", /PANDORA_LEASE_SECONDS is malformed/],
  ["PANDORA_REQUEST_TIMEOUT_SECONDS", "ten", /PANDORA_REQUEST_TIMEOUT_SECONDS is malformed/],
  ["PANDORA_HEARTBEAT_SECONDS", "1", /PANDORA_HEARTBEAT_SECONDS is malformed/],
];

test.each(malformed)("%s=%s is refused by name", (name, value, message) => {
  expect(() => readConfig({ PANDORA_KEYS: keys, [name]: value })).toThrow(message);
});

const halves: [string, string, RegExp][] = [
  ["HUBSPOT_CLIENT_ID", "x", /HUBSPOT_CLIENT_SECRET is missing: HUBSPOT_CLIENT_ID is set/],
  ["SALESFORCE_CLIENT_ID", "x", /SALESFORCE_CLIENT_SECRET is missing/],
  ["SMTP_URL", "smtp://mail.example", /MAIL_FROM is missing: SMTP_URL is set/],
  ["LLM_PROVIDER", "openai", /LLM_API_KEY is missing[\s\S]*LLM_MODEL is missing/],
];

test.each(halves)("%s alone is refused: what belongs to it is named", (name, value, message) => {
  expect(() => readConfig({ PANDORA_KEYS: keys, [name]: value })).toThrow(message);
});

test("every fault is told at once, and where to read on; no value is repeated", () => {
  const read = () => readConfig({ PORT: "x", PANDORA_KEYS: "hunter2", SMTP_URL: "smtp://me:hunter3@mail" });
  expect(read).toThrow(/PORT[\s\S]*PANDORA_KEYS[\s\S]*MAIL_FROM[\s\S]*README\.md/);
  expect(read).not.toThrow(/hunter/);
});

test("a missing key ring says how to make one", () => {
  expect(() => readConfig({})).toThrow(/PANDORA_KEYS is missing.*openssl rand -base64 32/);
});
