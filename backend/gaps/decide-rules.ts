/** What may be decided about a gap, given what stands there now. Pure. */
import type { CrmType } from "../contract/common.ts";
import type { GapStatus } from "../contract/gaps.ts";

export type DealRef = { crm: CrmType; id: string };

export type GapState = {
  /** null: it is not listed; the linker found a deal, or it is no call with a prospect. */
  status: GapStatus | null;
  deal: (DealRef & { name: string | null }) | null;
  /** Who is having a deal made for it at this moment. */
  beingCreatedBy: string | null;
};

export type Refusal = { code: string; says: string };
/** `nothing`: it is so already; two people did the same, and both get the same answer. */
export type Verdict = { kind: "do" } | { kind: "nothing" } | ({ kind: "refuse" } & Refusal);

export function mayDismiss(state: GapState): Verdict {
  if (state.status === "dismissed") return nothing;
  return refusedWhile(state) ?? hasDeal(state) ?? notListed(state) ?? go;
}

/** Back from being dismissed. */
export function mayRestore(state: GapState): Verdict {
  if (state.status === "pending") return nothing;
  return hasDeal(state) ?? notListed(state) ?? go;
}

export function mayLink(state: GapState, deal: DealRef): Verdict {
  if (state.deal && same(state.deal, deal)) return nothing;
  return hasDeal(state) ?? refusedWhile(state) ?? notListed(state) ?? go;
}

/** @param seen the deal the person saw on it; undefined: they did not say */
export function mayUnlink(state: GapState, seen: string | undefined): Verdict {
  if (!state.deal) return state.status === null ? refuse(notListedText) : nothing;
  if (seen !== undefined && seen !== state.deal.id) {
    const says = `This call belongs to ${nameOf(state)} by now, not to the deal you saw. Load the page again.`;
    return refuse({ code: "deal_changed", says });
  }
  return go;
}

const go: Verdict = { kind: "do" };
const nothing: Verdict = { kind: "nothing" };

function refuse(refusal: Refusal): Verdict {
  return { kind: "refuse", ...refusal };
}

function hasDeal(state: GapState): Verdict | null {
  if (!state.deal) return null;
  return refuse({
    code: "already_has_deal",
    says: `This call belongs to ${nameOf(state)} already. Take it off that deal first if it is the wrong one.`,
  });
}

function refusedWhile({ beingCreatedBy }: GapState): Verdict | null {
  if (beingCreatedBy === null) return null;
  const says = `${beingCreatedBy} is creating a deal for this call just now. Wait a moment and load the page again.`;
  return refuse({ code: "being_created", says });
}

function notListed({ status }: GapState): Verdict | null {
  return status === null ? refuse(notListedText) : null;
}

const notListedText: Refusal = {
  code: "not_a_gap",
  says: "This call is not listed as one without a deal any more: it is too old, or was found to be among colleagues.",
};

function nameOf({ deal }: GapState): string {
  return deal?.name ? `the deal "${deal.name}"` : "a deal";
}

function same(one: DealRef, other: DealRef): boolean {
  return one.crm === other.crm && one.id === other.id;
}
