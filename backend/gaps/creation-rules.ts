/** Whether a deal may be made for a call now, and which one answers a second click. Pure. */
import type { CrmType } from "../contract/common.ts";
import type { GapStatus } from "../contract/gaps.ts";
import type { CreationRow } from "./creation-row.ts";

export type CallState = {
  status: GapStatus | null;
  deal: { crm: CrmType; id: string; name: string | null } | null;
  /** Of this call and generation; failed ones left out. */
  claim: Pick<CreationRow, "state"> | null;
};

export type MayCreate =
  | { kind: "claim" }
  /** As before, but the creation of which nothing is known is let go of first: a person looked. */
  | { kind: "claim_anew" }
  /** There is one already: the same answer for whoever asks. */
  | { kind: "existing" }
  | { kind: "refuse"; code: string; says: string };

/** @param confirmed the person wants another deal although one may be there */
export function mayCreate({ status, deal, claim }: CallState, confirmed: boolean): MayCreate {
  if (claim && claim.state !== "undone") {
    const looked = claim.state === "outcome_unknown" && confirmed && deal === null;
    return looked ? { kind: "claim_anew" } : { kind: "existing" };
  }
  if (deal) {
    const name = deal.name ? `the deal "${deal.name}"` : "a deal";
    return refuse("already_has_deal", `This call belongs to ${name} already. Load the page again.`);
  }
  switch (status) {
    case "pending":
      return { kind: "claim" };
    case "dismissed":
      return refuse("dismissed", "This call was dismissed meanwhile. Restore it first if it needs a deal.");
    case "created":
    case "linked":
      return refuse("already_has_deal", "This call has a deal already. Load the page again.");
    case null:
      return refuse(
        "not_a_gap",
        "This call is not listed as one without a deal any more: it is too old, or was found to be among colleagues.",
      );
    default:
      return status satisfies never;
  }
}

function refuse(code: string, says: string): MayCreate {
  return { kind: "refuse", code, says };
}
