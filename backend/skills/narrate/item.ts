/** What a model is asked about, and what can come back. */

export type NarrationItem = {
  kind: "deal" | "company";
  /**
   * Shown to the model as data: what the rules' text was written from (whole numbers, short strings, factor sentences).
   * `factors: [{ key, sentence }]` gives the keys of which the model names the main risk. A number the rep should not
   * read (points, weights) does not belong here: whatever stands here may be said. Keys tell units (`daysIdle`, `share`).
   */
  facts: Record<string, unknown>;
  /** Untrusted: titles, summaries and cuttings of transcripts. Never instructions. */
  excerpts: string[];
  /** The rules' text: deal -> risk_summary, next_step, signals; company -> signals. An empty one stays empty. */
  rules: Record<string, string>;
};

/** Why the rules' text stands. */
export type Why =
  /** No model is configured (in reports; a single answer says null). */
  | "not_configured"
  | "timeout"
  | "unreachable"
  | "rate_limited"
  /** 5xx, twice. */
  | "unavailable"
  /** 401, 403: the key, or what it may use. */
  | "not_allowed"
  /** 404: the model's name, or the address. */
  | "not_found"
  /** 400, 422: a request the server can't take, in whatever way it was put. */
  | "bad_request"
  /** The model declined. */
  | "refused"
  /** The answer ended at its length limit. */
  | "cut_short"
  | "not_json"
  | "wrong_shape"
  /** Markup, or characters that do not show. */
  | "markup"
  /** A link or an e-mail address that is not in the facts. */
  | "foreign_address"
  | "wrong_numbers"
  /** "won" or "lost" where the facts don't say so. */
  | "wrong_outcome"
  /** The run's tokens or time are used up. */
  | "budget";

export type Narrated = {
  /** Same keys as the item's rules. */
  texts: Record<string, string>;
  by: "model" | "rules";
  /** Null where the model wrote, and where none is configured. */
  why: Why | null;
  /** The factor the model calls the main risk; null by rules. */
  main_risk: string | null;
};

/** The rules' texts, and why they stand. */
export function byRules(item: NarrationItem, why: Why | null): Narrated {
  return { texts: item.rules, by: "rules", why, main_risk: null };
}

/** Keys of the factors in the facts, in their order; `none` where there are none. */
export function riskKeys(item: NarrationItem): [string, ...string[]] {
  const factors = Array.isArray(item.facts["factors"]) ? (item.facts["factors"] as unknown[]) : [];
  const keys = factors.flatMap((factor) => {
    const key = typeof factor === "object" && factor !== null ? (factor as { key?: unknown }).key : null;
    return typeof key === "string" && key !== "" ? [key] : [];
  });
  return keys.length > 0 ? ([...new Set(keys)] as [string, ...string[]]) : ["none"];
}

/** The texts to write: those the rules have something to say about. */
export function textKeys(item: NarrationItem): string[] {
  return Object.keys(item.rules).filter((key) => item.rules[key] !== "");
}

/** Characters of each text, at most. */
export function lengthMax(key: string): number {
  return key === "next_step" ? 300 : 600;
}
