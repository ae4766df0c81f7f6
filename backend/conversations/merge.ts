/** Several tellings of one meeting made into one conversation; the richest telling goes first. Pure, in any order. */
import { joinTellings } from "./people.ts";
import type { Affiliation, IncomingParticipant, NamedRecord, SourceKind } from "./shape.ts";
import { type Signals, signalsOf } from "./signals.ts";
import { hashOf, type Telling, type Told } from "./telling.ts";

/** The facts columns of `conversations`, and who was in it. */
export type Facts = {
  title: string;
  source: SourceKind;
  url: string | null;
  started_at: string;
  duration_minutes: number | null;
  meeting_key: string | null;
  host_email: string | null;
  call_type: string | null;
  scope_hint: Affiliation;
  named_records: NamedRecord[];
  summary: string | null;
  signals: Signals | null;
};

export type LiveTelling = Telling & { told: Told };

/** @param tellings of one meeting, at least one, none taken back */
export function mergeTellings(tellings: readonly LiveTelling[]): {
  facts: Facts;
  participants: IncomingParticipant[];
  hash: string;
} {
  const ranked = [...tellings].sort(byRichness);
  const told = ranked.map((telling) => telling.told);
  const first = told[0]!;
  const best = <T>(read: (one: Told) => T | null): T | null => told.map(read).find((value) => value !== null) ?? null;
  const participants = joinTellings(told.map((one) => one.participants));
  const summary = ranked.find(({ texts }) => texts.summary)?.texts.summary ?? null;
  const facts: Facts = {
    title: best((one) => one.title || null) ?? "",
    source: first.kind,
    url: best((one) => one.url),
    started_at: first.startedAt,
    duration_minutes: best((one) => one.durationMinutes),
    meeting_key: best((one) => one.meetingKey),
    host_email: best((one) => one.hostEmail),
    call_type: best((one) => one.callType),
    scope_hint: scopeOf(told),
    named_records: recordsOf(told),
    summary: summary?.text ?? null,
    // The longest transcript and the best summary: two transcripts of one meeting are one talk heard twice.
    signals: signalsOf([summary?.tally ?? null, longestTranscript(ranked)?.tally ?? null]),
  };
  return { facts, participants, hash: hashOf({ facts, participants }) };
}

/** Most participants with an address, then the longest transcript; then by name, so that there always is an order. */
function byRichness(one: LiveTelling, two: LiveTelling): number {
  const known = ({ told }: LiveTelling) => told.participants.filter(({ email }) => email !== null).length;
  const spoken = ({ texts }: Telling) => texts.transcript?.chars ?? 0;
  const name = (telling: LiveTelling) => `${telling.told.kind} ${telling.sourceId} ${telling.externalId}`;
  return known(two) - known(one) || spoken(two) - spoken(one) || (name(one) < name(two) ? -1 : 1);
}

/** One source that saw somebody from outside is right against one that says all were ours. */
function scopeOf(told: readonly Told[]): Affiliation {
  const hints = told.map((one) => one.scopeHint);
  return hints.includes("external") ? "external" : hints.includes("internal") ? "internal" : "unknown";
}

function recordsOf(told: readonly Told[]): NamedRecord[] {
  const named = new Map(
    told.flatMap((one) =>
      one.namedRecords.map((record) => [JSON.stringify([record.crm, record.object_type, record.id]), record]),
    ),
  );
  return [...named.entries()].sort(([one], [two]) => (one < two ? -1 : 1)).map(([, record]) => record);
}

function longestTranscript(tellings: readonly LiveTelling[]) {
  const told = tellings.flatMap(({ texts }) => (texts.transcript ? [texts.transcript] : []));
  return told.reduce<(typeof told)[number] | null>(
    (best, one) => (best === null || one.chars > best.chars ? one : best),
    null,
  );
}
