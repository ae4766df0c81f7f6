import { describe, expect, test } from "vitest";
import { freshState } from "../../backend/writes/planned.ts";
import { plan, said, wrote } from "./plan-setup.ts";

describe("no value", () => {
  test("null never wipes a CRM value", () => {
    expect(said(plan({ raw: null, current: "typed by Ben", state: wrote("ours") }))).toBe("skip:no_value");
    expect(said(plan({ raw: null, current: "ours", state: wrote("ours") }))).toBe("skip:no_value");
  });
  test("white space is no value", () => expect(said(plan({ raw: " \n " }))).toBe("skip:no_value"));
  test("a transform that leaves nothing leaves no value", () =>
    expect(said(plan({ raw: "   x", transform: "truncate:2", type: "text" }))).toBe("skip:no_value"));
  test("no value is said without reading", () =>
    expect(said(plan({ raw: null, current: undefined }))).toBe("skip:no_value"));

  describe("when_empty: clear", () => {
    const clear = { raw: null, whenEmpty: "clear" } as const;
    test("clears what is ours", () => {
      expect(plan({ ...clear, current: "ours", state: wrote("ours") })).toMatchObject({
        ...{ kind: "write", send: null, value: null, replaces: "ours" },
      });
    });
    test("leaves what a person wrote", () =>
      expect(said(plan({ ...clear, current: "typed by Ben", state: wrote("ours") }))).toBe("skip:no_value"));
    test("leaves what was there before us", () =>
      expect(said(plan({ ...clear, current: "typed by Ben" }))).toBe("skip:no_value"));
    test("has nothing to do where the property is blank", () =>
      expect(said(plan({ ...clear, current: " ", state: wrote("ours") }))).toBe("skip:already_current"));
    test("goes past condition and transform", () =>
      expect(
        said(plan({ ...clear, condition: "score_above:50", transform: "round:0", current: "7", state: wrote("7") })),
      ).toBe("write:null"));
    test("waits for a read", () => expect(said(plan({ ...clear, current: undefined }))).toBe("wait"));
    test("a clearing the CRM refused is not sent again", () => {
      const state = wrote("ours", { parked: { value: null, revision: 1, code: "value_refused" } });
      expect(said(plan({ ...clear, current: "ours", state }))).toBe("skip:refused_before");
      expect(said(plan({ ...clear, current: "ours", state, context: { retryRefused: true } }))).toBe("write:null");
    });
  });
});

describe("a failed read", () => {
  test.each(["overwrite", "never_overwrite", "append", "append_if_changed"] as const)("is never a write: %s", (mode) =>
    expect(said(plan({ mode, current: undefined, state: wrote("ours") }))).toBe("wait"),
  );
});

describe("the condition", () => {
  const score = { type: "number", raw: 70 } as const;
  test("score_above is strict", () => {
    expect(said(plan({ ...score, condition: "score_above:70" }))).toBe("skip:condition_not_met");
    expect(said(plan({ ...score, condition: "score_above:69.9" }))).toBe("write:70");
  });
  test("score_below is strict", () => {
    expect(said(plan({ ...score, condition: "score_below:70" }))).toBe("skip:condition_not_met");
    expect(said(plan({ ...score, condition: "score_below:70.1" }))).toBe("write:70");
  });
  test("looks at the raw value, not the transformed one", () => {
    expect(said(plan({ ...score, raw: 69.6, transform: "round:0", condition: "score_above:69.8" }))).toBe(
      "skip:condition_not_met",
    );
    expect(said(plan({ type: "text", raw: 95, transform: "score_label", condition: "score_above:90" }))).toBe(
      "write:Excellent",
    );
  });
  test("field_is_blank looks at the CRM property", () => {
    const blank = { condition: "field_is_blank" } as const;
    expect(said(plan({ ...blank, current: null }))).toBe("write:Call Ann");
    expect(said(plan({ ...blank, current: " \t\n" }))).toBe("write:Call Ann");
    expect(said(plan({ ...blank, current: "0" }))).toBe("skip:condition_not_met");
  });
  test("an empty paragraph is blank in rich text, and filled in plain text", () => {
    const blank = { condition: "field_is_blank", current: "<p>&nbsp;</p>" } as const;
    expect(said(plan({ ...blank, type: "rich_text" }))).toBe("write:Call Ann");
    expect(said(plan({ ...blank, type: "textarea" }))).toBe("skip:condition_not_met");
  });
  test("joined conditions must all be met", () => {
    const both = { ...score, condition: "score_above:60 and field_is_blank" };
    expect(said(plan({ ...both, current: null }))).toBe("write:70");
    expect(said(plan({ ...both, current: "12" }))).toBe("skip:condition_not_met");
    expect(said(plan({ ...both, raw: 60, current: null }))).toBe("skip:condition_not_met");
  });

  describe("score_changed_by", () => {
    const by10 = { type: "number", condition: "score_changed_by:10" } as const;
    test("is met where Pandora never wrote", () =>
      expect(said(plan({ ...by10, raw: 3, current: "2" }))).toBe("write:3"));
    test("counts from the last raw value written, up and down", () => {
      const state = wrote("50", { lastRaw: 50 });
      expect(said(plan({ ...by10, raw: 59, current: "50", state }))).toBe("skip:condition_not_met");
      expect(said(plan({ ...by10, raw: 60, current: "50", state }))).toBe("write:60");
      expect(said(plan({ ...by10, raw: 40, current: "50", state }))).toBe("write:40");
    });
    test("does not count from what the CRM holds", () =>
      expect(said(plan({ ...by10, raw: 52, current: "90", state: wrote("50", { lastRaw: 50 }) }))).toBe(
        "skip:condition_not_met",
      ));
    test("a failed or undone write does not count as written", () => {
      const undone = { ...freshState, lastRaw: 50, lastWritten: null };
      expect(said(plan({ ...by10, raw: 52, current: null, state: undone }))).toBe("write:52");
    });
    test("counts from the raw value where the written one is a label", () => {
      const state = wrote("Good", { lastRaw: 72 });
      const label = { ...by10, type: "text", transform: "score_label", state, current: "Good" } as const;
      expect(said(plan({ ...label, raw: 81 }))).toBe("skip:condition_not_met");
      expect(said(plan({ ...label, raw: 91 }))).toBe("write:Excellent");
    });
    test("a change of exactly n in decimals counts", () => {
      const state = wrote("0.2", { lastRaw: 0.2 });
      expect(said(plan({ ...by10, condition: "score_changed_by:0.1", raw: 0.3, current: "0.2", state }))).toBe(
        "write:0.3",
      );
    });
  });
});

