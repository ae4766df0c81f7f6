/** The form of what counts as a call without a deal: numbers and lists as they are typed. Pure. */
import type { Settings } from "@pandora/hs-shared";
import type { SettingsChange } from "../api/workspace.ts";
import type { SettingsWords } from "../words/index.ts";
import { isDomain, listOf, textOf } from "./lists.ts";

/** Lowest and highest, and whether parts of one count. */
const numbers = {
  days_back: [1, 730],
  aging_days: [1, 365],
  stale_days: [1, 365],
  short_minutes: [0, 600, "decimals"],
  long_minutes: [0, 600, "decimals"],
  group_minutes: [0, 600, "decimals"],
  group_people: [1, 50],
  few_people: [1, 50],
  deal_opened_within_days: [0, 365],
  deal_closed_before_days: [0, 365],
  transcript_days: [1, 730],
} as const;
export type GapNumber = keyof typeof numbers;

export const gapLists = [
  "intro_words",
  "internal_words",
  "internal_domains",
  "ignored_domains",
  "ignored_company_types",
] as const;
export type GapList = (typeof gapLists)[number];

export const gapGroups: { group: "age" | "size" | "deals"; names: GapNumber[] }[] = [
  { group: "age", names: ["days_back", "aging_days", "stale_days", "transcript_days"] },
  { group: "size", names: ["short_minutes", "long_minutes", "group_minutes", "group_people", "few_people"] },
  { group: "deals", names: ["deal_opened_within_days", "deal_closed_before_days"] },
];

export type GapForm = Record<GapNumber | GapList, string>;

export function gapFormOf({ gaps, transcript_days }: Settings): GapForm {
  const typed = Object.fromEntries(
    Object.keys(numbers).map((name) => [
      name,
      String(name === "transcript_days" ? transcript_days : gaps[name as Exclude<GapNumber, "transcript_days">]),
    ]),
  );
  const lists = Object.fromEntries(gapLists.map((name) => [name, textOf(gaps[name])]));
  return { ...typed, ...lists } as GapForm;
}

export function gapFaults(form: GapForm, words: SettingsWords): Partial<Record<GapNumber | GapList, string>> {
  const said = words.conversations.gaps;
  const faults: Partial<Record<GapNumber | GapList, string>> = {};
  for (const [name, [min, max, parts]] of Object.entries(numbers) as [
    GapNumber,
    readonly [number, number, string?],
  ][]) {
    const text = form[name].trim();
    const isNumber = parts ? /^\d{1,3}(\.\d{1,2})?$/.test(text) : /^\d{1,3}$/.test(text);
    if (isNumber && Number(text) >= min && Number(text) <= max) continue;
    faults[name] = parts ? words.numberBetween(min, max) : words.wholeBetween(min, max);
  }
  for (const name of gapLists) {
    const items = listOf(form[name]);
    const isDomains = name.endsWith("domains");
    const wrong = isDomains ? items.find((item) => !isDomain(item)) : undefined;
    if (wrong) faults[name] = said.domainFault(wrong);
    else if (!isDomains && items.some((item) => item.length > 60)) faults[name] = said.wordFault(60);
    else if (items.length > (isDomains ? 200 : 50)) faults[name] = said.tooMany(isDomains ? 200 : 50);
  }
  return faults;
}

/** Only what differs from what is stored. */
export function gapChange(form: GapForm, stored: Settings): SettingsChange {
  const was = gapFormOf(stored);
  const gaps: Record<string, number | string[]> = {};
  for (const name of Object.keys(numbers) as GapNumber[]) {
    if (name !== "transcript_days" && form[name].trim() !== was[name]) gaps[name] = Number(form[name]);
  }
  for (const name of gapLists) {
    if (textOf(listOf(form[name])) !== was[name]) gaps[name] = listOf(form[name]);
  }
  const days = form.transcript_days.trim();
  return {
    ...(Object.keys(gaps).length > 0 ? { gaps: gaps as SettingsChange["gaps"] } : {}),
    ...(days === was.transcript_days ? {} : { transcript_days: Number(days) }),
  };
}
