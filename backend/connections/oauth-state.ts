/**
 * The thread through an OAuth round trip. The `state` in the address and a cookie in the browser are two halves, sealed
 * with the key ring: a callback counts only with both, within ten minutes, once. So nobody can finish a flow that they
 * did not begin (an attacker's code in a victim's browser), and a copied address is worth nothing.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { CrmType } from "../crm/port.ts";
import type { Db } from "../db.ts";
import { AppError } from "../errors.ts";
import { type KeyRing, seal, unseal } from "./vault.ts";

const lifeMs = 10 * 60_000;

/** What a flow is for; null workspace: a marketplace install. */
export type Intent = {
  crm: CrmType;
  workspaceId: string | null;
  /** Who asked inside the workspace, for the audit; "" for a marketplace install. */
  by: string;
  /** Salesforce: host the person signs in at; null = the configured one. */
  loginHost: string | null;
};

export type Flow = Intent & { verifier: string };

const intentShape = z.object({
  crm: z.enum(["hubspot", "salesforce"]),
  workspaceId: z.uuid().nullable(),
  by: z.string(),
  loginHost: z.string().nullable(),
  nonce: z.string(),
  until: z.number(),
});
const cookieShape = z.object({ nonce: z.string(), verifier: z.string(), until: z.number() });

/** A sealed intent to carry in an address, from an API call to the browser that opens it. */
export function makeTicket(keys: KeyRing, clock: Clock, intent: Intent): string {
  return sealJson(keys, "ticket", { ...intent, nonce: newNonce(), until: clock.now().getTime() + lifeMs });
}

/** @throws AppError oauth_state_invalid when forged, run out or used */
export async function takeTicket(keys: KeyRing, clock: Clock, db: Db, ticket: string): Promise<Intent> {
  const opened = openJson(keys, "ticket", ticket, intentShape);
  if (!opened || opened.until < clock.now().getTime()) throw stateInvalid();
  await useOnce(db, clock, opened.nonce, opened.until);
  return intentOf(opened);
}

/** Begins a flow. @returns both halves, and the PKCE verifier that stays in the cookie half */
export function beginFlow(
  keys: KeyRing,
  clock: Clock,
  intent: Intent,
): { state: string; cookie: string; verifier: string } {
  const nonce = newNonce();
  const until = clock.now().getTime() + lifeMs;
  const verifier = randomBytes(48).toString("base64url");
  return {
    state: sealJson(keys, "state", { ...intent, nonce, until }),
    cookie: sealJson(keys, "cookie", { nonce, verifier, until }),
    verifier,
  };
}

/** Ends a flow, once. @throws AppError oauth_state_invalid */
export async function endFlow(
  keys: KeyRing,
  clock: Clock,
  db: Db,
  crm: CrmType,
  halves: { state: string | undefined; cookie: string | undefined },
): Promise<Flow> {
  const state = halves.state ? openJson(keys, "state", halves.state, intentShape) : null;
  const cookie = halves.cookie ? openJson(keys, "cookie", halves.cookie, cookieShape) : null;
  if (!state || !cookie || state.nonce !== cookie.nonce || state.crm !== crm) throw stateInvalid();
  if (state.until < clock.now().getTime()) throw stateInvalid();
  await useOnce(db, clock, state.nonce, state.until);
  return { ...intentOf(state), verifier: cookie.verifier };
}

/** No workspace's id: what is used once is remembered before any workspace is known. */
const nobody = "00000000-0000-0000-0000-000000000000";

/** One use is a budget of one, shared by all processes; rows go when the state would have run out anyway. */
async function useOnce(db: Db, clock: Clock, nonce: string, until: number): Promise<void> {
  const taken = await db.withWorkspace(nobody, async (tx) => {
    await tx`delete from rate_budgets where bucket like 'oauth:%' and next_at < ${clock.now()}`;
    return tx`
      insert into rate_budgets (workspace_id, bucket, next_at)
      values (${nobody}, ${`oauth:${nonce}`}, ${new Date(until)}) on conflict do nothing returning bucket`;
  });
  if (taken.length === 0) throw stateInvalid();
}

function intentOf({ crm, workspaceId, by, loginHost }: z.infer<typeof intentShape>): Intent {
  return { crm, workspaceId, by, loginHost };
}

function stateInvalid(): AppError {
  return new AppError("oauth_state_invalid", {
    public:
      "This sign-in was not begun in this browser, was used already, or is older than ten minutes. Start connecting again.",
  });
}

function newNonce(): string {
  return randomBytes(16).toString("base64url");
}

function sealJson(keys: KeyRing, column: string, value: object): string {
  // base64url once more: cookies and addresses take it as it stands.
  return Buffer.from(seal(keys, { workspaceId: "", crm: "oauth", column }, JSON.stringify(value))).toString(
    "base64url",
  );
}

function openJson<T>(keys: KeyRing, column: string, sealed: string, shape: z.ZodType<T>): T | null {
  try {
    const text = unseal(keys, { workspaceId: "", crm: "oauth", column }, Buffer.from(sealed, "base64url").toString());
    return shape.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
