/** Settings from the environment (DESIGN 6.1). Starting with a missing or malformed setting is refused, each named. */
import { z } from "zod";

const keyRing = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim().split(":")))
  .refine((parts) => parts.every(([id, key]) => id && key && Buffer.from(key, "base64").length === 32), {
    message: "must be id:base64,id:base64 with 32-byte keys (make one: openssl rand -base64 32)",
  })
  .transform((parts) => parts.map(([id, key]) => ({ id: id!, key: Buffer.from(key!, "base64") })));

const httpUrl = z
  .url({ protocol: /^https?$/, message: "must be an http(s) URL" })
  .transform((url) => url.replace(/\/+$/, ""));

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8787),
  PUBLIC_URL: httpUrl.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must be a postgres:// URL")
    .optional(),
  PANDORA_DATA_DIR: z.string().min(1).default(".pandora"),
  PANDORA_KEYS: keyRing,
  PANDORA_ROLE: z.enum(["all", "http", "worker"]).default("all"),
  HUBSPOT_CLIENT_ID: z.string().min(1).optional(),
  HUBSPOT_CLIENT_SECRET: z.string().min(1).optional(),
  HUBSPOT_API_URL: httpUrl.default("https://api.hubapi.com"),
  HUBSPOT_APP_URL: httpUrl.default("https://app.hubspot.com"),
  SALESFORCE_CLIENT_ID: z.string().min(1).optional(),
  SALESFORCE_CLIENT_SECRET: z.string().min(1).optional(),
  SALESFORCE_LOGIN_URL: httpUrl.default("https://login.salesforce.com"),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, "must be an smtp:// or smtps:// URL")
    .optional(),
  MAIL_FROM: z.email().optional(),
  LLM_PROVIDER: z.enum(["openai", "anthropic"]).optional(),
  LLM_BASE_URL: httpUrl.optional(),
  LLM_API_KEY: z.string().min(1).optional(),
  LLM_MODEL: z.string().min(1).optional(),
  /** Milliseconds a model may take for one answer; and tokens and milliseconds for all answers of one run. */
  LLM_TIMEOUT_MS: z.coerce.number().int().min(10).max(600_000).default(20_000),
  LLM_TOKENS_PER_RUN: z.coerce.number().int().min(0).default(200_000),
  LLM_MS_PER_RUN: z.coerce.number().int().min(0).default(600_000),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  /** Seconds a write lease lasts; chaos runs shorten it. */
  PANDORA_LEASE_SECONDS: z.coerce.number().int().min(1).max(3600).default(120),
  /** Seconds the CRM may take to answer one call. */
  PANDORA_REQUEST_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(120).default(30),
  /** Seconds after which a silent worker's jobs go to another one. */
  PANDORA_HEARTBEAT_SECONDS: z.coerce.number().int().min(10).max(3600).default(30),
});

export type Config = {
  port: number;
  publicUrl: string;
  databaseUrl: string | null;
  dataDir: string;
  keys: { id: string; key: Buffer }[];
  role: "all" | "http" | "worker";
  hubspot: { clientId: string; clientSecret: string; apiUrl: string; appUrl: string } | null;
  salesforce: { clientId: string; clientSecret: string; loginUrl: string } | null;
  smtp: { url: string; from: string } | null;
  llm: {
    provider: "openai" | "anthropic";
    baseUrl: string | null;
    apiKey: string;
    model: string;
    timeoutMs: number;
    tokensPerRun: number;
    msPerRun: number;
  } | null;
  logLevel: string;
  leaseMs: number;
  requestTimeoutMs: number;
  heartbeatSeconds: number;
};

/**
 * @param env usually process.env; empty strings count as unset
 * @throws Error whose message names every missing or malformed setting and what is expected
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environment.safeParse(present);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => fault(String(issue.path[0]), issue, present));
  faults.push(...incompletePairs(present));
  if (faults.length > 0 || !parsed.success) {
    throw new Error(
      `Pandora can't start:\n${faults.map((line) => `  - ${line}`).join("\n")}\nSee "Configuration" in README.md.`,
    );
  }
  const set = parsed.data;
  return {
    port: set.PORT,
    publicUrl: set.PUBLIC_URL ?? `http://localhost:${set.PORT}`,
    databaseUrl: set.DATABASE_URL ?? null,
    dataDir: set.PANDORA_DATA_DIR,
    keys: set.PANDORA_KEYS,
    role: set.PANDORA_ROLE,
    hubspot: set.HUBSPOT_CLIENT_ID
      ? {
          clientId: set.HUBSPOT_CLIENT_ID,
          clientSecret: set.HUBSPOT_CLIENT_SECRET!,
          apiUrl: set.HUBSPOT_API_URL,
          appUrl: set.HUBSPOT_APP_URL,
        }
      : null,
    salesforce: set.SALESFORCE_CLIENT_ID
      ? {
          clientId: set.SALESFORCE_CLIENT_ID,
          clientSecret: set.SALESFORCE_CLIENT_SECRET!,
          loginUrl: set.SALESFORCE_LOGIN_URL,
        }
      : null,
    smtp: set.SMTP_URL ? { url: set.SMTP_URL, from: set.MAIL_FROM! } : null,
    llm: set.LLM_PROVIDER
      ? {
          provider: set.LLM_PROVIDER,
          baseUrl: set.LLM_BASE_URL ?? null,
          apiKey: set.LLM_API_KEY!,
          model: set.LLM_MODEL!,
          timeoutMs: set.LLM_TIMEOUT_MS,
          tokensPerRun: set.LLM_TOKENS_PER_RUN,
          msPerRun: set.LLM_MS_PER_RUN,
        }
      : null,
    logLevel: set.LOG_LEVEL,
    leaseMs: set.PANDORA_LEASE_SECONDS * 1000,
    requestTimeoutMs: set.PANDORA_REQUEST_TIMEOUT_SECONDS * 1000,
    heartbeatSeconds: set.PANDORA_HEARTBEAT_SECONDS,
  };
}

function fault(name: string, issue: z.core.$ZodIssue, present: Record<string, unknown>): string {
  if (!(name in present)) {
    if (name === "PANDORA_KEYS") {
      return 'PANDORA_KEYS is missing: the key ring that seals CRM tokens, id:base64 (make one: echo "k1:$(openssl rand -base64 32)")';
    }
    return `${name} is missing`;
  }
  return `${name} is malformed: ${issue.message}`;
}

/** Settings that make sense only together. */
function incompletePairs(present: Record<string, unknown>): string[] {
  const needs: [string, string[]][] = [
    ["HUBSPOT_CLIENT_ID", ["HUBSPOT_CLIENT_SECRET"]],
    ["SALESFORCE_CLIENT_ID", ["SALESFORCE_CLIENT_SECRET"]],
    ["SMTP_URL", ["MAIL_FROM"]],
    ["LLM_PROVIDER", ["LLM_API_KEY", "LLM_MODEL"]],
  ];
  return needs.flatMap(([given, others]) =>
    given in present
      ? others.filter((name) => !(name in present)).map((name) => `${name} is missing: ${given} is set, and needs it`)
      : [],
  );
}
