/**
 * One source's telling of one meeting, and what a further delivery changes in it. Deliveries come twice, late and in any
 * order, and some bring only a part: so the facts, the summary and the transcript are each taken from the newest delivery
 * that tells them. The result does not depend on the order. Pure.
 */
import { createHash } from "node:crypto";
import type { Converted, IncomingConversation, SourceKind } from "./shape.ts";
import { type Tally, tallyOf } from "./signals.ts";

/** What was told, without the texts. */
export type Told = Omit<IncomingConversation, "summary" | "transcript" | "toldAt" | "externalId"> & {
  kind: SourceKind;
};

export type Texts = {
  summary?: { told_at: string; text: string; tally: Tally | null };
  /** The words themselves are sealed in a table of their own. */
  transcript?: { told_at: string; chars: number; hash: string; tally: Tally | null };
  /** The source took it back then: texts told before are gone for good. */
  gone_at?: string;
};

export type Telling = {
  sourceId: string;
  externalId: string;
  /** null: none yet, or taken back. */
  conversationId: string | null;
  payloadHash: string;
  /** UTC ISO */
  toldAt: string;
  /** null: taken back. */
  told: Told | null;
  texts: Texts;
};

export type Accepted = Extract<Converted, { ok: true }>;
export type Source = { id: string; kind: SourceKind };

/**
 * @param before the telling as stored; undefined when this is the first delivery
 * @returns the telling after the delivery, whether that is different, and the transcript to store when it brought one
 */
export function afterDelivery(
  before: Telling | undefined,
  source: Source,
  delivery: Accepted,
  now: Date,
): { telling: Telling; changed: boolean; transcript: string | null } {
  const { externalId, toldAt: said } = "gone" in delivery ? delivery.gone : delivery.conversation;
  const toldAt = said ?? now.toISOString();
  const payloadHash = hashOf("gone" in delivery ? "gone" : { ...delivery.conversation, toldAt: null });
  // Told again without a time of its own: nothing is newer than before.
  if (before && before.payloadHash === payloadHash && said === null) {
    return { telling: before, changed: false, transcript: null };
  }
  const newer = before === undefined || toldAt >= before.toldAt;
  const texts = textsAfter(before?.texts ?? {}, delivery, toldAt);
  const telling: Telling = {
    sourceId: source.id,
    externalId,
    conversationId: before?.conversationId ?? null,
    payloadHash: newer ? payloadHash : before.payloadHash,
    toldAt: newer ? toldAt : before.toldAt,
    told: newer ? ("gone" in delivery ? null : toldOf(source.kind, delivery.conversation)) : before.told,
    texts,
  };
  const brought = texts.transcript !== undefined && texts.transcript.hash !== before?.texts.transcript?.hash;
  return {
    telling,
    changed: hashOf(contentOf(before)) !== hashOf(contentOf(telling)),
    transcript: brought && "conversation" in delivery ? delivery.conversation.transcript : null,
  };
}

/** The same members in another order are the same content. */
export function hashOf(value: unknown): string {
  const canonical = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [two]) => (one < two ? -1 : 1)))
      : part,
  );
  return createHash("sha256")
    .update(canonical ?? "undefined")
    .digest("hex");
}

function textsAfter(before: Texts, delivery: Accepted, toldAt: string): Texts {
  const after: Texts = { ...before };
  if ("gone" in delivery) {
    after.gone_at = later(before.gone_at, toldAt);
  } else {
    const { summary, transcript } = delivery.conversation;
    if (summary !== null && isNewer(toldAt, before.summary)) {
      after.summary = { told_at: toldAt, text: summary, tally: tallyOf(summary) };
    }
    if (transcript !== null && isNewer(toldAt, before.transcript)) {
      const hash = hashOf(transcript).slice(0, 32);
      after.transcript = { told_at: toldAt, chars: transcript.length, hash, tally: tallyOf(transcript) };
    }
  }
  for (const part of ["summary", "transcript"] as const) {
    if (after.gone_at !== undefined && (after[part]?.told_at ?? "") <= after.gone_at) delete after[part];
  }
  return after;
}

function isNewer(toldAt: string, text: { told_at: string } | undefined): boolean {
  return text === undefined || toldAt >= text.told_at;
}

function later(one: string | undefined, two: string): string {
  return one === undefined || two > one ? two : one;
}

function toldOf(kind: SourceKind, conversation: IncomingConversation): Told {
  const { summary: _s, transcript: _t, toldAt: _at, externalId: _id, ...told } = conversation;
  return { kind, ...told };
}

/** When it was told is no content: the same told later is the same. */
function contentOf(telling: Telling | undefined) {
  if (!telling) return null;
  const { summary, transcript } = telling.texts;
  return { told: telling.told, summary: summary?.text ?? null, transcript: transcript?.hash ?? null };
}
