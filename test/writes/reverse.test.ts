import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../backend/crm/compatible.ts";
import { stateAfterWrite } from "../../backend/writeback/items.ts";
import { freshState, type WriteDecision, type WriteState } from "../../backend/writes/planned.ts";
import { planUndo, stateAfterUndo, type WrittenBefore } from "../../backend/writes/reverse.ts";
import { now, plan, propertyOf, said, wrote } from "../writeback/plan-setup.ts";

const sep = "\n---\n";
const text = propertyOf("textarea");
const overwrite: WrittenBefore = {
  ...{ logId: "l", raw: "ours", expected: "ours", previous: "typed by Ben", previousKnown: true },
  ...{ entry: null, separator: sep, prior: null },
};
const append: WrittenBefore = { ...overwrite, expected: "typed by Ben\n---\nours", entry: "ours" };

describe("undo of an overwrite", () => {
  test("restores what stood there before", () =>
    expect(planUndo(overwrite, "ours", text)).toMatchObject({ kind: "write", send: "typed by Ben", replaces: "ours" }));
  test("restores a blank", () =>
    expect(said(planUndo({ ...overwrite, previous: null }, "ours", text))).toBe("write:null"));
  test("restores what we cleared", () =>
    expect(said(planUndo({ ...overwrite, expected: null }, " ", text))).toBe("write:typed by Ben"));
  test("leaves alone what someone changed or cleared since", () => {
    expect(said(planUndo(overwrite, "changed by Eve", text))).toBe("skip:edited_since");
    expect(said(planUndo(overwrite, null, text))).toBe("skip:edited_since");
  });
  test("still ours in the CRM's own spelling", () =>
    expect(said(planUndo({ ...overwrite, expected: "7", previous: "5" }, "7.00", propertyOf("number")))).toBe(
      "write:5",
    ));
  test("has nothing to do where the value was the same before", () =>
    expect(said(planUndo({ ...overwrite, previous: "ours " }, "ours", text))).toBe("skip:nothing_to_undo"));
  test("waits for a read", () => expect(said(planUndo(overwrite, undefined, text))).toBe("wait"));
  test("is refused where nobody read what stood there before", () => {
    const blind = { ...overwrite, previous: null, previousKnown: false };
    expect(said(planUndo(blind, "ours", text))).toBe("skip:previous_unknown");
    expect(said(planUndo(blind, undefined, text))).toBe("skip:previous_unknown");
  });
  test("a value the property does not take any more is not sent", () =>
    expect(planUndo(overwrite, "ours", propertyOf("textarea", { lengthMax: 5 }))).toMatchObject({
      ...{ kind: "skip", reason: "does_not_fit", detail: expect.stringContaining("at most 5 characters") },
    }));
});

describe("undo of an append", () => {
  test("removes only ours, though a person wrote around it", () =>
    expect(said(planUndo(append, "Eve\n---\ntyped by Ben\n---\nours\n---\nZoe", text))).toBe(
      "write:Eve\n---\ntyped by Ben\n---\nZoe",
    ));
  test("clears where nothing else stands", () => expect(said(planUndo(append, "ours", text))).toBe("write:null"));
  test("leaves an edited entry alone", () =>
    expect(said(planUndo(append, "typed by Ben\n---\nours, says Eve", text))).toBe("skip:edited_since"));
  test("of two equal entries takes the newer", () =>
    expect(said(planUndo(append, "ours\n---\nBen\n---\nours", text))).toBe("write:ours\n---\nBen"));
});

