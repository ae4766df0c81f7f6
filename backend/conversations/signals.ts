/**
 * What was said, weighed by rules: mood and next step, from summary and transcript. English. The texts are untrusted:
 * they are counted, never followed. Pure.
 */

/** Counts of one text, kept with it, so that another text of the same meeting needs no second reading of this one. */
export type Tally = {
  words: number;
  positive: number;
  negative: number;
  next_step: string | null;
  next_step_agreed: boolean | null;
};

export type Signals = {
  /** -1 (bad) to 1 (good); null when no word of either kind fell. */
  sentiment: number | null;
  /** The sentence itself, at most 200 characters. */
  next_step: string | null;
  /** true: the others agreed, false: they put it off, null: not said. */
  next_step_agreed: boolean | null;
  words: number;
};

/** @returns null when nothing was said */
export function tallyOf(text: string | null): Tally | null {
  const sentences = sentencesOf(text ?? "");
  const words = sentences.map(wordsOf);
  const count = words.reduce((sum, each) => sum + each.length, 0);
  if (count === 0) return null;
  const moods = words.map(moodOf);
  return {
    words: count,
    positive: moods.reduce((sum, mood) => sum + mood.positive, 0),
    negative: moods.reduce((sum, mood) => sum + mood.negative, 0),
    ...nextStepOf(sentences),
  };
}

/**
 * @param tallies the summary first: somebody wrote down there what counts, so its next step goes before what was spoken
 * @returns null when nothing was said
 */
export function signalsOf(tallies: readonly (Tally | null)[]): Signals | null {
  const told = tallies.filter((tally) => tally !== null);
  if (told.length === 0) return null;
  const positive = told.reduce((sum, tally) => sum + tally.positive, 0);
  const negative = told.reduce((sum, tally) => sum + tally.negative, 0);
  const step = told.find((tally) => tally.next_step !== null);
  const loaded = positive + negative;
  return {
    // Two words more than there are: a single "great" is a good sign, not a certainty.
    sentiment: loaded === 0 ? null : Math.round(((positive - negative) / (loaded + 2)) * 100) / 100,
    next_step: step?.next_step ?? null,
    next_step_agreed:
      step?.next_step_agreed ?? told.find((tally) => tally.next_step_agreed !== null)?.next_step_agreed ?? null,
    words: told.reduce((sum, tally) => sum + tally.words, 0),
  };
}

const stepLength = 200;
/** Sentences beyond this serve no rule; a text of any length costs the same at most. */
const sentencesMax = 20_000;

const good = new Set(
  `amazing awesome excellent excited fantastic glad great happy helpful impressed impressive interested love loved
  perfect pleased promising thrilled useful valuable wonderful easy`.split(/\s+/),
);
const bad = new Set(
  `angry annoyed bad blocked blocker bug bugs cancel complicated concern concerned concerns confusing disappointed
  disappointing expensive frustrated frustrating hate issue issues poor problem problems risk risky slow stuck terrible
  unhappy worried worry difficult`.split(/\s+/),
);
/** Turns the next few words round: "not happy", "no problem", "isn't expensive". */
const negation =
  /^(no|not|never|without|hardly|isn't|wasn't|aren't|don't|doesn't|didn't|won't|can't|couldn't|haven't)$/;
const negationReach = 3;

const explicitStep = /\b(next steps?|action items?|follow[- ]?ups? (?:is|are|will|with|on|next|by)|to-?dos?)\b/i;
const plannedStep =
  /\b((?:i|we|you|they)(?:'ll| will| can) (?:send|share|schedule|set up|book|introduce|prepare|follow up|draft|call|meet|review)|let's (?:schedule|set up|book|meet|talk|plan|do)|(?:schedule|book|set up) (?:a|another|the) (?:call|demo|meeting|session|trial|pilot)|send (?:me|us|you|over|them) (?:the|a|an|over))\b/i;
const noStep = /\b(no|without|any|not sure (?:about|of)(?: the)?) next steps?\b/i;
const agreed =
  /\b(sounds (?:good|great|perfect)|works for (?:me|us)|agreed|let's do (?:it|that)|that works|deal|absolutely|confirmed|we're in|yes please|happy to|looking forward)\b/i;
const putOff =
  /\b(not (?:right )?now|not ready|not interested|no budget|get back to you|next (?:quarter|year)|circle back|think about it|on hold|not a (?:priority|fit)|let me check|too early)\b/i;

function sentencesOf(text: string): string[] {
  return text
    .replaceAll("’", "'")
    .split(/\r?\n|(?<=[.!?])\s+/)
    .slice(0, sentencesMax)
    .map((line) => line.replace(/^[\p{Lu}][\p{L}.' -]{0,60}:\s+/u, speakerOf).trim())
    .filter((line) => line !== "");
}

/** "Dr. Ada Lovelace: yes" loses the speaker; "Next steps: send it" keeps its heading. */
function speakerOf(prefix: string): string {
  return explicitStep.test(prefix) ? prefix : "";
}

function wordsOf(sentence: string): string[] {
  return sentence.toLowerCase().match(/[\p{L}\d]+(?:'[\p{L}]+)?/gu) ?? [];
}

function moodOf(words: readonly string[]): { positive: number; negative: number } {
  let positive = 0;
  let negative = 0;
  for (const [n, word] of words.entries()) {
    const kind = good.has(word) ? 1 : bad.has(word) ? -1 : 0;
    if (kind === 0) continue;
    const turned = words.slice(Math.max(0, n - negationReach), n).filter((one) => negation.test(one)).length % 2 === 1;
    // "Not bad" and "no problem" are calm, not praise; "not happy" is a complaint.
    if (kind === 1) {
      if (turned) negative += 1;
      else positive += 1;
    } else if (!turned) negative += 1;
  }
  return { positive, negative };
}

/** A sentence that says "next step" goes before one that only plans; among equals the last, for calls end with them. */
function nextStepOf(sentences: readonly string[]): { next_step: string | null; next_step_agreed: boolean | null } {
  if (sentences.some((line) => noStep.test(line))) return { next_step: null, next_step_agreed: false };
  let at = sentences.findLastIndex((line) => explicitStep.test(line));
  // A bare heading stands for the line under it.
  if (at >= 0 && wordsOf(sentences[at]!).length <= 3 && at + 1 < sentences.length) at += 1;
  if (at < 0) at = sentences.findLastIndex((line) => plannedStep.test(line));
  const step = sentences[at];
  if (step === undefined) return { next_step: null, next_step_agreed: null };
  return { next_step: shortened(step), next_step_agreed: answerTo(sentences.slice(at, at + 4)) };
}

/** The sentence itself and the next few: the last word on it counts. */
function answerTo(sentences: readonly string[]): boolean | null {
  const said = sentences.map((line) => (putOff.test(line) ? false : agreed.test(line) ? true : null));
  return said.findLast((one) => one !== null) ?? null;
}

function shortened(text: string): string {
  if (text.length <= stepLength) return text;
  const cut = text.slice(0, stepLength - 1);
  return `${cut
    .slice(0, Math.max(cut.lastIndexOf(" "), stepLength - 40))
    .toWellFormed()
    .trimEnd()}…`;
}
