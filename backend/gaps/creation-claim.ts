/** The claim: in one transaction that holds the call, so that of two clicks one makes the deal and both hear of it. */
import { recordAudit } from "../connections/audit.ts";
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { CrmType } from "../contract/common.ts";
import type { CreateDealRequest } from "../contract/creations.ts";
import type { Gap, GapStatus } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import { AppError, type FieldError, notFound } from "../errors.ts";
import { askedFor } from "./creation-asked.ts";
import type { Asked, CreationRow } from "./creation-row.ts";
import { mayCreate } from "./creation-rules.ts";
import { findClaim, type Lease, putClaim, readCreation } from "./creation-store.ts";
import { creationLeaseMs, enqueueWork } from "./creation-work.ts";
import { seesGap, seesRecord, type Viewer } from "./gap-sight.ts";
import { readGap } from "./list.ts";

export type Claimed = { kind: "claimed"; lease: Lease; row: CreationRow } | { kind: "existing"; row: CreationRow };

/** Past the lease, so that the job finds the work done, or its worker dead. */
const jobGraceMs = 1_000;

/**
 * @param origin `rule`: by the workspace's own rule (auto-create.ts)
 * @throws AppError not_found (404) | already_has_deal, dismissed, not_a_gap, not_connected (409) | which_crm,
 *   invalid_request (422)
 */
export function claimDeal(
  house: Pick<House, "db" | "clock" | "queue" | "config">,
  viewer: Viewer,
  conversationId: string,
  request: CreateDealRequest,
  origin: "person" | "rule" = "person",
): Promise<Claimed> {
  return house.db.withWorkspace(viewer.workspaceId, (tx) =>
    claimIn(tx, house, viewer, conversationId, request, origin),
  );
}

/** The same in the caller's own transaction. */
export async function claimIn(
  tx: Tx,
  house: Pick<House, "clock" | "queue" | "config">,
  viewer: Viewer,
  conversationId: string,
  request: CreateDealRequest,
  origin: "person" | "rule",
): Promise<Claimed> {
  const { workspaceId } = viewer;
  const now = house.clock.now();
  const sight = await sightOf(tx, workspaceId, viewer);
  const call = await holdCall(tx, workspaceId, conversationId, sight);
  const claim = await findClaim(tx, workspaceId, conversationId, call.generation);
  const deal = call.deal_crm && call.deal_id ? { crm: call.deal_crm, id: call.deal_id, name: call.deal_name } : null;
  const may = mayCreate({ status: call.gap_status, deal, claim }, request.confirm_duplicate === true);
  if (may.kind === "refuse") {
    const extra = deal ? { deal: { crm: deal.crm, crm_id: deal.id, name: deal.name } } : {};
    throw new AppError(may.code, { status: 409, public: may.says, extra });
  }
  if (may.kind === "existing") return { kind: "existing", row: claim! };
  if (may.kind === "claim_anew") await letGo(tx, workspaceId, claim!.id);
  const gap = await readGap(tx, workspaceId, conversationId, sight, now);
  if (!gap) throw notFound("call without a deal");
  const crm = await crmFor(tx, workspaceId, gap, call.rep_owner_crm, request.crm);
  const asked = askedFor(gap, crm, request, viewer.user.email);
  await refuseStrangers(tx, workspaceId, crm, asked, gap, sight);
  const leaseMs = creationLeaseMs(house);
  const claimed = { workspaceId, conversationId, generation: call.generation, crm, request: asked, origin, leaseMs };
  const lease = await putClaim(tx, { ...claimed, by: viewer.actor }, now, house.clock.sqlNow());
  await enqueueWork(tx, house, workspaceId, lease.id, new Date(now.getTime() + leaseMs + jobGraceMs));
  await recordAudit(tx, workspaceId, now, {
    ...{ actor: viewer.actor, action: "deal_creation.claimed", subject: lease.id },
    detail: { conversation_id: conversationId, crm, origin },
  });
  return { kind: "claimed", lease, row: (await readCreation(tx, workspaceId, lease.id))! };
}

type CallRow = {
  gap_status: GapStatus | null;
  generation: number;
  deal_crm: CrmType | null;
  deal_id: string | null;
  deal_name: string | null;
  rep_owner_crm: CrmType | null;
};

