/** A verdict holds exactly as long as it says: the sweep never has to look in between. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { gapSettingsDefaults } from "../../backend/contract/gap-settings.ts";
import { classify, type GapFacts } from "../../backend/gaps/classify.ts";

const now = new Date("2031-03-03T09:00:00Z");
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const facts: fc.Arbitrary<GapFacts> = fc.record({
  audience: fc.constantFrom("external", "external", "external", "internal", "unknown"),
  onlyIgnored: fc.constantFrom(false, false, false, true),
  onlyLeads: fc.boolean(),
  linked: fc.constantFrom(false, false, false, true),
  title: fc.constantFrom("Intro", "Weekly"),
  callType: fc.constantFrom(null, "demo"),
  startedAt: fc.integer({ min: -2400, max: 48 }).map(hours),
  durationMinutes: fc.constantFrom(null, 3, 5, 11, 21),
  externalPeople: fc.integer({ min: 0, max: 3 }),
  people: fc.integer({ min: 0, max: 5 }),
  openDeals: fc.constantFrom(0, 0, 1),
  deals: fc.constantFrom(0, 0, 2),
  openDealsNearby: fc.constantFrom(0, 0, 1),
  siblings: fc.constant(1),
  secondNewestAt: fc.constant(null),
});
const said = (of: GapFacts, at: Date) => {
  const { validUntil: _until, ...verdict } = classify(of, gapSettingsDefaults, at);
  return verdict;
};

test("until its moment a verdict stays the same, whenever one looks; without one it stays for good", () => {
  fc.assert(
    fc.property(facts, fc.integer({ min: 1, max: 5000 }), (of, later) => {
      const { validUntil } = classify(of, gapSettingsDefaults, now);
      const until = validUntil ?? hours(100_000);
      const at = new Date(Math.min(hours(later).getTime(), until.getTime() - 1));
      expect(said(of, at)).toEqual(said(of, now));
      expect(validUntil === null || validUntil > now).toBe(true);
    }),
    { seed: 7, numRuns: 2_000 },
  );
});

test("only leads are never high, and more open deals never make it more pressing", () => {
  fc.assert(
    fc.property(facts, (of) => {
      const severity = (more: Partial<GapFacts>) =>
        classify({ ...of, ...more }, gapSettingsDefaults, now).severity ?? 0;
      expect(severity({ onlyLeads: true })).toBeLessThan(3);
      expect(severity({ openDeals: 1, deals: 2 })).toBeLessThan(3);
    }),
    { seed: 7, numRuns: 1_000 },
  );
});
