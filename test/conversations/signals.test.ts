import fc from "fast-check";
import { expect, test } from "vitest";
import { signalsOf, tallyOf } from "../../backend/conversations/signals.ts";

const of = (text: string | null, summary: string | null = null) => signalsOf([tallyOf(summary), tallyOf(text)]);

test("nothing said gives nothing", () => {
  for (const none of [null, "", "  \n ", "…", "!!!"]) expect(of(none)).toBeNull();
});

test.each([
  ["Bob: This is great, we love it and are excited.", "good"],
  ["Bob: I am not happy, this is a problem and too slow.", "bad"],
  ["Bob: No problem. Not bad.", null],
  ["Bob: We don't love it.", "bad"],
  ["Bob: The office is on the third floor.", null],
])("%s is %s", (text, mood) => {
  const sentiment = of(text)!.sentiment;
  expect(sentiment === null ? null : sentiment > 0 ? "good" : "bad").toBe(mood);
});

test.each([
  ["Ada: Next step is a trial with your team.\nBob: Sounds good.", "Next step is a trial with your team.", true],
  ["Ada: I'll send you the offer on Friday.\nBob: Hm.", "I'll send you the offer on Friday.", null],
  ["Ada: Let's schedule a demo.\nBob: We have no budget right now.", "Let's schedule a demo.", false],
  ["Ada: We will call on Monday.\nAda: Next steps: send the contract.", "Next steps: send the contract.", null],
  ["Next steps:\nSend the contract to Bob by Friday.", "Send the contract to Bob by Friday.", null],
  ["Bob: We agreed on no next steps.", null, false],
  ["Dr. Bob Ray: I’ll introduce you to my boss. Ada: That works for me.", "I'll introduce you to my boss.", true],
  ["Bob: Nice weather.", null, null],
])("%j ends with %j, agreed: %j", (text, step, agreed) => {
  expect(of(text)).toMatchObject({ next_step: step, next_step_agreed: agreed });
});

test("what somebody wrote down goes before what was spoken; moods add up", () => {
  const both = of("Ada: I'll call you.\nBob: great", "Next step: contract on Friday. Bob is worried about the price.")!;
  expect(both.next_step).toBe("Next step: contract on Friday.");
  expect(both.sentiment).toBe(0);
  expect(both.words).toBe(of("Ada: I'll call you.\nBob: great")!.words + 11);
});

test("a next step has at most 200 characters and ends at a word", () => {
  const step = of(`Next step is ${"very ".repeat(80)}long`)!.next_step!;
  expect(step.length).toBeLessThanOrEqual(200);
  expect(step).toMatch(/very…$/);
});

test("whatever is said, the mood stays within -1 and 1 and nothing throws", () => {
  const word = fc.constantFrom(
    "great",
    "bad",
    "not",
    "never",
    "happy",
    "problem",
    "Bob:",
    "next step",
    ".",
    "\n",
    "’",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string())), (words) => {
      const signals = of(words.join(" "));
      if (signals === null) return;
      expect(Math.abs(signals.sentiment ?? 0)).toBeLessThan(1);
      expect((signals.next_step ?? "").length).toBeLessThanOrEqual(200);
      expect(signals.words).toBeGreaterThan(0);
    }),
  );
});