async function holdCall(tx: Tx, workspaceId: string, conversationId: string, sight: Sight): Promise<CallRow> {
  const [held] = await tx`
    select 1 from conversations c
    where c.workspace_id = ${workspaceId} and c.id = ${conversationId} and ${seesGap(tx, sight)} for update`;
  if (!held) throw notFound("call without a deal");
  // After the lock, in a statement of its own: it sees what whoever held it before left behind.
  const [row] = await tx<CallRow[]>`
    select c.gap_status, c.generation, c.deal_crm, c.deal_id, c.rep_owner_crm, d.name as deal_name
    from conversations c
    left join deals d on d.workspace_id = ${workspaceId} and d.crm = c.deal_crm and d.crm_id = c.deal_id
      and ${seesRecord(tx, sight, "d")}
    where c.workspace_id = ${workspaceId} and c.id = ${conversationId}`;
  return row!;
}

/** A person looked for the deal nobody knew of, and wants another one. */
async function letGo(tx: Tx, workspaceId: string, id: string): Promise<void> {
  await tx`update deal_creations set state = 'failed' where workspace_id = ${workspaceId} and id = ${id}`;
}

async function crmFor(
  tx: Tx,
  workspaceId: string,
  gap: Gap,
  repCrm: CrmType | null,
  asked: CrmType | undefined,
): Promise<CrmType> {
  const rows = await tx<{ crm: CrmType }[]>`
    select crm from crm_connections where workspace_id = ${workspaceId} and status <> 'disconnected' order by crm`;
  const connected = rows.map(({ crm }) => crm);
  const wanted = asked ?? gap.company?.crm ?? (connected.length > 1 ? repCrm : connected[0]);
  if (wanted && connected.includes(wanted)) return wanted;
  if (connected.length === 0 || wanted) {
    const says = "The CRM this deal would be made in is not connected. Connect it first.";
    throw new AppError("not_connected", { status: 409, public: says });
  }
  throw new AppError("which_crm", {
    status: 422,
    public: 'Both CRMs are connected: say in "crm" where the deal is to be made.',
    errors: [{ field: "crm", code: "required", message: "say which CRM is meant", allowed: connected }],
  });
}

/** Contacts of the call may be named by anybody, others by who sees them; those merged stand for what they became. */
async function refuseStrangers(
  tx: Tx,
  workspaceId: string,
  crm: CrmType,
  asked: Asked,
  gap: Gap,
  sight: Sight,
): Promise<void> {
  const ofCall = new Set(
    gap.participants.flatMap((each) => (each.contact_crm === crm ? (each.contact_crm_id ?? []) : [])),
  );
  const others = asked.associate.filter((id) => !ofCall.has(id));
  if (others.length === 0) return;
  const rows = await tx<{ id: string; seen: boolean; merged_into: string | null; gone: boolean }[]>`
    select r.crm_id as id, r.merged_into, r.deleted_at is not null as gone,
      coalesce(${seesRecord(tx, sight, "r")}, false) as seen
    from contacts r where r.workspace_id = ${workspaceId} and r.crm = ${crm} and r.crm_id in ${tx(others)}`;
  const errors = others.flatMap((id): FieldError[] => {
    const row = rows.find((each) => each.id === id);
    // One that the mirror has not seen yet is the CRM's to judge.
    if (!row || (row.seen && (!row.gone || row.merged_into !== null))) return [];
    const at = asked.associate.indexOf(id);
    return [{ field: `contacts_to_associate.${at}`, code: "no_such_contact", message: "is no contact you may see" }];
  });
  if (errors.length > 0) {
    throw new AppError("no_such_contact", {
      status: 422,
      public: "A contact that you named is not there (any more), or you may not see it.",
      errors,
    });
  }
  const survivors = new Map(rows.flatMap(({ id, merged_into }) => (merged_into ? [[id, merged_into] as const] : [])));
  asked.associate = [...new Set(asked.associate.map((id) => survivors.get(id) ?? id))];
  asked.roles = Object.fromEntries(
    Object.entries(asked.roles ?? {}).map(([contact, role]) => [survivors.get(contact) ?? contact, role]),
  );
}