describe("overwrite", () => {
  test("replaces whatever stands there", () =>
    expect(plan({ current: "typed by Ben" })).toMatchObject({ send: "Call Ann", replaces: "foreign" }));
  test("says whose value goes", () => {
    expect(plan({ current: null })).toMatchObject({ replaces: "nothing" });
    expect(plan({ current: "ours", state: wrote("ours") })).toMatchObject({ replaces: "ours" });
    expect(plan({ current: "typed by Ben", state: wrote("ours") })).toMatchObject({ replaces: "foreign" });
  });
  test("an equal value is counted, not written", () =>
    expect(said(plan({ current: "Call Ann" }))).toBe("skip:already_current"));

  describe("with keep_human_edits", () => {
    const keep = { keepHumanEdits: true } as const;
    test("a value from before Pandora is kept", () =>
      expect(said(plan({ ...keep, current: "typed by Ben" }))).toBe("skip:value_predates_pandora"));
    test("adopting overwrites it, this once", () => {
      expect(said(plan({ ...keep, current: "typed by Ben", context: { adopt: true } }))).toBe("write:Call Ann");
    });
    test("adopting does not touch what was changed since our write", () =>
      expect(said(plan({ ...keep, current: "typed by Ben", state: wrote("ours"), context: { adopt: true } }))).toBe(
        "skip:changed_in_crm",
      ));
    test("what someone changed since our write is kept", () =>
      expect(said(plan({ ...keep, current: "typed by Ben", state: wrote("ours") }))).toBe("skip:changed_in_crm"));
    test("what someone cleared stays cleared", () =>
      expect(said(plan({ ...keep, current: null, state: wrote("ours") }))).toBe("skip:changed_in_crm"));
    test("ours is replaced", () =>
      expect(said(plan({ ...keep, current: "ours", state: wrote("ours") }))).toBe("write:Call Ann"));
    test("ours in the CRM's own spelling is still ours", () =>
      expect(said(plan({ ...keep, type: "number", raw: 8, current: "7.0", state: wrote("7") }))).toBe("write:8"));
    test("a blank that was never ours is filled", () =>
      expect(said(plan({ ...keep, current: "  " }))).toBe("write:Call Ann"));
    test("an equal value is already current, whoever wrote it", () => {
      expect(said(plan({ ...keep, current: "Call Ann" }))).toBe("skip:already_current");
      expect(said(plan({ ...keep, current: "Call Ann", state: wrote("ours") }))).toBe("skip:already_current");
    });
  });

  describe("with skip_read", () => {
    const blind = { skipRead: true, current: undefined } as const;
    test("writes without knowing what stands there", () => expect(said(plan(blind))).toBe("write:Call Ann"));
    test("compares with the last value written", () =>
      expect(said(plan({ ...blind, state: wrote("Call Ann") }))).toBe("skip:already_current"));
    test("an undone write is not compared with", () =>
      expect(said(plan({ ...blind, state: { ...freshState, lastWritten: "Call Ann" } }))).toBe("write:Call Ann"));
  });
});

