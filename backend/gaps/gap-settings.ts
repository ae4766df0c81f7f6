/** The workspace's rules for gaps, ready for use. */
import { type GapSettings, withGapDefaults } from "../contract/gap-settings.ts";

export type { GapSettings } from "../contract/gap-settings.ts";

/** @param settings the `settings` column of `workspaces` */
export function gapSettingsOf(settings: { gaps?: unknown } | null): GapSettings {
  return withGapDefaults(settings?.gaps);
}

/** True when one of the words or phrases stands in the text as a whole, letter case aside. */
export function holdsWord(text: string, words: readonly string[]): boolean {
  return words.some((word) => wordPattern(word).test(text));
}

const kept = new Map<string, RegExp>();

function wordPattern(word: string): RegExp {
  const found = kept.get(word);
  if (found) return found;
  const spelled = word.trim().split(/\s+/).map(escaped).join("\\s+");
  // \b knows ASCII only: "démo" would hold a "d".
  const made = new RegExp(`(?<![\\p{L}\\p{N}])${spelled}(?![\\p{L}\\p{N}])`, "iu");
  if (kept.size > 1_000) kept.clear();
  kept.set(word, made);
  return made;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
