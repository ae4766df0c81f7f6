/** The weekly digest: Mondays at 08:00 where the workspace is, once, whatever the clocks do that week. */
import { Cron } from "croner";
import type { Tx } from "../db.ts";
import { claimEvents, type Draft } from "./outbox.ts";
import { type Person, wants } from "./people.ts";

const hour = 3_600_000;

/**
 * The Monday that is due, or null. A digest that nobody could send at its time is made up for until Tuesday 08:00.
 * @param zone IANA; one that nobody knows counts as UTC
 * @param since when the workspace was made: it has no last week before its first Monday
 * @returns the Monday as a date in the zone, and the moment it fell due
 */
export function dueDigest(now: Date, zone: string, since: Date): { monday: string; at: Date } | null {
  const timezone = isZone(zone) ? zone : "UTC";
  const at = new Cron("0 8 * * 1", { timezone }).nextRun(new Date(now.getTime() - 24 * hour));
  if (!at || at > now || since > at) return null;
  return { monday: new Intl.DateTimeFormat("en-CA", { timeZone: timezone, dateStyle: "short" }).format(at), at };
}

/** What each digest says is found when it is sent (digest-facts.ts), so that nothing is sent where nothing is to say. */
export async function lookAtDigest(
  tx: Tx,
  workspace: { id: string; timeZone: string; createdAt: Date },
  people: readonly Person[],
  now: Date,
): Promise<Draft[]> {
  const due = dueDigest(now, workspace.timeZone, workspace.createdAt);
  if (!due) return [];
  const key = `digest:${due.monday}`;
  const mine = await claimEvents(tx, workspace.id, now, [key]);
  if (!mine.has(key)) return [];
  return people.filter(wants("digest")).map(({ id }) => ({
    ...{ memberId: id, kind: "digest" as const, key, title: "Your week in calls without a deal" },
    detail: { at: due.at.toISOString() },
  }));
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en-US", { timeZone: name }));
  } catch {
    return false;
  }
}
