/** What was told, to whom, and what became of it; a notice in full; a test mail. */
import { randomUUID } from "node:crypto";
import type { House } from "../connections/house.ts";
import { page, readCursor } from "../connections/paging.ts";
import type { ListOf } from "../contract/common.ts";
import {
  type Notice,
  type NoticeInFull,
  type NoticeKind,
  type NoticeStatus,
  noticeStatusTexts,
  type TestMail,
} from "../contract/notifications.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { contentsOf } from "./contents.ts";
import { handOver } from "./mail.ts";
import { frameOf } from "./on-send.ts";
import type { Detail } from "./outbox.ts";
import { readPeople } from "./people.ts";
import { type Asker, noMember } from "./preferences.ts";
import { renderMail, renderText } from "./render-mail.ts";
import { renderTest } from "./render-work.ts";
import { unsubscribeUrl } from "./unsubscribe.ts";

/** Newest first. @throws AppError forbidden (403) | no_member (409) | bad_cursor (400) */
export async function listNotices(
  house: Pick<House, "db">,
  asker: Asker,
  query: { whose: "mine" | "all"; limit: number; cursor?: string | undefined },
): Promise<ListOf<Notice>> {
  if (query.whose === "all" && !asker.isAdmin) throw adminsOnly();
  if (query.whose === "mine" && asker.memberId === null) throw noMember();
  const after = readCursor(query.cursor);
  const rows = await house.db.withWorkspace(
    asker.workspaceId,
    (tx) => tx<NoticeRow[]>`
      ${columns(tx, asker.workspaceId)}
        ${query.whose === "mine" ? tx`and n.member_id = ${asker.memberId}` : tx``}
        ${after ? tx`and (date_trunc('milliseconds', n.created_at), n.id) < (${after.at}, ${after.id}::uuid)` : tx``}
      order by date_trunc('milliseconds', n.created_at) desc, n.id desc limit ${query.limit + 1}`,
  );
  const { items, next_cursor } = page(rows, query.limit, (row) => ({ at: row.created_at, id: row.id }));
  return { items: items.map(toNotice), next_cursor };
}

/** One's own, or for an admin anybody's, in words. @throws AppError not_found (404) */
export async function readNotice(house: Pick<House, "db" | "clock">, asker: Asker, id: string): Promise<NoticeInFull> {
  const { workspaceId } = asker;
  const found = await house.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<NoticeRow[]>`
      ${columns(tx, workspaceId)} and n.id = ${id} ${asker.isAdmin ? tx`` : tx`and n.member_id = ${asker.memberId}`}`;
    const [person] = row ? await readPeople(tx, workspaceId, row.member_id) : [];
    return row && person ? { row, person } : null;
  });
  if (!found) throw notFound("notice");
  const { row, person } = found;
  // A digest that was left out has no figures, and shows none that were counted today.
  const empty = row.status === "suppressed" && row.kind === "digest";
  const contents = empty ? null : await contentsOf(house, workspaceId, person, row, "read");
  return { ...toNotice(row), text: contents ? renderText(contents.letter) : null };
}

/**
 * Sends a mail to the asker at once.
 * @returns what the mail server answered
 * @throws AppError no_member | mail_not_set_up | no_address (409)
 */
export async function sendTestMail(house: Pick<House, "db" | "clock" | "config">, asker: Asker): Promise<TestMail> {
  const { workspaceId, memberId } = asker;
  if (memberId === null) throw noMember();
  const { smtp } = house.config;
  if (!smtp) throw mailNotSetUp();
  const made = await house.db.withWorkspace(workspaceId, async (tx) => {
    const [person] = await readPeople(tx, workspaceId, memberId);
    if (!person) throw noMember();
    if (person.email.endsWith(".invalid")) throw noAddress();
    const [workspace] = await tx<{ name: string; time_zone: string }[]>`
      select name, time_zone from workspaces where workspace_id = ${workspaceId}`;
    const link = await unsubscribeUrl(tx, house, workspaceId, memberId);
    const letter = renderTest(workspace!.name, house.clock.now(), workspace!.time_zone);
    const frame = frameOf(house, workspace!.name, "You get this because somebody asked for a test.", link);
    return { ...renderMail(letter, frame), to: { name: person.name, address: person.email }, unsubscribeUrl: link };
  });
  const messageId = `<${randomUUID()}@${smtp.from.split("@")[1]}>`;
  const handed = await handOver(smtp, { ...made, messageId });
  const took = `The mail server took it and said: ${handed.says}`;
  return handed.kind === "sent" ? { sent: true, message: took } : { sent: false, message: handed.says };
}

type NoticeRow = {
  id: string;
  member_id: string;
  kind: NoticeKind;
  title: string;
  detail: Detail;
  status: NoticeStatus;
  status_reason: string | null;
  attempts: number;
  created_at: Date;
  sent_at: Date | null;
  to: { name: string; email: string };
};

function columns(tx: Tx, workspaceId: string) {
  return tx`
    select n.id, n.member_id, n.kind, n.title, n.detail, n.status, n.status_reason, n.attempts, n.created_at, n.sent_at,
      jsonb_build_object('name', m.name, 'email', m.email) as to
    from notices n join members m on m.workspace_id = ${workspaceId} and m.id = n.member_id
    where n.workspace_id = ${workspaceId}`;
}

function toNotice(row: NoticeRow): Notice {
  const { id, kind, title, status, attempts, to } = row;
  const says = noticeStatusTexts[status];
  return {
    ...{ id, kind, title, status, to, attempts },
    status_text: row.status_reason ? `${says}. ${row.status_reason}` : says,
    created_at: row.created_at.toISOString(),
    sent_at: row.sent_at?.toISOString() ?? null,
  };
}

function adminsOnly(): AppError {
  return new AppError("forbidden", { status: 403, public: "Everybody's notices are for admins. Ask for your own." });
}

function mailNotSetUp(): AppError {
  return new AppError("mail_not_set_up", {
    status: 409,
    public: "No mail server is set up, so notices stay in the app. Whoever runs Pandora sets SMTP_URL and MAIL_FROM.",
  });
}

function noAddress(): AppError {
  return new AppError("no_address", {
    status: 409,
    public: "Pandora does not know your e-mail address. An admin can add you with it as a member.",
  });
}
