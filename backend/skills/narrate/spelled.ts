/** Numbers written as words: "thirty-four", "twice", "a dozen". Pure. */

export type Spelled = { value: number; start: number; end: number };

const smallWords =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const tenWords = "twenty thirty forty fifty sixty seventy eighty ninety";
/** "first" is left out: it orders words more often than it counts. */
const ordinalWords = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth";

const small = new Map(smallWords.split(" ").map((word, value) => [word, value]));
const tens = new Map(tenWords.split(" ").map((word, n) => [word, (n + 2) * 10]));
const scales = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);
const alone = new Map([
  ...ordinalWords.split(" ").map((word, n): [string, number] => [word, n + 2]),
  ...Object.entries({ once: 1, single: 1, twice: 2, thrice: 3, couple: 2, dozen: 12, fortnight: 14 }),
  ...Object.entries({ double: 2, doubled: 2, triple: 3, tripled: 3, quadrupled: 4 }),
]);

/** @returns each number in order; `start` and `end` are places in the text */
export function spelledIn(text: string): Spelled[] {
  const words = [...text.matchAll(/\p{L}+/gu)].map((match) => ({
    word: singular(match[0].toLowerCase()),
    start: match.index,
    end: match.index + match[0].length,
  }));
  const found: Spelled[] = [];
  let at = 0;
  while (at < words.length) {
    const { word, start, end } = words[at]!;
    const before = words[at - 1]?.word ?? "";
    const after = words[at + 1]?.word ?? "";
    if (alone.has(word)) {
      if (word !== "once" || counts(before, after)) found.push({ value: alone.get(word)!, start, end });
      at += 1;
      continue;
    }
    const read = readFrom(words, at);
    if (!read) {
      at += 1;
      continue;
    }
    if (!(word === "one" && read.taken === 1 && isPronoun(before, after))) {
      found.push({ value: read.value, start, end: words[at + read.taken - 1]!.end });
    }
    at += read.taken;
  }
  return found;
}

/** The longest number that begins here: "one hundred and five", but "two three" are two. */
function readFrom(words: { word: string }[], from: number): { value: number; taken: number } | null {
  let total = 0;
  let current: number | null = null;
  let taken = 0;
  for (let at = from; at < words.length; at += 1) {
    const word = words[at]!.word;
    const unit: number | undefined = small.get(word) ?? tens.get(word);
    if (word === "and" && taken > 0 && (current === null || current % 100 === 0) && isPart(words[at + 1]?.word)) {
      continue;
    }
    if (unit !== undefined) {
      if (current !== null && !joins(current, unit)) break;
      current = (current ?? 0) + unit;
    } else if (word === "hundred") {
      current = (current ?? 1) * 100;
    } else if (scales.has(word)) {
      total += (current ?? 1) * scales.get(word)!;
      current = null;
    } else break;
    taken = at - from + 1;
  }
  return taken === 0 ? null : { value: total + (current ?? 0), taken };
}

function joins(current: number, unit: number): boolean {
  if (current === 0) return false;
  if (current % 100 === 0) return true;
  return current % 100 >= 20 && current % 10 === 0 && unit > 0 && unit < 10;
}

function isPart(word: string | undefined): boolean {
  return word !== undefined && (small.has(word) || tens.has(word));
}

function singular(word: string): string {
  return /^(hundred|thousand|million|billion|dozen|fortnight)s$/.test(word) ? word.slice(0, -1) : word;
}

/** "pushed once" counts, "once they agree" and "at once" do not. */
function counts(before: string, after: string): boolean {
  const opens = /^(the|a|an|you|they|he|she|it|we|there|this|that|these|those|your|their|his|her|its|our|all|every)$/;
  return before !== "at" && !opens.test(after);
}

/** "no one", "this one", "the one who": nobody counts there. */
function isPronoun(before: string, after: string): boolean {
  if (/^(no|this|that|each|every|which|any)$/.test(before)) return true;
  return after === "another" || (before === "the" && /^(who|that|which)$/.test(after));
}
