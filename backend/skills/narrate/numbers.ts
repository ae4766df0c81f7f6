/**
 * Holds a text's numbers to the facts. Each number, in digits or words, has to stand in the facts with the same unit:
 * 34 days are neither 34 weeks nor a score of 34. Where a spelling can be read in two ways, both have to be known: a
 * number refused by mistake costs nothing, the rules' text stands. Pure.
 */
import { datesIn } from "./dates.ts";
import { spelledIn } from "./spelled.ts";

/** Numbers as "34", "34 day", "40 %", "61 score"; dates as "2026-11-12" and "--11-12"; "a month". */
export type Known = ReadonlySet<string>;

const units = "day|week|month|quarter|year|hour|minute";
/** A number in digits, grouped or not; what follows it is read apart. */
const digits = /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*/g;
const factors: Record<string, number> = { k: 1e3, thousand: 1e3, m: 1e6, mn: 1e6, million: 1e6, hundred: 100 };
Object.assign(factors, { b: 1e9, bn: 1e9, billion: 1e9, dozen: 12 });
/** Stands for digits nobody here can read; no fact ever has it. */
const unreadable = "?";

/**
 * @param facts numbers, strings with numbers, and keys that tell the unit of a number (`daysIdle`, `probability`, `score`)
 * @param rules texts written from the same facts
 */
export function knownNumbers(facts: unknown, rules: string[]): Known {
  const known = new Set<string>();
  learn(known, "", JSON.parse(JSON.stringify(facts ?? null)));
  for (const text of rules) learn(known, "", text);
  known.delete(unreadable);
  return known;
}

/** @returns the numbers and dates of the text that are not known, as they stand in it; empty: all is well */
export function foreignNumbers(text: string, known: Known): string[] {
  return statedIn(text)
    .filter(({ readings }) => !readings.every((reading) => known.has(reading)))
    .map(({ said }) => said);
}

function learn(known: Set<string>, key: string, value: unknown): void {
  if (typeof value === "number") {
    for (const reading of readingsOfFact(key, Math.abs(value))) known.add(reading);
  } else if (typeof value === "string") {
    for (const { readings } of statedIn(value)) {
      for (const reading of readings) {
        known.add(reading);
        // "Score 61" lets the text say 61; "34 days" and "40 %" do not let it count 34 or 40 of something else.
        if (reading.endsWith(" score")) known.add(reading.split(" ")[0]!);
        // The same day may be told without its year, and its year alone.
        if (/^\d{4}-/.test(reading)) known.add(`-${reading.slice(4)}`).add(reading.slice(0, 4));
      }
    }
  } else if (Array.isArray(value)) {
    for (const each of value) learn(known, key, each);
  } else if (value !== null && typeof value === "object") {
    for (const [name, each] of Object.entries(value)) learn(known, name, each);
  }
}

function readingsOfFact(key: string, value: number): string[] {
  const words = key
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ")
    .toLowerCase();
  const readings = [String(value)];
  for (const [unit] of words.matchAll(new RegExp(`\\b(?:${units})(?=s?\\b)`, "g"))) readings.push(`${value} ${unit}`);
  if (/\bscore\b/.test(words)) readings.push(`${value} score`);
  const isShare = /\b(?:percent|share|rate|probability|ratio)\b/.test(words);
  if (isShare) readings.push(`${value} %`);
  if (value < 1 && (isShare || value > 0)) readings.push(`${Math.round(value * 100)} %`);
  if (value === 1 && isShare) readings.push("100 %");
  return readings;
}

type Stated = { readings: string[]; said: string };

/** Every number and date of a text, each with all its readings. */
function statedIn(given: string): Stated[] {
  let text = given.normalize("NFKC").replace(/\s/g, " ");
  const stated: Stated[] = [];
  const take = (start: number, end: number, readings: string[]) => {
    stated.push({ readings, said: text.slice(start, end).replace(/[ .]+$/, "") });
    text = text.slice(0, start) + "·".repeat(end - start) + text.slice(end);
  };
  for (const { readings, start, end } of datesIn(text)) take(start, end, readings);
  for (const match of text.matchAll(digits)) {
    const start = match.index;
    const rest = text.slice(start + match[0].length);
    const scale = /^(?:(k|mn?|bn?)|[ -]?(thousand|million|billion|hundred|dozen)s?)(?!\p{L})/iu.exec(rest);
    const factor = factors[(scale?.[1] ?? scale?.[2] ?? "").toLowerCase()] ?? 1;
    const values = valuesOf(match[0]).map((value) => Number((value * factor).toPrecision(15)));
    const end = start + match[0].length + (scale?.[0].length ?? 0);
    take(start, end, withUnit(values, text, start, end));
  }
  for (const { value, start, end } of spelledIn(text)) take(start, end, withUnit([value], text, start, end));
  for (const match of text.matchAll(/(?<!\p{L})half(?!\p{L})/giu)) take(match.index, match.index + 4, ["50 %"]);
  // "a month ago" is a claim as "30 days ago" is; only where the facts say it in these words.
  for (const match of text.matchAll(/(?<!\p{L})an? (day|week|month|year|decade)(?!\p{L})/giu)) {
    take(match.index, match.index + match[0].length, [`a ${match[1]!.toLowerCase()}`]);
  }
  for (const match of text.matchAll(/[^\P{N}0-9]+/gu)) take(match.index, match.index + match[0].length, [unreadable]);
  return stated;
}

function withUnit(values: number[], text: string, start: number, end: number): string[] {
  const unit = unitAfter(text.slice(end)) ?? unitBefore(text.slice(Math.max(0, start - 40), start));
  return values.map((value) => (unit ? `${value} ${unit}` : String(value)));
}

function unitAfter(rest: string): string | null {
  if (/^[ -]?(?:%|percent|per cent|pct|percentage)/i.test(rest)) return "%";
  // "34 to 40 days" and "34+ full days" count days too.
  const between = "\\+?(?: ?(?:to|or|and|[-–]) ?\\d+)?[ -]?(?:(?:full|whole|calendar|straight) )?";
  return new RegExp(`^${between}(${units})s?(?!\\p{L})`, "iu").exec(rest)?.[1]?.toLowerCase() ?? null;
}

function unitBefore(before: string): string | null {
  return /(?<!\p{L})scor(?:e|es|ed|ing)(?: (?:is|of|at|only|just|now|stands|has|a|to|dropped|fell|rose))*:? ?$/iu.test(
    before,
  )
    ? "score"
    : null;
}

/** English reading first: a comma groups, a dot divides; "3.125" may be thousands elsewhere and so has two values. */
function valuesOf(text: string): number[] {
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return [Number(text.replaceAll(",", ""))];
  if (/^\d{1,3}([ '’]\d{3})+([.,]\d+)?$/.test(text)) return [Number(text.replace(/[ '’]/g, "").replace(",", "."))];
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(text)) return [Number(text.replaceAll(".", "").replace(",", "."))];
  if (/^\d{1,3}\.\d{3}$/.test(text)) return [Number(text), Number(text.replace(".", ""))];
  if (/^\d{1,3}(\.\d{3}){2,}$/.test(text)) return [Number(text.replaceAll(".", ""))];
  if (/^\d+([.,]\d+)?$/.test(text)) return [Number(text.replace(",", "."))];
  return text.split(/[.,]/).map(Number);
}
