/** A run in numbers and words. Pure. */
import type { CrmType, ObjectType, Run, Tally } from "@pandora/hs-shared";
import type { SettingsWords } from "../words/index.ts";

export function isLive({ status }: Pick<Run, "status">): boolean {
  return status === "queued" || status === "running" || status === "cancelling";
}

/** Polling goes on until nothing moves by itself: a paused run waits for a person. */
export function isStill(run: Run): boolean {
  return !isLive(run);
}

export function sum(counts: Partial<Record<string, number>>): number {
  return Object.values(counts).reduce((total: number, n) => total + (n ?? 0), 0);
}

export function leftAlone({ skipped }: Pick<Tally, "skipped">): number {
  return sum(skipped);
}

export function failed({ errors }: Pick<Tally, "errors">): number {
  return sum(errors);
}

/** Why values were not written, most frequent first. */
export function whys(tally: Pick<Tally, "skipped" | "errors">, words: SettingsWords): { text: string; n: number }[] {
  return [...Object.entries(tally.skipped), ...Object.entries(tally.errors)]
    .map(([code, n]) => ({ text: words.reasons[code] ?? words.runs.result.failed, n: n ?? 0 }))
    .filter(({ n }) => n > 0)
    .sort((one, two) => two.n - one.n);
}

/** How much of all is done, in percent; null while nobody can say. */
export function percentOf({ totals, eta_s, rate_per_s, status }: Run): number | null {
  if (status === "completed" || status === "completed_with_errors") return 100;
  if (eta_s === null || rate_per_s === null) return null;
  const all = totals.done + eta_s * rate_per_s;
  return all === 0 ? null : Math.min(99, Math.round((100 * totals.done) / all));
}

export function timeLeft(seconds: number, words: SettingsWords, number: (n: number) => string): string {
  if (seconds < 90) return words.runs.seconds(number(Math.max(1, Math.round(seconds))));
  if (seconds < 5_400) return words.runs.minutes(number(Math.round(seconds / 60)));
  return words.runs.hours(number(Math.round(seconds / 360) / 10));
}

/** "Deals", or "Deals, Salesforce": a run may write to both CRMs. */
export function placeOf(
  { crm_type, crm_object_type }: { crm_type: CrmType; crm_object_type: ObjectType },
  words: SettingsWords,
): string {
  const object = words.objects[crm_object_type];
  return crm_type === "hubspot" ? object : words.inSalesforce(object);
}

export function triggerWords(trigger: string, words: SettingsWords): string {
  const { triggers } = words.runs;
  if (trigger.startsWith("skill_run:")) return triggers.analysis;
  return (triggers as Record<string, string>)[trigger] ?? triggers.manual;
}
