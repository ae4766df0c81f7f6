/** Alerts that opened or were resolved since the last look: a notice to each admin who wants them. */
import type { Tx } from "../db.ts";
import { type AlertRow, alertsToTell, keysOf, type Telling } from "./episodes.ts";
import { claimEvents, claimedEvents, type Draft } from "./outbox.ts";
import { type Person, wants } from "./people.ts";
import { alertTitle } from "./words.ts";

const day = 24 * 3_600_000;
/** What was over for so long is no news any more, whoever missed it. */
const lookBackMs = 30 * day;

export async function lookAtAlerts(
  tx: Tx,
  workspaceId: string,
  people: readonly Person[],
  now: Date,
): Promise<Draft[]> {
  const alerts = await tx<AlertRow[]>`
    select id, kind, subject, opened_at, resolved_at from alerts
    where workspace_id = ${workspaceId}
      and (resolved_at is null or resolved_at > ${new Date(now.getTime() - lookBackMs)})
    order by opened_at desc limit 2000`;
  const told = await claimedEvents(tx, workspaceId, alerts.flatMap(keysOf));
  const tellings = alertsToTell(alerts, told, now);
  const mine = await claimEvents(
    tx,
    workspaceId,
    now,
    tellings.map(({ key }) => key),
  );
  const admins = people.filter(wants("alert"));
  return tellings
    .filter(({ key }) => mine.has(key))
    .flatMap((telling) => admins.map((admin) => draftOf(telling, admin)));
}

function draftOf({ key, state, kind, subject, alertId, since, until }: Telling, admin: Person): Draft {
  return {
    ...{ memberId: admin.id, kind: "alert", key, title: alertTitle(kind, subject, state) },
    detail: { alert_id: alertId, state, since: since.toISOString(), until: until?.toISOString() ?? null },
  };
}
