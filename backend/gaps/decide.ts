/**
 * What people decide about a gap: dismissed, restored, linked to a deal, taken off it. Each is one transaction that
 * holds the conversation, so that of two people the second sees what the first did; a sweep leaves it alone meanwhile.
 */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { CrmType } from "../contract/common.ts";
import type { DismissReason, Gap, GapStatus } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import { AppError, notFound } from "../errors.ts";
import { timeOrderedId } from "../ids.ts";
import { dealToLink } from "./deal-to-link.ts";
import {
  type DealRef,
  type GapState,
  mayDismiss,
  mayLink,
  mayRestore,
  mayUnlink,
  type Verdict,
} from "./decide-rules.ts";
import { nameOf } from "./gap-rows.ts";
import { seesGap, type Viewer } from "./gap-sight.ts";
import { readGap } from "./list.ts";
import { sweepSoon } from "./touch.ts";

type Deps = Pick<House, "db" | "clock" | "queue">;

/** @throws AppError not_found (404) | already_has_deal | being_created | not_a_gap (409) */
export function dismissGap(
  house: Deps,
  viewer: Viewer,
  conversationId: string,
  why: { reason: DismissReason; note?: string | undefined },
): Promise<Gap> {
  return decide(house, viewer, conversationId, mayDismiss, async (tx, act) => {
    await tx`update conversations set gap_status = 'dismissed' where ${act.here}`;
    await act.record("dismissed", { reason: why.reason, note: why.note || null });
  });
}

/**
 * Back on the list; whether it still is a gap, and how pressing, is judged anew.
 * @throws AppError not_found (404) | already_has_deal | not_a_gap (409)
 */
export function restoreGap(house: Deps, viewer: Viewer, conversationId: string): Promise<Gap> {
  return decide(house, viewer, conversationId, mayRestore, async (tx, act) => {
    await tx`update conversations set gap_status = 'pending', dirty = true where ${act.here}`;
    await act.record("restored", {});
    await sweepSoon(tx, house, viewer.workspaceId);
  });
}

/**
 * Says which deal accounts for the call. A deal made a moment ago, that is not mirrored yet, is looked up in the CRM.
 * @throws AppError not_found, no_such_deal (404) | deal_deleted, already_has_deal, being_created, not_a_gap (409) |
 *   not_connected (409) | which_crm (422)
 */
export async function linkGap(
  house: House,
  viewer: Viewer,
  conversationId: string,
  asked: { crm?: CrmType | undefined; deal_crm_id: string },
): Promise<Gap> {
  const crm = await whichCrm(house, viewer.workspaceId, asked.crm);
  const deal = { crm, id: asked.deal_crm_id };
  const { isMirrored } = await dealToLink(house, viewer, deal);
  const may = (state: GapState) => mayLink(state, deal);
  return decide(house, viewer, conversationId, may, async (tx) => {
    const { workspaceId, actor } = viewer;
    await linkDeal(tx, { workspaceId, conversationId, deal, by: actor, now: house.clock.now(), as: "linked" });
    if (!isMirrored) {
      const payload = { workspace_id: workspaceId, crm };
      await house.queue.enqueue(tx, { kind: "mirror.round", payload, key: `${workspaceId}:${crm}` });
    }
  });
}

/**
 * Takes the call off its deal, for good: the linker does not put this one back. A deal that was made for it stays in
 * the CRM; another may be made then.
 * @throws AppError not_found (404) | deal_changed, not_a_gap (409)
 */
export function unlinkGap(
  house: Deps,
  viewer: Viewer,
  conversationId: string,
  seen: { deal_crm_id?: string | undefined },
): Promise<Gap> {
  const may = (state: GapState) => mayUnlink(state, seen.deal_crm_id);
  return decide(house, viewer, conversationId, may, async (tx, act) => {
    const { crm, id } = act.state.deal!;
    await tx`
      update conversations set deal_crm = null, deal_id = null, link_method = null, link_confidence = null,
        linked_by = null, linked_at = null, gap_status = 'pending', dirty = true,
        refused_deals = refused_deals || ${tx.json([{ crm, id }])},
        -- what was made under the key of the old generation must not stand in the way of another deal
        generation = generation + (gap_status is not distinct from 'created')::int,
        severity = coalesce(severity, 1),
        severity_reason = coalesce(severity_reason, 'Just taken off its deal: it is being looked at again.')
      where ${act.here}`;
    await act.record("unlinked", { crm, deal_id: id });
    await sweepSoon(tx, house, viewer.workspaceId);
  });
}

/**
 * Stores that a deal accounts for a conversation, in the caller's own transaction, which holds the conversation
 * (`for update`) and has checked that it may.
 * @param link.as `created`: the deal was made for it (gaps/on-create-deal.ts)
 */
