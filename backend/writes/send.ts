/** Sends stored intents and says how each ended: bisecting what is refused as a whole, keeping the good rows. */
import type { ErrorCode } from "../contract/reasons.ts";
import { CrmError, nextStep } from "../crm/errors.ts";
import type { Outcome } from "../crm/port.ts";
import type { Engine } from "./batch.ts";
import { chunked, groupByRecord } from "./planned.ts";
import { extendIntents, type IntentContext, type Key, keyOf } from "./store.ts";

export type Sending = Key & { fence: number; logId: string; send: string | null };

export type SendEnd =
  | { kind: "done" }
  /** For good, in the CRM's own words. */
  | { kind: "refused"; code: ErrorCode; message: string; httpStatus: number | null }
  /** Definitely not done; may be tried again. */
  | { kind: "not_done"; message: string; afterMs: number | undefined; httpStatus: number | null }
  /** May or may not have been done. */
  | { kind: "unknown"; inFlight: boolean };

export type Sent = { endOf(key: string): SendEnd; calls: number; fatal: CrmError | null };

type Context = Pick<IntentContext, "workspaceId" | "crm" | "objectType" | "owner" | "now" | "leaseMs">;

export async function send(engine: Engine, context: Context, sendings: Sending[]): Promise<Sent> {
  const ends = new Map<string, SendEnd>();
  const outcome = { calls: 0, fatal: null as CrmError | null };
  const byId = Map.groupBy(sendings, (sending) => sending.id);
  const chunks = chunked([...byId.values()], engine.crm.shape.writeBatchMax);
  await Promise.all(chunks.map((records) => sendPart(engine, context, records.flat(), ends, outcome, true)));
  return { endOf: (key) => ends.get(key) ?? { kind: "unknown", inFlight: true }, ...outcome };
}

async function sendPart(
  engine: Engine,
  context: Context,
  part: Sending[],
  ends: Map<string, SendEnd>,
  outcome: { calls: number; fatal: CrmError | null },
  first: boolean,
): Promise<void> {
  const going = first ? part : await stillOurs(engine, context, part);
  if (going.length === 0) return;
  const writes = groupByRecord(going.map(({ id, property, send: value }) => ({ recordId: id, property, send: value })));
  const bySending = Map.groupBy(going, (sending) => sending.id);
  let outcomes: Outcome<{ id: string }>[];
  outcome.calls += 1;
  try {
    outcomes = await engine.crm.writeBatch(context.objectType, writes);
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const without = withoutNamedProperty(going, error);
    if (without) {
      for (const sending of without.named) ends.set(keyOf(sending), endOf(error));
      return sendPart(engine, context, without.rest, ends, outcome, false);
    }
    if (nextStep(error.kind) === "bisect" && writes.length > 1) {
      // Refused as a whole, so nothing of it was done: the halves may be sent.
      const middle = Math.ceil(writes.length / 2);
      const halves = [writes.slice(0, middle), writes.slice(middle)];
      for (const half of halves) {
        await sendPart(
          engine,
          context,
          half.flatMap((write) => bySending.get(write.id)!),
          ends,
          outcome,
          false,
        );
      }
      return;
    }
    if (nextStep(error.kind) === "stop_connection") outcome.fatal ??= error;
    for (const sending of going) ends.set(keyOf(sending), endOf(error));
    return;
  }
  const again: Sending[] = [];
  writes.forEach((write, index) => {
    const result = outcomes[index]!;
    const ofRecord = bySending.get(write.id)!;
    if (result.ok) {
      for (const sending of ofRecord) ends.set(keyOf(sending), { kind: "done" });
      return;
    }
    // The CRM refused the record because of one property: the others of this record are sent without it.
    const without = withoutNamedProperty(ofRecord, result.error);
    for (const sending of without?.named ?? ofRecord) ends.set(keyOf(sending), endOf(result.error));
    again.push(...(without?.rest ?? []));
  });
  if (again.length > 0) await sendPart(engine, context, again, ends, outcome, false);
}

/** Refusals that hold for a property whatever the record: no need to look for the bad row. */
const propertyWide = new Set([
  "PROPERTY_DOESNT_EXIST",
  "READ_ONLY_VALUE",
  "INVALID_FIELD",
  "INVALID_FIELD_FOR_INSERT_UPDATE",
]);

/** The properties the error names and the rest; null when it names none of these, or nothing would be left. */
function withoutNamedProperty(part: Sending[], error: CrmError): { named: Sending[]; rest: Sending[] } | null {
  const ofProperty = nextStep(error.kind) === "park" || propertyWide.has(error.detail.crmCode ?? "");
  if (!ofProperty || error.detail.property === undefined) return null;
  const name = error.detail.property.toLowerCase();
  const named = part.filter((sending) => sending.property.toLowerCase() === name);
  const rest = part.filter((sending) => sending.property.toLowerCase() !== name);
  return named.length > 0 && rest.length > 0 ? { named, rest } : null;
}

/** Sending again moves the lease on; what was taken over meanwhile is not ours to send. */
async function stillOurs(engine: Engine, context: Context, part: Sending[]): Promise<Sending[]> {
  await engine.crm.reserve(1);
  const kept = await engine.db.withWorkspace(context.workspaceId, (tx) =>
    extendIntents(tx, { ...context, now: engine.clock.sqlNow() }, part),
  );
  return part.filter((sending) => kept.has(sending.logId));
}

function endOf(error: CrmError): SendEnd {
  const httpStatus = error.detail.httpStatus ?? null;
  const step = nextStep(error.kind);
  switch (step) {
    case "retry_not_done":
    case "stop_connection":
      return { kind: "not_done", message: error.message, afterMs: error.detail.afterMs, httpStatus };
    case "retry_unknown":
      return { kind: "unknown", inFlight: error.kind === "outcome_unknown" };
    case "bisect": // a single row that is refused as a batch is refused itself
    case "park":
      return { kind: "refused", code: refusalCode(error), message: error.message, httpStatus };
    case "gone":
      return { kind: "refused", code: "record_gone", message: error.message, httpStatus };
    default:
      return step satisfies never;
  }
}

function refusalCode(error: CrmError): ErrorCode {
  if (error.detail.crmCode === "PROPERTY_DOESNT_EXIST") return "unknown_property";
  switch (error.kind) {
    case "unknown_property":
    case "already_exists":
    case "unexpected":
      return error.kind;
    default:
      return "value_refused";
  }
}
