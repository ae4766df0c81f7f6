/** The outbox: notices are stored in the transaction of what they tell of, each with the job that sends it. */
import type { House } from "../connections/house.ts";
import type { NoticeKind } from "../contract/notifications.ts";
import type { Tx } from "../db.ts";
import { timeOrderedId } from "../ids.ts";

/** What a notice names; ids, counts and moments only. */
export type Detail = Record<string, unknown>;

export type Draft = {
  memberId: string;
  kind: NoticeKind;
  /** The event: told to a member once. */
  key: string;
  /** As a list shows it; no name of a person or company. */
  title: string;
  detail: Detail;
};

/**
 * Stores notices and the jobs that send them. One that is there already (same member and event) is left alone.
 * @returns how many are new
 */
export async function putNotices(
  tx: Tx,
  house: Pick<House, "queue" | "clock">,
  workspaceId: string,
  drafts: readonly Draft[],
): Promise<number> {
  if (drafts.length === 0) return 0;
  const now = house.clock.now();
  const rows = drafts.map((draft) => ({ ...draft, id: timeOrderedId(now) }));
  const stored = await tx<{ id: string }[]>`
    insert into notices (workspace_id, id, member_id, kind, dedupe_key, title, detail, created_at)
    select ${workspaceId}, r.id, r."memberId", r.kind, r.key, r.title, r.detail, ${now}
    from jsonb_to_recordset(${tx.json(rows as never)})
      as r(id uuid, "memberId" uuid, kind text, key text, title text, detail jsonb)
    on conflict (workspace_id, member_id, dedupe_key) do nothing
    returning id`;
  await house.queue.enqueue(
    tx,
    stored.map(({ id }) => ({ kind: "notify.send" as const, payload: { workspace_id: workspaceId, notice_id: id } })),
  );
  return stored.length;
}

/**
 * Claims events: each is told by whoever claims it first, and never again, whoever wants to hear it then.
 * @returns those that are new
 */
export async function claimEvents(
  tx: Tx,
  workspaceId: string,
  now: Date,
  keys: readonly string[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx<{ event_key: string }[]>`
    insert into notice_events (workspace_id, event_key, told_at)
    select ${workspaceId}, key, ${now} from jsonb_array_elements_text(${tx.json([...keys])}) as key
    on conflict do nothing returning event_key`;
  return new Set(rows.map((row) => row.event_key));
}

/** Which of these were claimed before. */
export async function claimedEvents(tx: Tx, workspaceId: string, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await tx<{ event_key: string }[]>`
    select event_key from notice_events where workspace_id = ${workspaceId}
      and event_key in (select jsonb_array_elements_text(${tx.json([...keys])}))`;
  return new Set(rows.map((row) => row.event_key));
}