export async function linkDeal(
  tx: Tx,
  link: { workspaceId: string; conversationId: string; deal: DealRef; by: string; now: Date; as: "linked" | "created" },
): Promise<void> {
  const { workspaceId, conversationId, deal, by, now } = link;
  const refused = tx.json([{ crm: deal.crm, id: deal.id }]);
  await tx`
    update conversations set deal_crm = ${deal.crm}, deal_id = ${deal.id}, link_method = 'person', link_confidence = 1,
      linked_by = ${by}, linked_at = ${now}, gap_status = ${link.as},
      refused_deals = (
        select coalesce(jsonb_agg(r), '[]') from jsonb_array_elements(refused_deals) r where not ${refused} @> jsonb_build_array(r))
    where workspace_id = ${workspaceId} and id = ${conversationId}`;
  await recordDecision(tx, link, link.as, { crm: deal.crm, deal_id: deal.id });
}

type Decision = "dismissed" | "restored" | "linked" | "unlinked" | "created";
type Detail = { reason?: string; note?: string | null; crm?: CrmType; deal_id?: string };

async function recordDecision(
  tx: Tx,
  { workspaceId, conversationId, by, now }: { workspaceId: string; conversationId: string; by: string; now: Date },
  decision: Decision,
  { reason, note, crm, deal_id }: Detail,
): Promise<void> {
  await tx`
    insert into gap_decisions (workspace_id, id, conversation_id, decision, reason, note, crm, deal_id, decided_by, decided_at)
    values (${workspaceId}, ${timeOrderedId(now)}, ${conversationId}, ${decision}, ${reason ?? null}, ${note ?? null},
      ${crm ?? null}, ${deal_id ?? null}, ${by}, ${now})`;
  // Without the note: it is a person's words, maybe about a person.
  const detail = { ...(reason ? { reason } : {}), ...(crm && deal_id ? { crm, deal_id } : {}) };
  await recordAudit(tx, workspaceId, now, { actor: by, action: `gap.${decision}`, subject: conversationId, detail });
}

type Act = {
  state: GapState;
  /** This conversation, as a condition. */
  here: ReturnType<typeof thisOne>;
  record(decision: Decision, detail: Detail): Promise<void>;
};

/** Holds the conversation, decides, acts or refuses, and answers how it stands then. */
async function decide(
  house: Deps,
  viewer: Viewer,
  conversationId: string,
  may: (state: GapState) => Verdict,
  act: (tx: Tx, act: Act) => Promise<void>,
): Promise<Gap> {
  const { workspaceId, actor: by } = viewer;
  const now = house.clock.now();
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    const state = await holdGap(tx, workspaceId, conversationId, sight);
    if (!state) throw notFound("call without a deal");
    const verdict = may(state);
    if (verdict.kind === "refuse") throw conflict(verdict.code, verdict.says, state);
    if (verdict.kind === "do") {
      const here = thisOne(tx, workspaceId, conversationId);
      const record = (decision: Decision, detail: Detail) =>
        recordDecision(tx, { workspaceId, conversationId, by, now }, decision, detail);
      await act(tx, { state, here, record });
    }
    const gap = await readGap(tx, workspaceId, conversationId, sight, now);
    // The linker had found this very deal: nothing was open, nothing is to be shown.
    if (!gap) throw conflict("already_has_deal", "This call belongs to that deal already.", state);
    return gap;
  });
}

function thisOne(tx: Tx, workspaceId: string, conversationId: string) {
  return tx`workspace_id = ${workspaceId} and id = ${conversationId}`;
}

/** Locks the conversation until the transaction ends; null when it is not there, or not in sight. */
async function holdGap(tx: Tx, workspaceId: string, conversationId: string, sight: Sight): Promise<GapState | null> {
  const [row] = await tx<{ status: GapStatus | null; crm: CrmType | null; id: string | null }[]>`
    select c.gap_status as status, c.deal_crm as crm, c.deal_id as id from conversations c
    where c.workspace_id = ${workspaceId} and c.id = ${conversationId} and ${seesGap(tx, sight)} for update`;
  if (!row) return null;
  // After the lock, in a statement of its own: it sees what whoever held the conversation before left behind.
  const [now] = await tx<{ name: string | null; creating: string | null }[]>`
    select (select name from deals where workspace_id = ${workspaceId} and crm = ${row.crm} and crm_id = ${row.id}) as name,
      (select ${nameOf(tx, workspaceId, tx`m.requested_by`)} from deal_creations m
        join conversations c on c.workspace_id = ${workspaceId} and c.id = m.conversation_id
        where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId}
          and m.generation = c.generation and m.state in ('claimed', 'sent')
        limit 1) as creating`;
  const deal = row.crm && row.id ? { crm: row.crm, id: row.id, name: now?.name ?? null } : null;
  return { status: row.status, deal, beingCreatedBy: now?.creating ?? null };
}

function conflict(code: string, says: string, { deal }: GapState): AppError {
  const extra = deal ? { deal: { crm: deal.crm, crm_id: deal.id, name: deal.name } } : {};
  return new AppError(code, { status: 409, public: says, extra });
}
