/**
 * A ticket for one download. The page inside a CRM can't save files and a browser that opens a link sends no signature,
 * so the link itself carries the right: sealed, for ten minutes, for one use, and for exactly what was asked.
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { AppError } from "../errors.ts";
import type { House } from "./house.ts";
import { seal, unseal } from "./vault.ts";

const lifeMs = 10 * 60_000;
const place = { workspaceId: "", crm: "download", column: "ticket" };

const shape = z.object({ workspaceId: z.uuid(), asked: z.unknown(), nonce: z.string(), until: z.number() });

type Rooms = Pick<House, "db" | "clock" | "config">;

/** @param asked what may be downloaded with it; whoever takes the ticket reads it again through its own schema */
export function makeDownloadTicket(
  { clock, config }: Rooms,
  workspaceId: string,
  asked: unknown,
): { ticket: string; expiresAt: Date } {
  const expiresAt = new Date(clock.now().getTime() + lifeMs);
  const nonce = randomBytes(16).toString("base64url");
  const text = JSON.stringify({ workspaceId, asked, nonce, until: expiresAt.getTime() });
  return { ticket: Buffer.from(seal(config.keys, place, text)).toString("base64url"), expiresAt };
}

/** @throws AppError download_link_invalid (410) when forged, run out or used */
export async function takeDownloadTicket(
  { db, clock, config }: Rooms,
  ticket: string,
): Promise<{ workspaceId: string; asked: unknown }> {
  const opened = open(config.keys, ticket);
  if (!opened || opened.until < clock.now().getTime()) throw invalid();
  const { workspaceId, asked, nonce, until } = opened;
  const taken = await db.withWorkspace(workspaceId, async (tx) => {
    // One use is a budget of one, shared by all processes; rows go when the ticket would have run out anyway.
    await tx`
      delete from rate_budgets
      where workspace_id = ${workspaceId} and bucket like 'download:%' and next_at < ${clock.now()}`;
    return tx`
      insert into rate_budgets (workspace_id, bucket, next_at)
      values (${workspaceId}, ${`download:${nonce}`}, ${new Date(until)}) on conflict do nothing returning bucket`;
  });
  if (taken.length === 0) throw invalid();
  return { workspaceId, asked };
}

function open(keys: House["config"]["keys"], ticket: string): z.infer<typeof shape> | null {
  try {
    return shape.parse(JSON.parse(unseal(keys, place, Buffer.from(ticket, "base64url").toString())));
  } catch {
    return null;
  }
}

function invalid(): AppError {
  return new AppError("download_link_invalid", {
    status: 410,
    public: "This link was used already or is older than ten minutes. Make another one in Pandora's settings.",
  });
}
