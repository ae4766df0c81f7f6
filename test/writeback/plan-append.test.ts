import { describe, expect, test } from "vitest";
import { freshState, type WriteState } from "../../backend/writes/planned.ts";
import { plan, said, wrote } from "./plan-setup.ts";

/** The state after these entries of ours were appended, oldest first. */
function appended(...values: string[]): WriteState {
  const entries = values.map((value, index) => ({ text: value, value, version: index + 1 }));
  return wrote(values.join("\n---\n"), { entries, lastVersion: values.length });
}

const add = { mode: "append" } as const;

describe("append", () => {
  test("starts with the entry where nothing stands", () => {
    for (const current of [null, "", " \n"]) expect(said(plan({ ...add, current }))).toBe("write:Call Ann");
  });
  test("goes below what a person wrote, and replaces nobody", () =>
    expect(plan({ ...add, current: "typed by Ben" })).toMatchObject({
      ...{ send: "typed by Ben\n---\nCall Ann", value: "Call Ann", replaces: "nothing" },
      ...{ entry: { text: "Call Ann", value: "Call Ann", version: 1 } },
    }));
  test("newest below", () =>
    expect(
      said(plan({ ...add, current: "one\n---\ntwo", state: appended("one", "two"), version: 3, raw: "three" })),
    ).toBe("write:one\n---\ntwo\n---\nthree"));
  test("once per version of the record value", () => {
    const second = { ...add, current: "Call Ann", state: appended("Call Ann") } as const;
    expect(said(plan({ ...second, version: 1 }))).toBe("skip:already_appended");
    expect(said(plan({ ...second, version: 2 }))).toBe("write:Call Ann\n---\nCall Ann");
  });
  test("an older version, read late, is not appended", () =>
    expect(said(plan({ ...add, current: "a\n---\nb", state: appended("a", "b"), version: 1 }))).toBe(
      "skip:already_appended",
    ));
  test("once per version though a person removed the entry", () =>
    expect(said(plan({ ...add, current: null, state: appended("Call Ann"), version: 1 }))).toBe(
      "skip:already_appended",
    ));
  test("the stamp has the day of the workspace's zone", () => {
    const late = { now: new Date("2026-02-21T23:30:00Z") };
    expect(said(plan({ ...add, stamp: "prefix", context: late }))).toBe("write:[Feb 22, 2026] Call Ann");
    expect(said(plan({ ...add, stamp: "suffix", context: { ...late, timeZone: "UTC" } }))).toBe(
      "write:Call Ann (Feb 21, 2026)",
    );
  });
  test("a separator of the mapping's own", () =>
    expect(said(plan({ ...add, separator: " | ", current: "typed by Ben" }))).toBe("write:typed by Ben | Call Ann"));
  test("rich text: the entry is escaped, separator and line breaks are markup", () =>
    expect(said(plan({ ...add, type: "rich_text", current: "<b>Ben</b>", raw: "1 < 2\nyes" }))).toBe(
      "write:<b>Ben</b><br>---<br>1 &lt; 2<br>yes",
    ));
});

describe("append_if_changed", () => {
  const changed = { mode: "append_if_changed" } as const;
  test("the same value under a new version is not appended", () =>
    expect(said(plan({ ...changed, current: "Call Ann", state: appended("Call Ann"), version: 2 }))).toBe(
      "skip:unchanged_since_last_write",
    ));
  test("compares the value, not the stamped or combined text", () => {
    const state = wrote("Ben\n---\n[Jan 1, 2026] Call Ann", {
      entries: [{ text: "[Jan 1, 2026] Call Ann", value: "Call Ann", version: 1 }],
      lastVersion: 1,
    });
    const again = { ...changed, stamp: "prefix", current: state.lastWritten, state, version: 2 } as const;
    expect(said(plan(again))).toBe("skip:unchanged_since_last_write");
    expect(said(plan({ ...again, raw: "Call Bob" }))).toBe(
      "write:Ben\n---\n[Jan 1, 2026] Call Ann\n---\n[Feb 21, 2026] Call Bob",
    );
  });
  test("compares the transformed value", () => {
    const state = { ...appended("Good"), lastRaw: 72 };
    const label = { ...changed, transform: "score_label", current: "Good", state, version: 2 } as const;
    expect(said(plan({ ...label, raw: 75 }))).toBe("skip:unchanged_since_last_write");
    expect(said(plan({ ...label, raw: 95 }))).toBe("write:Good\n---\nExcellent");
  });
  test("only the last one counts: back to an earlier value is a change", () =>
    expect(said(plan({ ...changed, raw: "a", current: "a\n---\nb", state: appended("a", "b"), version: 3 }))).toBe(
      "write:a\n---\nb\n---\na",
    ));
  test("still unchanged when a person removed our entry", () =>
    expect(said(plan({ ...changed, current: null, state: appended("Call Ann"), version: 2 }))).toBe(
      "skip:unchanged_since_last_write",
    ));
});

