/** Every combination of mode, type, condition, transform, value and state, against a short re-statement of DESIGN 3.1. */
import { describe, expect, test } from "vitest";
import type { PropertyType } from "../../backend/crm/port.ts";
import { freshState } from "../../backend/writes/planned.ts";
import { plan, said, wrote } from "./plan-setup.ts";

const modes = ["overwrite", "never_overwrite", "append", "append_if_changed"] as const;
const conditions = [null, "score_above:50", "score_below:50", "score_changed_by:10", "field_is_blank"] as const;
const histories = ["never", "stands"] as const;
const currents = ["not read", "null", "empty", "white space", "0", "false", "person", "ours", "equal"] as const;

type Sample = {
  raw: number | string;
  /** Sent form by transform; null = the property can't take it. */
  sends: Record<string, string | null>;
  person: string;
  /** What we wrote before, and the raw value behind it. */
  ours: string;
  lastRaw: number | string;
};

const options = ["Good", "72", "72.4", "Call", "Call Ann", "CALL ANN"].map((value) => ({
  value,
  label: value,
  active: true,
}));
const score = { raw: 72.4, lastRaw: 65 };
const words = { raw: "Call Ann", lastRaw: "Call Eve" };
const asText = { raw: "72.4", "round:0": "72", score_label: "Good", "truncate:2": "72", uppercase: "72.4" };
const number: Sample = { ...score, sends: { ...asText, score_label: null }, person: "12", ours: "65" };
const scoreText: Sample = { ...score, sends: asText, person: "typed by Ben", ours: "65" };
const wordText: Sample = {
  ...{ ...words, person: "typed by Ben", ours: "Call Eve" },
  sends: { raw: "Call Ann", "truncate:4": "Call", uppercase: "CALL ANN" },
};
const moment = { raw: "2026-02-21T23:30:00.000Z", lastRaw: "2026-02-01T10:00:00.000Z" };

const samples: Record<PropertyType, Sample[]> = {
  number: [number],
  currency: [number],
  text: [scoreText, wordText],
  textarea: [scoreText, wordText],
  rich_text: [scoreText, wordText],
  boolean: [
    {
      raw: "true",
      lastRaw: "false",
      sends: { raw: "true", uppercase: "true", "truncate:2": null },
      person: "yes",
      ours: "false",
    },
  ],
  date: [
    {
      ...{ ...moment, person: "2025-12-24", ours: "2026-02-01" },
      sends: { raw: "2026-02-22", date_only: "2026-02-22", "truncate:7": null },
    },
  ],
  datetime: [
    {
      ...{ ...moment, person: "2025-12-24T00:00:00.000Z", ours: "2026-02-01T10:00:00.000Z" },
      sends: { raw: moment.raw, date_only: "2026-02-22T00:00:00.000Z", "truncate:3": null },
    },
  ],
  enum: [
    { ...scoreText, sends: { ...asText, "truncate:1": null }, ours: "Good", person: "Call" },
    { ...wordText, sends: { ...wordText.sends, "truncate:1": null } },
  ],
  multi_enum: [{ ...wordText, sends: { ...wordText.sends, "truncate:1": null } }],
};

type Case = {
  mode: (typeof modes)[number];
  type: PropertyType;
  sample: Sample;
  transform: string;
  condition: (typeof conditions)[number];
  history: (typeof histories)[number];
  current: (typeof currents)[number];
  keep: boolean;
  /** Appends: the version was appended before. */
  known: boolean;
};

describe.each(modes)("%s", (mode) => {
  const textual: PropertyType[] = ["text", "textarea", "rich_text"];
  const types = mode.startsWith("append") ? textual : (Object.keys(samples) as PropertyType[]);
  test.each(types)("every combination into %s", (type) => {
    const wrong: string[] = [];
    let cases = 0;
    for (const each of combinations(mode, type)) {
      cases += 1;
      const got = said(plan(given(each)));
      const wanted = oracle(each);
      if (got !== wanted) wrong.push(`${JSON.stringify({ ...each, sample: each.sample.raw })}: ${got}, not ${wanted}`);
    }
    expect(cases).toBeGreaterThanOrEqual(180);
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

function* combinations(mode: Case["mode"], type: PropertyType): Generator<Case> {
  for (const sample of samples[type])
    for (const transform of Object.keys(sample.sends))
      for (const condition of conditions)
        for (const history of histories)
          for (const current of currents)
            for (const keep of mode === "overwrite" ? [false, true] : [false])
              for (const known of mode.startsWith("append") ? [false, true] : [false])
                yield { mode, type, sample, transform, condition, history, current, keep, known };
}

function given(one: Case): Parameters<typeof plan>[0] {
  const { mode, type, sample, transform, condition, keep } = one;
  const appends = mode.startsWith("append");
  const entries = appends && one.history === "stands" ? [{ text: sample.ours, value: sample.ours, version: 1 }] : [];
  const state = one.history === "never" ? freshState : wrote(sample.ours, { lastRaw: sample.lastRaw, entries });
  return {
    ...{ mode, type, transform, raw: sample.raw, version: one.known ? 1 : 2, keepHumanEdits: keep },
    ...(condition === null ? {} : { condition }),
    current: held(one),
    state: appends ? { ...state, lastVersion: one.known || one.history === "stands" ? 1 : null } : state,
    property: { options, restricted: type === "enum" || type === "multi_enum" },
  };
}

function held({ current, sample, transform }: Case): string | null | undefined {
  switch (current) {
    case "not read":
      return undefined;
    case "null":
      return null;
    case "empty":
      return "";
    case "white space":
      return " \n ";
    case "person":
      return sample.person;
    case "ours":
      return sample.ours;
    case "equal":
      return sample.sends[transform] ?? sample.person;
    default:
      return current;
  }
}

/** DESIGN 3.1, said again and shorter. */
function oracle(one: Case): string {
  const { mode, sample, condition } = one;
  const stands = held(one);
  if (stands === undefined) return "wait";
  const blank = stands === null || stands.trim() === "";
  const wroteIt = one.history === "stands";
  const raw = sample.raw;
  if (condition === "field_is_blank" && !blank) return "skip:condition_not_met";
  if (condition === "score_above:50" && !(typeof raw === "number" && raw > 50)) return "skip:condition_not_met";
  if (condition === "score_below:50" && !(typeof raw === "number" && raw < 50)) return "skip:condition_not_met";
  if (condition === "score_changed_by:10") {
    if (typeof raw !== "number") return "skip:condition_not_met";
    if (wroteIt && Math.abs(raw - (sample.lastRaw as number)) < 10) return "skip:condition_not_met";
  }
  const sends = sample.sends[one.transform]!;
  if (mode.startsWith("append")) {
    if (one.known) return mode === "append" ? "skip:already_appended" : "skip:unchanged_since_last_write";
    const line = one.type === "rich_text" ? "<br>" : "\n";
    return blank ? `write:${sends}` : `write:${stands.trim()}${line}---${line}${sends}`;
  }
  if (mode === "never_overwrite" && !blank) return "skip:crm_value_present";
  const equal = sends !== null && stands === sends;
  if (one.keep && !equal) {
    if (!wroteIt && !blank) return "skip:value_predates_pandora";
    if (wroteIt && stands !== sample.ours) return "skip:changed_in_crm";
  }
  if (equal) return "skip:already_current";
  return sends === null ? "skip:does_not_fit" : `write:${sends}`;
}