describe("never_overwrite", () => {
  const once = { mode: "never_overwrite" } as const;
  test("a value the rep typed survives only-if-blank", () =>
    expect(said(plan({ ...once, current: "typed by Ben" }))).toBe("skip:crm_value_present"));
  test("fills null, empty and white space", () => {
    for (const current of [null, "", "  \n"]) expect(said(plan({ ...once, current }))).toBe("write:Call Ann");
  });
  test("0 is not blank", () =>
    expect(said(plan({ ...once, type: "number", raw: 5, current: "0" }))).toBe("skip:crm_value_present"));
  test("false is not blank", () =>
    expect(said(plan({ ...once, type: "boolean", raw: "true", current: "false" }))).toBe("skip:crm_value_present"));
  test("an empty rich text is blank", () =>
    expect(said(plan({ ...once, type: "rich_text", current: "<div><br></div>" }))).toBe("write:Call Ann"));
  test("ours is not replaced either", () =>
    expect(said(plan({ ...once, current: "ours", state: wrote("ours") }))).toBe("skip:crm_value_present"));
});

describe("what the property can't take", () => {
  const options = [
    { value: "at_risk", label: "At Risk", active: true },
    { value: "good", label: "Good", active: true },
    { value: "old", label: "Old", active: false },
  ];
  const choice = { type: "enum", property: { options, restricted: true } } as const;
  test("an option named by its label is sent as its value", () =>
    expect(said(plan({ ...choice, raw: 12, transform: "score_label" }))).toBe("write:at_risk"));
  test("an option that is not in the list does not fit", () =>
    expect(plan({ ...choice, raw: "Superb" })).toEqual({
      ...{ kind: "skip", reason: "does_not_fit", detail: '"Target" has no option "Superb".' },
    }));
  test("a retired option does not fit", () => expect(said(plan({ ...choice, raw: "old" }))).toBe("skip:does_not_fit"));
  test.each([
    ["a text in a number", { type: "number", raw: "high" }],
    ["a text in an amount of money", { type: "currency", raw: "much" }],
    ["a text in a boolean", { type: "boolean", raw: "perhaps" }],
    ["a text in a date", { type: "date", raw: "soon" }],
    ["a text in a date and time", { type: "datetime", raw: "soon" }],
    ["more characters than the property takes", { type: "text", raw: "12345", property: { lengthMax: 4 } }],
    ["more digits than the property takes", { type: "number", raw: 12345, property: { precision: 4 } }],
    ["markup that makes it too long", { type: "rich_text", raw: "a<b", property: { lengthMax: 4 } }],
    ["anything in a read-only property", { type: "text", property: { writable: false, readOnlyReason: "A formula." } }],
  ] as const)("%s does not fit", (_name, given) => expect(said(plan(given))).toBe("skip:does_not_fit"));
  test("is said in words", () =>
    expect(plan({ type: "text", property: { writable: false, readOnlyReason: "A formula." } })).toMatchObject({
      detail: "A formula.",
    }));
});

describe("the form that is sent", () => {
  test("is rounded to the property's scale before it is compared", () => {
    expect(said(plan({ type: "number", raw: 61.4, property: { scale: 0 }, current: "61" }))).toBe(
      "skip:already_current",
    );
    expect(said(plan({ type: "number", raw: 61.5, property: { scale: 0 }, current: "61" }))).toBe("write:62");
  });
  test("a moment in a date property is its day in the workspace's zone", () =>
    expect(said(plan({ type: "date", raw: "2026-02-21T23:30:00.000Z" }))).toBe("write:2026-02-22"));
  test("rich text is escaped, its line breaks are markup", () =>
    expect(said(plan({ type: "rich_text", raw: "5 < 6\n& <b>no</b>" }))).toBe(
      "write:5 &lt; 6<br>&amp; &lt;b&gt;no&lt;/b&gt;",
    ));
  test("markup the CRM adds does not make a difference", () =>
    expect(said(plan({ type: "rich_text", raw: "one\ntwo", current: '<div class="x">one<br />two</div>' }))).toBe(
      "skip:already_current",
    ));
});

describe("held and refused", () => {
  test("an undone write is held until the value changes", () => {
    const state = { ...freshState, hold: { value: "Call Ann" } };
    expect(said(plan({ state }))).toBe("skip:held_after_undo");
    expect(said(plan({ state, raw: "Call Bob" }))).toBe("write:Call Bob");
  });
  test("a refused value is not sent again, another one is", () => {
    const state = { ...freshState, parked: { value: "Call Ann", revision: 1, code: "value_refused" } };
    expect(plan({ state })).toEqual({ kind: "skip", reason: "refused_before", detail: "value_refused" });
    expect(said(plan({ state, raw: "Call Bob" }))).toBe("write:Call Bob");
  });
  test("a changed mapping, or somebody who asks, tries it again", () => {
    const state = { ...freshState, parked: { value: "Call Ann", revision: 1, code: "value_refused" } };
    expect(said(plan({ state, revision: 2 }))).toBe("write:Call Ann");
    expect(said(plan({ state, context: { retryRefused: true } }))).toBe("write:Call Ann");
  });
});