describe("append_max_entries", () => {
  const two = { ...add, maxEntries: 2, raw: "c", version: 3 } as const;
  test("drops the oldest of ours", () =>
    expect(plan({ ...two, current: "a\n---\nb", state: appended("a", "b") })).toMatchObject({
      ...{ send: "b\n---\nc", entries: [{ text: "b" }, { text: "c" }] },
    }));
  test("what people wrote does not count and is never dropped", () =>
    expect(said(plan({ ...two, current: "Ben\n---\na\n---\nEve\n---\nb\n---\nZoe", state: appended("a", "b") }))).toBe(
      "write:Ben\n---\nEve\n---\nb\n---\nZoe\n---\nc",
    ));
  test("an edited entry has become the person's", () =>
    expect(plan({ ...two, current: "a, says Ben\n---\nb", state: appended("a", "b") })).toMatchObject({
      ...{ send: "a, says Ben\n---\nb\n---\nc", entries: [{ text: "b" }, { text: "c" }] },
    }));
  test("one keeps the newest only", () =>
    expect(said(plan({ ...two, maxEntries: 1, current: "a\n---\nb", state: appended("a", "b") }))).toBe("write:c"));
});

describe("the property's length", () => {
  const short = { ...add, property: { lengthMax: 12 }, version: 3 } as const;
  test("is kept by dropping the oldest of ours", () =>
    expect(said(plan({ ...short, raw: "cc", current: "aa\n---\nbb", state: appended("aa", "bb") }))).toBe(
      "write:bb\n---\ncc",
    ));
  test("counts the markup of rich text", () =>
    expect(said(plan({ ...short, type: "rich_text", raw: "1<2", current: "Ben" }))).toBe("skip:does_not_fit"));
  test("a person's text is not cut to make room", () =>
    expect(plan({ ...short, raw: "cc", current: "Ben was here" })).toEqual({
      ...{ kind: "skip", reason: "does_not_fit" },
      detail: '"Target" takes at most 12 characters; there is no room for another entry.',
    }));
  test("an entry longer than the property does not fit", () =>
    expect(said(plan({ ...short, raw: "thirteen chars" }))).toBe("skip:does_not_fit"));
  test("an entry of exactly that length fits", () =>
    expect(said(plan({ ...short, raw: "twelve chars" }))).toBe("write:twelve chars"));
});

describe("held, refused, conditioned", () => {
  test("an undone append is held until the value changes", () => {
    const state = { ...appended("old"), hold: { value: "Call Ann" } };
    expect(said(plan({ ...add, current: "old", state, version: 2 }))).toBe("skip:held_after_undo");
    expect(said(plan({ ...add, current: "old", state, version: 3, raw: "Call Bob" }))).toBe("write:old\n---\nCall Bob");
  });
  test("a refused entry is not sent again", () => {
    const state = { ...freshState, parked: { value: "Call Ann", revision: 1, code: "value_refused" } };
    expect(said(plan({ ...add, state }))).toBe("skip:refused_before");
  });
  test("field_is_blank lets only the first entry in", () => {
    expect(said(plan({ ...add, condition: "field_is_blank" }))).toBe("write:Call Ann");
    expect(said(plan({ ...add, condition: "field_is_blank", current: "Ben" }))).toBe("skip:condition_not_met");
  });
});
