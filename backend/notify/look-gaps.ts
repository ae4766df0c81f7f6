/** Gaps that turned high since they were last told: one notice per rep, at most one an hour. */
import type { Tx } from "../db.ts";
import type { Draft } from "./outbox.ts";
import { type Person, wants } from "./people.ts";
import { count } from "./words.ts";

const hour = 3_600_000;
/** A gap that is high again within a day is the same news. */
const sameNewsMs = 24 * hour;
/** As many are named; the notice says how many more there are. */
const namedMax = 20;

/**
 * Every newly high gap counts as told, also where nobody is to be told: its rep is no member, or wants no notices. Those
 * of a rep who was told within the hour wait for the next notice.
 */
export async function lookAtGaps(tx: Tx, workspaceId: string, people: readonly Person[], now: Date): Promise<Draft[]> {
  await forgetThoseGone(tx, workspaceId, now);
  const fresh = await tx<{ member_id: string | null; n: number; ids: string[] }[]>`
    with busy as (
      select distinct member_id from notices
      where workspace_id = ${workspaceId} and kind = 'gaps_high' and created_at > ${new Date(now.getTime() - hour)}
    ), fresh as materialized (
      select c.id, c.started_at, m.id as member_id
      from conversations c
      left join members m on m.workspace_id = ${workspaceId} and lower(m.email) = c.rep_email
      where c.workspace_id = ${workspaceId} and c.gap_status = 'pending' and c.severity_rank = 3
        and not exists (select from told_gaps t where t.workspace_id = ${workspaceId} and t.conversation_id = c.id)
        and not exists (select from busy b where b.member_id = m.id)
    ), told as (
      insert into told_gaps (workspace_id, conversation_id, told_at) select ${workspaceId}, id, ${now} from fresh
      on conflict do nothing
    )
    select member_id, count(*)::int as n,
      to_jsonb((array_agg(id order by started_at desc, id desc))[1:${namedMax}::int]) as ids
    from fresh group by member_id`;
  const told = people.filter(wants("gaps_high"));
  return fresh.flatMap(({ member_id, n, ids }) => {
    const rep = told.find(({ id }) => id === member_id);
    return rep ? [draftOf(rep, n, ids, now)] : [];
  });
}

/** Notes which told gaps are high no more; after a day they would be news again. */
async function forgetThoseGone(tx: Tx, workspaceId: string, now: Date): Promise<void> {
  const high = tx`exists (
    select from conversations c where c.workspace_id = ${workspaceId} and c.id = t.conversation_id
      and c.gap_status = 'pending' and c.severity_rank = 3)`;
  const longGone = new Date(now.getTime() - sameNewsMs);
  await tx`delete from told_gaps t where t.workspace_id = ${workspaceId} and t.gone_at <= ${longGone}`;
  await tx`
    update told_gaps t set gone_at = case when t.gone_at is null then ${now}::timestamptz end
    where t.workspace_id = ${workspaceId} and (t.gone_at is null) <> ${high}`;
}

function draftOf(rep: Person, n: number, ids: string[], now: Date): Draft {
  const title = `${count(n, "call")} without a deal ${n === 1 ? "needs" : "need"} you now`;
  return {
    ...{ memberId: rep.id, kind: "gaps_high", title },
    // The hour of a notice is its own: the one before is at least an hour old.
    key: `gaps_high:${now.toISOString().slice(0, 13)}`,
    detail: { conversation_ids: ids, n },
  };
}