describe("what is remembered after an undo", () => {
  const done = (send: string | null): WriteDecision => ({
    ...{ kind: "write", send, value: send, entry: null, entries: [], replaces: "ours" },
  });
  test("held until the value changes, and never written", () =>
    expect(stateAfterUndo(overwrite, done("typed by Ben"), wrote("ours"))).toMatchObject({
      ...{ written: false, lastRaw: null, lastWritten: null, lastWrittenAt: null, hold: { value: "ours" } },
    }));
  test("our write before that one is ours again", () => {
    const prior = { raw: "first", expected: "first", at: now };
    const state = stateAfterUndo({ ...overwrite, previous: "first", prior }, done("first"), wrote("ours"));
    expect(state).toMatchObject({ written: true, lastRaw: "first", lastWritten: "first", lastWrittenAt: now });
  });
  test("not where a person had changed it in between", () => {
    const prior = { raw: "first", expected: "first", at: now };
    expect(stateAfterUndo({ ...overwrite, prior }, done("typed by Ben"), wrote("ours")).written).toBe(false);
  });
  test("an append forgets its entry and keeps the others", () => {
    const entries = ["a", "ours", "ours"].map((each, n) => ({ text: each, value: each, version: n + 1 }));
    expect(stateAfterUndo(append, done("a\n---\nours"), wrote("x", { entries })).entries.map((e) => e.version)).toEqual(
      [...[1, 2]],
    );
  });
  test("a refusal of before is forgotten with it", () => {
    const parked = { value: "x", revision: 1, code: "value_refused" };
    expect(stateAfterUndo(overwrite, done(null), wrote("ours", { parked })).parked).toBeNull();
  });
});

describe("write, then undo", () => {
  const type = fc.constantFrom("text" as const, "textarea" as const, "rich_text" as const);
  const mode = fc.constantFrom("overwrite" as const, "never_overwrite" as const, "append" as const);
  const human = fc.oneof(
    fc.constant(null),
    fc.string({ unit: "grapheme" }),
    fc
      .array(fc.constantFrom("\n---\n", "\n---", "Ben", " ", "\n", "<p>", "</p>", "<br>", "&amp;", ";"), {
        maxLength: 6,
      })
      .map((parts) => parts.join("")),
  );
  const stamp = fc.constantFrom("prefix" as const, "suffix" as const, "none" as const);

  test("every planned write is its own canonical form, and its undo puts back what stood there", () =>
    fc.assert(
      fc.property(type, mode, human, human, stamp, (into, how, before, raw, stamped) => {
        const decision = plan({ mode: how, type: into, current: before, raw: raw ?? "x", stamp: stamped });
        if (decision.kind !== "write") return;
        const property = propertyOf(into);
        expect(canonical(decision.send, property)).toBe(decision.send);
        const entry = decision.entry?.text ?? null;
        const write = { ...overwrite, raw, expected: decision.send, previous: before, entry };
        const undo = planUndo(write, decision.send, property);
        if (undo.kind === "write") expect(undo.send).toBe(canonical(before, property));
        else {
          expect(said(undo)).toBe("skip:nothing_to_undo");
          expect(decision.send).toBe(canonical(before, property));
        }
      }),
      { numRuns: 1000 },
    ));
  test("numbers, dates and moments too", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(
            fc.constantFrom("number" as const, "currency" as const),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
          ),
          fc.tuple(
            fc.constantFrom("date" as const, "datetime" as const),
            fc
              .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
              .map((at) => at.toISOString()),
          ),
        ),
        fc.option(fc.integer({ min: 0, max: 6 })),
        ([into, raw], scale) => {
          const property = propertyOf(into, { scale });
          const decision = plan({ type: into, property: { scale }, raw, current: null });
          if (decision.kind !== "write") return;
          expect(canonical(decision.send, property)).toBe(decision.send);
          // The same value again changes nothing: one rounding, not two.
          expect(said(plan({ type: into, property: { scale }, raw, current: decision.send }))).toBe(
            "skip:already_current",
          );
        },
      ),
    ));
  test("the next plan holds, and another value is written", () => {
    const decision = plan({ raw: "ours", current: "typed by Ben" }) as WriteDecision;
    const written: WriteState = stateAfterWrite(decision, freshState, "ours", now);
    const undo = planUndo(overwrite, "ours", text) as WriteDecision;
    const state = stateAfterUndo(overwrite, undo, written);
    expect(said(plan({ raw: "ours", current: undo.send, state }))).toBe("skip:held_after_undo");
    expect(said(plan({ raw: "other", current: undo.send, state }))).toBe("write:other");
    expect(said(plan({ raw: "other", current: undo.send, state, keepHumanEdits: true }))).toBe(
      "skip:value_predates_pandora",
    );
  });
});
