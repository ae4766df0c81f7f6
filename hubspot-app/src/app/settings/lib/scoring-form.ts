/** A score's weights and limits as they are typed. Pure. */
import type { ScoringView } from "@pandora/hs-shared";
import type { ScoringChange } from "../api/workspace.ts";
import type { SettingsWords } from "../words/index.ts";

export type Item = ScoringView["items"][number];
export type NumberForm = { weights: Record<string, string>; thresholds: Record<string, string> };

export function numberFormOf(item: Item): NumberForm {
  return filled(item, ({ value }) => value);
}

/** Everything at what it is by default. */
export function usualForm(item: Item): NumberForm {
  return filled(item, (one) => one.default);
}

/** By place: "weights.activity", "thresholds.…", and "weights" for all of them. */
export function scoringFaults(form: NumberForm, item: Item, words: SettingsWords): Record<string, string> {
  const said = words.scoring;
  const faults: Record<string, string> = {};
  for (const { key } of item.weights) {
    if (!isNumberBetween(form.weights[key], 0, 100)) faults[`weights.${key}`] = said.weightFault;
  }
  if (item.weights.every(({ key }) => Number(form.weights[key]) === 0)) faults["weights"] = said.allZero;
  for (const { key, min, max } of item.thresholds) {
    if (!isNumberBetween(form.thresholds[key], min, max)) faults[`thresholds.${key}`] = words.numberBetween(min, max);
    const other = key.replace("_full_", "_none_");
    const limit = form.thresholds[other];
    if (other !== key && limit !== undefined && Number(form.thresholds[key]) >= Number(limit)) {
      faults[`thresholds.${key}`] ??= said.wrongOrder;
    }
  }
  return faults;
}

/** Only what differs from what is stored; null: nothing does. */
export function scoringChange(form: NumberForm, item: Item): ScoringChange | null {
  const differing = (list: { key: string; value: number }[], typed: Record<string, string>) =>
    Object.fromEntries(
      list.filter(({ key, value }) => Number(typed[key]) !== value).map(({ key }) => [key, Number(typed[key])]),
    );
  const weights = differing(item.weights, form.weights);
  const thresholds = differing(item.thresholds, form.thresholds);
  if (Object.keys(weights).length + Object.keys(thresholds).length === 0) return null;
  return { [item.score]: { weights, thresholds } };
}

function filled(item: Item, pick: (one: { value: number; default: number }) => number): NumberForm {
  const of = (list: { key: string; value: number; default: number }[]) =>
    Object.fromEntries(list.map((one) => [one.key, String(pick(one))]));
  return { weights: of(item.weights), thresholds: of(item.thresholds) };
}

function isNumberBetween(text: string | undefined, min: number, max: number): boolean {
  return text !== undefined && /^\d{1,4}(\.\d{1,3})?$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;
}
