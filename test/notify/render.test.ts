/** Mails on paper: words, numbers, and text from outside that stays text. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Gap } from "../../backend/contract/gaps.ts";
import type { DigestFacts, DigestPart } from "../../backend/notify/digest-facts.ts";
import type { Letter } from "../../backend/notify/letter.ts";
import { reportOf } from "../../backend/notify/look-syncs.ts";
import { renderDigest, renderHighGaps } from "../../backend/notify/render-gaps.ts";
import { renderMail, renderText } from "../../backend/notify/render-mail.ts";
import { renderAlert, renderDealCreated, renderSyncReport } from "../../backend/notify/render-work.ts";
import { count, momentOf, oneLine } from "../../backend/notify/words.ts";

const frame = {
  workspaceName: "Acme",
  why: "You get this because you are an admin in Pandora.",
  unsubscribeUrl: "https://pandora.test/unsubscribe/t",
  helpUrl: "https://pandora.test/help/notices",
};

function gap(more: Partial<Gap> = {}): Gap {
  return {
    ...{ conversation_id: "1", title: "Intro call", source: "gong", url: null, started_at: "2031-03-10T13:05:00Z" },
    ...{ duration_minutes: 30, days_since: 9, call_type: null, status: "pending", severity: "high" },
    ...{ severity_reason: "An intro call 9 days ago, and no open deal.", likely_cause: "deal_not_created" },
    ...{ rep: { name: "Rita", email: "rita@us.test" }, company: null, company_domain: "globex.com", companies: [] },
    ...{ participants: [], participants_count: 0, open_deals: [], open_deals_hidden: 0, closed_deals: 0, contacts: 0 },
    ...{ last_won_at: null, deal: null, decision: null, being_created_by: null, prefill: null },
    ...more,
  };
}

function part(more: Partial<DigestPart> = {}): DigestPart {
  const none = {
    pending: 0,
    by_severity: { high: 0, medium: 0, low: 0 },
    top: [],
    created: 0,
    linked: 0,
    dismissed: 0,
  };
  return { ...none, estimate: "1 call without a deal.", by_rep: [], ...more };
}

const week = { since: "2031-03-09T23:00:00Z", until: "2031-03-16T23:00:00Z" };

test("one and many read as English", () => {
  expect([count(0, "call"), count(1, "call"), count(1200, "call")]).toEqual(["0 calls", "1 call", "1,200 calls"]);
  expect(renderHighGaps([gap()], 1, "UTC").heading).toBe("1 call without a deal has become pressing");
  const two = [gap(), gap({ conversation_id: "2" })];
  expect(renderHighGaps(two, 2, "UTC").heading).toBe("2 calls without a deal have become pressing");
  const six = Array.from({ length: 6 }, (_, n) => gap({ conversation_id: `${n}` }));
  expect(renderText(renderHighGaps(six, 6, "UTC"))).toContain("And 1 more call.");
  expect(renderText(renderHighGaps(six, 30, "UTC"))).toContain("And 25 more calls.");
});

test("a call is told by company, title, moment where the workspace is, length, age and reason", () => {
  const text = renderText(renderHighGaps([gap()], 1, "Europe/Berlin"));
  expect(text).toContain(
    "* [high] globex.com: Intro call\n  Mon, Mar 10, 2:05 PM, 30 minutes, 9 days ago\n  An intro call",
  );
  const bare = gap({ company_domain: null, duration_minutes: null, days_since: 0, severity_reason: null });
  expect(renderText(renderHighGaps([bare], 1, "UTC"))).toContain(
    "No company in the CRM: Intro call\n  Mon, Mar 10, 1:05 PM, today",
  );
});

test("a subject names no person and no company", () => {
  const facts: DigestFacts = { ...week, own: part({ pending: 1, top: ["1"] }), team: null };
  const letters: Letter[] = [
    renderHighGaps([gap({ title: "Secret", company_domain: "globex.com" })], 1, "UTC"),
    renderDigest(facts, new Map([["1", gap()]]), "UTC"),
    renderDealCreated({
      dealName: "Globex: intro",
      dealUrl: null,
      call: { title: "Secret", startedAt: new Date() },
      timeZone: "UTC",
    }),
  ];
  for (const { subject } of letters) expect(subject).not.toMatch(/globex|secret|rita/i);
});

test("a digest of calls alone, of decisions alone, and of a team", () => {
  const own = renderDigest(
    { ...week, own: part({ pending: 2, top: ["1"] }), team: null },
    new Map([["1", gap()]]),
    "Europe/Berlin",
  );
  expect(own.subject).toBe("Your week: 2 calls of yours without a deal");
  expect(renderText(own)).toContain("Last week (Mon, Mar 10 – Sun, Mar 16): 0 deals created");
  const done = renderDigest({ ...week, own: part({ created: 1, linked: 2 }), team: null }, new Map(), "UTC");
  expect([done.subject, done.heading]).toEqual(["Your week: no call without a deal", "Every call has its deal"]);
  expect(renderText(done)).toContain("1 deal created, 2 calls linked to a deal, 0 dismissed.");
  const team = part({
    pending: 3,
    by_rep: [
      { rep: "Rita", pending: 2, high: 1 },
      { rep: null, pending: 1, high: 0 },
    ],
  });
  const both = renderText(renderDigest({ ...week, own: part({ created: 1 }), team }, new Map(), "UTC"));
  expect(both).toContain("3 calls of the team without a deal");
  expect(both).toContain("By rep\n------\n\nRita: 2 (1 high)\nNo rep known: 1");
});

test("an alert says since when, and once over that nothing is left to do", () => {
  const told = { title: "A mapping is stopped", message: "Choose another.", since: new Date("2031-03-10T13:05:00Z") };
  const open = renderAlert({ ...told, state: "open", until: null }, "UTC");
  expect([open.subject, renderText(open)]).toEqual([
    told.title,
    expect.stringContaining("Since: Mon, Mar 10, 1:05 PM"),
  ]);
  const over = renderAlert({ ...told, state: "over", until: new Date("2031-03-10T15:00:00Z") }, "UTC");
  expect(over.subject).toBe("Solved: A mapping is stopped");
  expect(renderText(over)).toContain("You need not do anything.");
});

test("a sync report adds its runs up, the most frequent reason first", () => {
  const at = (minutes: number) => new Date(Date.parse("2031-03-10T06:00:00Z") + minutes * 60_000);
  const report = reportOf([
    { status: "completed", finished_at: at(9), totals: { written: 2, skipped: { no_value: 1, changed_in_crm: 2 } } },
    {
      status: "completed_with_errors",
      finished_at: at(5),
      totals: { written: 1, errors: { record_gone: 1 }, skipped: { no_value: 4 } },
    },
    { status: "cancelled", finished_at: at(7), totals: {} },
  ])!;
  expect(report).toMatchObject({
    runs: 3,
    written: 3,
    skipped: { no_value: 5, changed_in_crm: 2 },
    errors: { record_gone: 1 },
    cancelled: 1,
  });
  const text = renderText(renderSyncReport(report, "Title", "UTC"));
  expect(text).toContain("3 scheduled syncs up to Mon, Mar 10, 6:09 AM; 1 sync cancelled.");
  expect(text.indexOf("no value for this record yet: 5")).toBeLessThan(text.indexOf("last write: 2"));
  expect(
    reportOf([{ status: "completed", finished_at: at(0), totals: { already_current: 9, skipped: { no_value: 1 } } }]),
  ).toBe(null);
});

test("whatever stands in a title, a name or a link: HTML stays text, a subject is one line, and only pages are linked", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "<script>alert(1)</script>",
      '"><img src=x onerror=alert(1)>',
      "a\r\nBcc: eve@x.test",
      "javascript:alert(1)",
      "</td></table>",
    ),
  );
  const allowed = new Set([
    ...[
      "!doctype",
      "html",
      "head",
      "meta",
      "title",
      "body",
      "table",
      "tr",
      "td",
      "b",
      "h1",
      "h2",
      "p",
      "a",
      "div",
      "span",
    ],
  ]);
  fc.assert(
    fc.property(nasty, nasty, nasty, (title, company, url) => {
      const letter = renderHighGaps([gap({ title, company_domain: company, url, severity_reason: company })], 1, "UTC");
      const mail = renderMail({ ...letter, subject: title }, { ...frame, workspaceName: company });
      for (const [, tag] of mail.html.matchAll(/<\/?([!\w]+)/g)) expect(allowed.has(tag!)).toBe(true);
      for (const [, attribute] of mail.html.matchAll(/<[^>]*\s(on\w+)=/g)) expect(attribute).toBe(undefined);
      for (const [, href] of mail.html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//);
      expect(mail.subject).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 300 },
  );
});

test("words are cut between whole characters, and a moment has no odd spaces", () => {
  expect(oneLine("  a\n\tb  ")).toBe("a b");
  expect(oneLine("👩‍👩‍👧‍👦".repeat(5), 3)).toBe(`${"👩‍👩‍👧‍👦".repeat(2)}…`);
  expect(momentOf(new Date("2031-11-02T05:30:00Z"), "America/New_York")).toBe("Sun, Nov 2, 1:30 AM");
});
