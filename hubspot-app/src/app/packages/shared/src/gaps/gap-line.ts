/** A call without a deal as the lists show it, whether it came with a record's card or from the list of all. Pure. */
import type { Gap, RecordCard, Severity } from "../dto.ts";

export type GapLine = {
  id: string;
  title: string;
  startedAt: string;
  minutes: number | null;
  severity: Severity | null;
  /** Why it is that severe, in words. */
  reason: string | null;
  cause: string | null;
  rep: string | null;
  /** Null: not known; a list of one record's calls doesn't repeat it. */
  company: string | null;
  /** Where the call itself can be heard. */
  url: string | null;
  beingCreatedBy: string | null;
  dismissed: { by: string; at: string; reason: string | null; note: string | null } | null;
};

export function lineOfCard(gap: RecordCard["gaps"]["items"][number]): GapLine {
  return {
    ...{ id: gap.conversation_id, title: gap.title, startedAt: gap.started_at, minutes: gap.duration_minutes },
    ...{ severity: gap.severity, reason: gap.severity_reason, cause: gap.likely_cause, rep: gap.rep_name },
    ...{ company: null, url: null, beingCreatedBy: null, dismissed: null },
  };
}

export function lineOfGap(gap: Gap): GapLine {
  const { decision } = gap;
  const isDismissed = gap.status === "dismissed" && decision?.decision === "dismissed";
  return {
    ...{ id: gap.conversation_id, title: gap.title, startedAt: gap.started_at, minutes: gap.duration_minutes },
    ...{ severity: gap.severity, reason: gap.severity_reason, cause: gap.likely_cause },
    rep: gap.rep?.name ?? gap.rep?.email ?? null,
    company: gap.company?.name ?? gap.company_domain,
    url: gap.url,
    beingCreatedBy: gap.being_created_by,
    dismissed: isDismissed ? { by: decision.by, at: decision.at, reason: decision.reason, note: decision.note } : null,
  };
}
