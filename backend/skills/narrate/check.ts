/** Decides whether a model's answer may stand: its shape, its words, its addresses, its numbers. Pure. */
import { z } from "zod";
import { lengthMax, type NarrationItem, riskKeys, textKeys, type Why } from "./item.ts";
import { foreignNumbers, knownNumbers } from "./numbers.ts";

export type Judged =
  | { ok: true; texts: Record<string, string>; main_risk: string }
  | {
      ok: false;
      why: Extract<Why, "not_json" | "wrong_shape" | "markup" | "foreign_address" | "wrong_numbers" | "wrong_outcome">;
    };

/**
 * @param content what the model said: text with JSON in it, or an object; from the cache: the stored answer
 * @returns the texts with their white space tidied, one for each text the rules have, or why the rules' text stands
 */
export function judge(item: NarrationItem, content: unknown): Judged {
  const answer = typeof content === "string" ? parseJson(content) : content;
  if (answer === undefined) return { ok: false, why: "not_json" };
  const parsed = answerOf(item).safeParse(answer);
  if (!parsed.success) return { ok: false, why: "wrong_shape" };
  const { main_risk, ...texts } = parsed.data as Record<string, string>;
  const said = Object.values(texts);
  if (said.some(hasMarkup)) return { ok: false, why: "markup" };
  const given = stringsOf(item.facts).concat(Object.values(item.rules));
  const addresses = new Set(given.flatMap(addressesIn));
  if (said.flatMap(addressesIn).some((address) => !addresses.has(address)))
    return { ok: false, why: "foreign_address" };
  const known = knownNumbers(item.facts, Object.values(item.rules));
  if (said.some((text) => foreignNumbers(text, known).length > 0)) return { ok: false, why: "wrong_numbers" };
  const outcomes = new Set(given.flatMap(outcomesIn));
  if (said.flatMap(outcomesIn).some((word) => !outcomes.has(word))) return { ok: false, why: "wrong_outcome" };
  return { ok: true, texts: { ...item.rules, ...texts }, main_risk: main_risk! };
}

function answerOf(item: NarrationItem): z.ZodType {
  const text = (key: string) =>
    z
      .string()
      .transform((value) => value.replace(/\s+/g, " ").trim())
      .pipe(z.string().min(1).max(lengthMax(key)));
  const texts = Object.fromEntries(textKeys(item).map((key) => [key, text(key)]));
  return z.strictObject({ ...texts, main_risk: z.enum(riskKeys(item)) });
}

/** Some servers wrap the object in a fence or a sentence; what is not an object at all is no answer. */
function parseJson(text: string): unknown {
  const inner = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  try {
    return JSON.parse(inner);
  } catch {
    return undefined;
  }
}

/** Markup of any kind, and characters that do not show: text is read as text wherever the CRM puts it. */
function hasMarkup(text: string): boolean {
  return /[<>`*#[\]{}|\\~]|__|&#?\w+;|[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(text.normalize("NFKC"));
}

/** E-mail addresses, links and bare host names, also spelled out ("x at evil dot test"). */
function addressesIn(given: string): string[] {
  const text = given.normalize("NFKC").toLowerCase();
  const patterns = [
    /[^\s@,;()"']*@[^\s@,;()"']*/gu,
    /[a-z][a-z0-9+.-]*:\/\/[^\s,;()"']+/gu,
    /(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu,
    /\S+ \(?dot\)? \p{L}{2,}/gu,
    /\b(?:mailto|tel|javascript|data):\S+/gu,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[0].replace(/[.!?:]+$/, "")));
}

function outcomesIn(text: string): string[] {
  return [...text.toLowerCase().matchAll(/(?<![a-z])(won|lost)(?![a-z])/g)].map((match) => match[1]!);
}

/** Every string of the facts, and the names of what is not empty: `won_deals: 3` speaks of deals won, `won_deals: 0` does not. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, each]) =>
    each ? [key.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("_", " "), ...stringsOf(each)] : [],
  );
}
