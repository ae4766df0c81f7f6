/** Whom a notice may go to: members, and what each of them wants. Set-based reading, pure deciding. */
import { type NoticeKind, type NoticeSwitch, noticeSwitches, type Switches } from "../contract/notifications.ts";
import type { Role } from "../contract/session.ts";
import type { Tx } from "../db.ts";

export type Person = {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** Their own switches; one nobody touched is on. */
  own: Switches;
  unsubscribedAt: Date | null;
  /** The workspace's switches, the same for everybody. */
  workspace: Switches;
};

/** @param memberId only this one */
export async function readPeople(tx: Tx, workspaceId: string, memberId: string | null = null): Promise<Person[]> {
  const rows = await tx<PersonRow[]>`
    select m.id, m.email, m.name, m.role, p.unsubscribed_at, to_jsonb(p) as own, w.settings -> 'notifications' as workspace
    from members m
    join workspaces w on w.workspace_id = ${workspaceId}
    left join notification_preferences p on p.workspace_id = ${workspaceId} and p.member_id = m.id
    where m.workspace_id = ${workspaceId} ${memberId === null ? tx`` : tx`and m.id = ${memberId}`}
    order by m.created_at, m.id`;
  return rows.map(({ own, unsubscribed_at, workspace, ...rest }) => ({
    ...rest,
    own: switchesOf(own),
    unsubscribedAt: unsubscribed_at,
    workspace: switchesOf(workspace),
  }));
}

/** What the workspace sends at all. */
export async function workspaceSwitches(tx: Tx, workspaceId: string): Promise<Switches> {
  const [row] = await tx<{ workspace: unknown }[]>`
    select settings -> 'notifications' as workspace from workspaces where workspace_id = ${workspaceId}`;
  return switchesOf(row?.workspace);
}

/** @returns null when it may go out, else why not, in words */
export function whyNot(person: Person, kind: NoticeKind): string | null {
  const name = switchOf[kind];
  if (!person.workspace[name]) return "An admin switched these notices off for the workspace.";
  if (person.unsubscribedAt !== null) return "They unsubscribed from Pandora's e-mails.";
  if (!person.own[name]) return "They switched these notices off.";
  if (forAdmins.includes(kind) && person.role !== "admin") return "They are no admin any more.";
  // A member known by the CRM's user id alone (connections/install.ts).
  if (person.email.endsWith(".invalid")) return "Pandora does not know their e-mail address.";
  return null;
}

export function wants(kind: NoticeKind): (person: Person) => boolean {
  return (person) => whyNot(person, kind) === null;
}

const switchOf: Record<NoticeKind, NoticeSwitch> = {
  alert: "problem_alerts",
  gaps_high: "gap_alerts",
  digest: "weekly_digest",
  sync_report: "sync_reports",
  deal_created: "created_deals",
};
const forAdmins: NoticeKind[] = ["alert", "sync_report"];

type PersonRow = Pick<Person, "id" | "email" | "name" | "role"> & {
  unsubscribed_at: Date | null;
  own: unknown;
  workspace: unknown;
};

function switchesOf(stored: unknown): Switches {
  const given = (stored ?? {}) as Record<string, unknown>;
  return Object.fromEntries(noticeSwitches.map((name) => [name, given[name] !== false])) as Switches;
}
