/** Reading and changing who is told what: one's own wishes, and for admins what the workspace sends at all. */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import type { Notifications, NotificationsPatch } from "../contract/notifications.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { readPeople, workspaceSwitches } from "./people.ts";

/** Who asks: `memberId` is null for an API key that belongs to no person. */
export type Asker = { workspaceId: string; memberId: string | null; actor: string; isAdmin: boolean };

export async function readNotifications(house: Pick<House, "db" | "config">, asker: Asker): Promise<Notifications> {
  return house.db.withWorkspace(asker.workspaceId, (tx) => notificationsOf(tx, house, asker));
}

/** @throws AppError forbidden (403) | no_member (409) */
export async function changeNotifications(
  house: Pick<House, "db" | "clock" | "config">,
  asker: Asker,
  patch: NotificationsPatch,
): Promise<Notifications> {
  const { workspaceId, memberId, actor } = asker;
  const { me, workspace } = patch;
  if (workspace && !asker.isAdmin) throw adminsOnly();
  if (me && memberId === null) throw noMember();
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    if (workspace && Object.keys(workspace).length > 0) {
      await tx`
        update workspaces set settings = settings || jsonb_build_object('notifications',
          coalesce(settings -> 'notifications', '{}') || ${tx.json(workspace)})
        where workspace_id = ${workspaceId}`;
      await recordAudit(tx, workspaceId, now, {
        ...{ actor, action: "notifications.changed", subject: workspaceId, detail: workspace },
      });
    }
    if (me && memberId !== null) await putOwn(tx, workspaceId, memberId, me, now);
    return notificationsOf(tx, house, asker);
  });
}

/** For doors that only a person can use. */
export function noMember(): AppError {
  return new AppError("no_member", {
    status: 409,
    public: "This API key belongs to no person, so there is nobody to send to. Use the key of a member.",
  });
}

async function notificationsOf(tx: Tx, house: Pick<House, "config">, asker: Asker): Promise<Notifications> {
  const person = asker.memberId === null ? null : (await readPeople(tx, asker.workspaceId, asker.memberId))[0];
  return {
    mail_set_up: house.config.smtp !== null,
    me: person
      ? { ...person.own, email: person.email, unsubscribed_at: person.unsubscribedAt?.toISOString() ?? null }
      : null,
    workspace: person?.workspace ?? (await workspaceSwitches(tx, asker.workspaceId)),
  };
}

async function putOwn(
  tx: Tx,
  workspaceId: string,
  memberId: string,
  me: NonNullable<NotificationsPatch["me"]>,
  now: Date,
): Promise<void> {
  const { subscribed, ...chosen } = me;
  await tx`
    insert into notification_preferences (workspace_id, member_id, updated_at) values (${workspaceId}, ${memberId}, ${now})
    on conflict do nothing`;
  await tx`
    update notification_preferences p set updated_at = ${now},
      weekly_digest = coalesce(r.weekly_digest, p.weekly_digest), gap_alerts = coalesce(r.gap_alerts, p.gap_alerts),
      sync_reports = coalesce(r.sync_reports, p.sync_reports),
      problem_alerts = coalesce(r.problem_alerts, p.problem_alerts),
      created_deals = coalesce(r.created_deals, p.created_deals),
      unsubscribed_at = case ${subscribed ?? null}::boolean
        when true then null when false then coalesce(p.unsubscribed_at, ${now}) else p.unsubscribed_at end
    from jsonb_to_record(${tx.json(chosen)}) as r(weekly_digest boolean, gap_alerts boolean, sync_reports boolean,
      problem_alerts boolean, created_deals boolean)
    where p.workspace_id = ${workspaceId} and p.member_id = ${memberId}`;
}

function adminsOnly(): AppError {
  return new AppError("forbidden", {
    status: 403,
    public: "What the workspace sends at all is for admins to decide. You can change your own notices.",
    errors: [{ field: "workspace", code: "forbidden", message: "is for admins" }],
  });
}
