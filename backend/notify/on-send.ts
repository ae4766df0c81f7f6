/**
 * Job: sends one notice. It is put into words first, then claimed, then handed to the mail server. The answer settles
 * it; when none came (a cut connection, a crash) it is sent again under the same Message-ID: the one case in which a
 * mail can arrive twice.
 */
import type { House } from "../connections/house.ts";
import type { NoticeKind, NoticeStatus } from "../contract/notifications.ts";
import type { Tx } from "../db.ts";
import { contentsOf } from "./contents.ts";
import type { Frame } from "./letter.ts";
import { type Handed, handOver } from "./mail.ts";
import type { Detail } from "./outbox.ts";
import { type Person, readPeople, whyNot } from "./people.ts";
import { renderMail } from "./render-mail.ts";
import { unsubscribeUrl } from "./unsubscribe.ts";

const minute = 60_000;
/** Before the second try, the third, …; after the last one it is parked. A day in all. */
const waitsMin = [1, 5, 15, 60, 180, 360, 720];
/** Longer than a mail server may keep us waiting (mail.ts). */
const leaseMs = 3 * minute;

export async function onSend(house: House, payload: { workspace_id: string; notice_id: string }): Promise<void> {
  const { workspace_id: workspaceId, notice_id: id } = payload;
  const found = await read(house, workspaceId, id);
  if (!found) return;
  const { notice, person } = found;
  const unwanted = whyNot(person, notice.kind);
  if (unwanted) return settle(house, workspaceId, id, "suppressed", unwanted);
  const contents = await contentsOf(house, workspaceId, person, notice, "send");
  if (!contents) return settle(house, workspaceId, id, "suppressed", "There was nothing left to say.");
  const { smtp } = house.config;
  if (!smtp) return settle(house, workspaceId, id, "in_app", null, contents.detail);
  const claimed = await claim(house, workspaceId, notice, person, contents.detail);
  if (!claimed) return;
  const handed = await handOver(smtp, {
    ...renderMail(contents.letter, claimed.frame),
    to: { name: person.name, address: person.email },
    messageId: `<${id}@${smtp.from.split("@")[1]}>`,
    unsubscribeUrl: claimed.frame.unsubscribeUrl,
  });
  await conclude(house, workspaceId, id, claimed.attempts, handed);
  house.log.info("notify.handed", { workspaceId, noticeId: id, kind: notice.kind, became: handed.kind });
}

/** The job failed for the last time by a fault of ours. */
export async function sendGivenUp(
  house: House,
  { workspace_id, notice_id }: { workspace_id: string; notice_id: string },
): Promise<void> {
  await settle(house, workspace_id, notice_id, "failed", "Pandora met a fault of its own and could not send it.");
}

type NoticeRow = { id: string; member_id: string; kind: NoticeKind; title: string; detail: Detail };

async function read(
  house: House,
  workspaceId: string,
  id: string,
): Promise<{ notice: NoticeRow; person: Person } | null> {
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [notice] = await tx<NoticeRow[]>`
      select id, member_id, kind, title, detail from notices
      where workspace_id = ${workspaceId} and id = ${id} and status = 'queued'`;
    const [person] = notice ? await readPeople(tx, workspaceId, notice.member_id) : [];
    return notice && person ? { notice, person } : null;
  });
}

/** One process at a time; one that died is waited for, and the notice comes back after that. */
async function claim(
  house: House,
  workspaceId: string,
  { id, kind }: NoticeRow,
  person: Person,
  detail: Detail,
): Promise<{ attempts: number; frame: Frame } | null> {
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [mine] = await tx<{ attempts: number; name: string }[]>`
      update notices n set attempts = attempts + 1, lease_until = ${new Date(now.getTime() + leaseMs)},
        detail = ${tx.json(detail as never)}
      from workspaces w
      where n.workspace_id = ${workspaceId} and n.id = ${id} and n.status = 'queued'
        and (n.lease_until is null or n.lease_until <= ${now}) and w.workspace_id = n.workspace_id
      returning n.attempts, w.name`;
    if (!mine) {
      const [held] = await tx<{ lease_until: Date }[]>`
        select lease_until from notices where workspace_id = ${workspaceId} and id = ${id} and status = 'queued'`;
      if (held) await sendAt(tx, house, workspaceId, id, held.lease_until);
      return null;
    }
    const link = await unsubscribeUrl(tx, house, workspaceId, person.id);
    return { attempts: mine.attempts, frame: frameOf(house, mine.name, whyYou[kind], link) };
  });
}

export function frameOf(house: Pick<House, "config">, workspaceName: string, why: string, link: string): Frame {
  return { workspaceName, why, unsubscribeUrl: link, helpUrl: `${house.config.publicUrl}/help/notices` };
}

const whyYou: Record<NoticeKind, string> = {
  alert: "You get this because you are an admin in Pandora.",
  gaps_high: "You get this because these are calls of yours.",
  digest: "You get this on Mondays because you are a member in Pandora.",
  sync_report: "You get this, at most once a day, because you are an admin in Pandora.",
  deal_created: "You get this because it was a call of yours.",
};

async function conclude(
  house: House,
  workspaceId: string,
  id: string,
  attempts: number,
  { kind, says }: Handed,
): Promise<void> {
  if (kind === "sent") return settle(house, workspaceId, id, "sent", null);
  if (kind === "refused") return settle(house, workspaceId, id, "failed", says);
  const waitMin = waitsMin[attempts - 1];
  if (waitMin === undefined) {
    return settle(house, workspaceId, id, "failed", `Given up after ${attempts} tries. ${says}`);
  }
  await house.db.withWorkspace(workspaceId, async (tx) => {
    await tx`
      update notices set lease_until = null, status_reason = ${says}
      where workspace_id = ${workspaceId} and id = ${id} and status = 'queued'`;
    await sendAt(tx, house, workspaceId, id, new Date(house.clock.now().getTime() + waitMin * minute));
  });
}

async function sendAt(tx: Tx, house: House, workspaceId: string, id: string, at: Date): Promise<void> {
  const payload = { workspace_id: workspaceId, notice_id: id };
  await house.queue.enqueue(tx, { kind: "notify.send", payload, startAfter: at });
}

/** The deal's name is in the mail and in the mirror; here it is kept no longer. */
async function settle(
  house: House,
  workspaceId: string,
  id: string,
  status: NoticeStatus,
  reason: string | null,
  detail: Detail | null = null,
): Promise<void> {
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      update notices set status = ${status}, status_reason = ${reason}, lease_until = null,
        sent_at = ${status === "sent" ? house.clock.now() : null},
        detail = coalesce(${detail === null ? null : tx.json(detail as never)}, detail) - 'deal_name'
      where workspace_id = ${workspaceId} and id = ${id} and status = 'queued'`,
  );
}
