import { describe, expect, test } from "vitest";
import { type CrmErrorKind, nextStep } from "../../backend/crm/errors.ts";
import {
  backoffMs,
  certaintyDeadlineMs,
  chunked,
  freshState,
  groupByRecord,
  isForeign,
  type PendingWrite,
  recoveryOf,
  skipIsNews,
} from "../../backend/writes/planned.ts";
import { propertyOf, wrote } from "../writeback/plan-setup.ts";

const now = new Date("2026-02-21T11:00:00Z");
const text = propertyOf("textarea");

describe("what became of a write without an answer", () => {
  const sent: PendingWrite = {
    ...{ logId: "l", sentAt: new Date(now.getTime() - 60_000), send: "new", previous: "old", previousKnown: true },
    ...{ entry: null, separator: "\n---\n" },
  };
  const recovery = (current: string | null | undefined, set: Partial<PendingWrite> = {}) =>
    recoveryOf({ ...sent, ...set }, current, text, now);
  const old = { sentAt: new Date(now.getTime() - certaintyDeadlineMs - 1) };

  test("it stands there", () => expect(recovery(" new \r\n")).toBe("success"));
  test("the previous value still stands: the same again", () => expect(recovery("old")).toBe("send_again"));
  test("something else stands: plan anew", () => expect(recovery("typed by Ben")).toBe("plan_anew"));
  test("a clearing that was done, and one that was not", () => {
    expect(recovery(null, { send: null })).toBe("success");
    expect(recovery("old", { send: null })).toBe("send_again");
  });
  test("a record that could not be read waits, for a day", () => {
    expect(recovery(undefined)).toBe("wait");
    expect(recovery(undefined, { sentAt: new Date(now.getTime() - certaintyDeadlineMs) })).toBe("wait");
    expect(recovery(undefined, old)).toBe("give_up");
  });
  test("a day later it may still be certain", () => {
    expect(recovery("new", old)).toBe("success");
    expect(recovery("old", old)).toBe("send_again");
  });

  describe("an append", () => {
    const append = { send: "old\n---\na", entry: { text: "a", value: "a", version: 1 } };
    test("whose entry stands is done, whatever a person did around it", () => {
      expect(recovery("old, edited\n---\na\n---\nBen", append)).toBe("success");
      expect(recovery("a", append)).toBe("success");
    });
    test("whose entry does not stand was not done", () => {
      expect(recovery("old", append)).toBe("send_again");
      expect(recovery("old, edited", append)).toBe("plan_anew");
    });
    test("an equal entry from before does not pass for it", () => {
      const second = { ...append, previous: "a", send: "a\n---\na" };
      expect(recovery("a", second)).toBe("send_again");
      expect(recovery("a\n---\nBen", second)).toBe("plan_anew");
      expect(recovery("a\n---\nBen\n---\na", second)).toBe("success");
    });
  });

  describe("written without reading", () => {
    const blind = { previous: null, previousKnown: false };
    test("may be sent twice without harm", () => expect(recovery("anything", blind)).toBe("send_again"));
    test("is given up after a day", () => expect(recovery("anything", { ...blind, ...old })).toBe("give_up"));
  });
});

describe("what follows each kind of CRM error", () => {
  const steps: Record<CrmErrorKind, ReturnType<typeof nextStep>> = {
    retry_later: "retry_not_done",
    quota_exhausted: "retry_not_done",
    token_expired: "retry_not_done",
    unreachable: "retry_not_done",
    outcome_unknown: "retry_unknown",
    no_result: "retry_unknown",
    batch_refused: "bisect",
    record_gone: "gone",
    reconnect: "stop_connection",
    missing_scope: "stop_connection",
    value_refused: "park",
    unknown_property: "park",
    already_exists: "park",
    unexpected: "park",
  };
  test.each(Object.entries(steps))("%s: %s", (kind, step) => expect(nextStep(kind as CrmErrorKind)).toBe(step));
});

describe("backoff", () => {
  test("doubles from a second to ten minutes, with up to half of it left to chance", () => {
    expect([0, 1, 2, 9, 30].map((attempt) => backoffMs(attempt, undefined, 1))).toEqual([
      ...[1_000, 2_000, 4_000, 512_000, 600_000],
    ]);
    expect(backoffMs(3, undefined, 0)).toBe(4_000);
  });
  test("never earlier than the CRM asked for", () => {
    expect(backoffMs(0, 30_000, 0.5)).toBe(30_000);
    expect(backoffMs(9, 1_000, 1)).toBe(512_000);
  });
});

describe("what is worth a row in the log", () => {
  test("a skip that says something, once", () => {
    expect(skipIsNews("condition_not_met", null)).toBe(true);
    expect(skipIsNews("condition_not_met", "write")).toBe(true);
    expect(skipIsNews("condition_not_met", "skip:no_value")).toBe(true);
    expect(skipIsNews("condition_not_met", "skip:condition_not_met")).toBe(false);
  });
  test("nothing to do is counted only", () => {
    for (const reason of ["already_current", "already_appended", "unchanged_since_last_write"] as const)
      expect(skipIsNews(reason, null)).toBe(false);
  });
});

describe("whose value stands there", () => {
  test("blank is nobody's", () => expect(isForeign(" ", freshState, text)).toBe(false));
  test("what we left is ours, in the CRM's spelling too", () =>
    expect(isForeign("7.0", wrote("7"), propertyOf("number"))).toBe(false));
  test("anything else is a person's", () => {
    expect(isForeign("x", freshState, text)).toBe(true);
    expect(isForeign("x", wrote("y"), text)).toBe(true);
    // Undone: what we remember does not stand any more.
    expect(isForeign("x", { ...freshState, lastWritten: "x" }, text)).toBe(true);
  });
});

describe("batches", () => {
  test("all properties of a record go in one input, in order of first appearance", () =>
    expect(
      groupByRecord([
        { recordId: "1", property: "a", send: "x" },
        { recordId: "2", property: "a", send: null },
        { recordId: "1", property: "b", send: "y" },
      ]),
    ).toEqual([
      { id: "1", properties: { a: "x", b: "y" } },
      { id: "2", properties: { a: null } },
    ]));
  test("chunks keep the order and the rest", () => {
    expect(chunked([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(chunked([], 2)).toEqual([]);
  });
});
