/** Calls of the demo's sales team: most belong to a deal, some to none yet. Sent in through the API, like anybody's. */
import type { House } from "../connections/house.ts";
import type { Ingested } from "../contract/conversations.ts";
import type { GapSummary } from "../contract/gaps.ts";
import type { Tx } from "../db.ts";
import type { Api } from "./api.ts";
import { number, pause } from "./story.ts";

/** @returns what the finder made of them */
export async function callsArrive(
  house: House,
  workspaceId: string,
  api: Api,
  progress: (text: string) => void,
): Promise<GapSummary> {
  const calls = await house.db.withWorkspace(workspaceId, (tx) => drawCalls(tx, workspaceId, house.clock.now()));
  const { created } = await api.post<Ingested>("conversations", { conversations: calls });
  progress(`${number(created)} calls`);
  for (;;) {
    const open = await house.db.withWorkspace(
      workspaceId,
      (tx) => tx`select 1 from conversations where workspace_id = ${workspaceId} and dirty limit 1`,
    );
    if (open.length === 0) break;
    await pause(150);
  }
  const summary = await api.get<GapSummary>("conversations/without-deals/summary");
  const { high, medium, low } = summary.by_severity;
  progress(`${number(created)} calls, ${summary.pending} without a deal: ${high} high, ${medium} medium, ${low} low`);
  return summary;
}

type Company = {
  name: string;
  domain: string;
  open_deals: number;
  deals: number;
  people: { name: string; email: string }[];
};
type Rep = { name: string; email: string };
type Call = Record<string, unknown>;

async function drawCalls(tx: Tx, workspaceId: string, now: Date): Promise<Call[]> {
  const reps = await tx<Rep[]>`
    select name, email from crm_owners
    where workspace_id = ${workspaceId} and crm = 'hubspot' and active and email is not null order by owner_id`;
  const companies = await tx<Company[]>`
    select c.name, c.domain, count(d.crm_id) filter (where d.is_closed is not true)::int as open_deals,
      count(d.crm_id)::int as deals, k.people
    from companies c
    join lateral (
      select jsonb_agg(jsonb_build_object('name', k.name, 'email', k.email) order by k.crm_id) as people from contacts k
      where k.workspace_id = c.workspace_id and k.crm = c.crm and k.company_id = c.crm_id and k.email is not null
        and k.deleted_at is null
    ) k on k.people is not null
    left join deals d on d.workspace_id = c.workspace_id and d.crm = c.crm and d.company_id = c.crm_id
      and d.deleted_at is null
    where c.workspace_id = ${workspaceId} and c.crm = 'hubspot' and c.deleted_at is null and c.domain is not null
    group by c.crm_id, c.name, c.domain, k.people order by c.crm_id`;
  const day = (ago: number, hour: number) =>
    new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000 - ago * 86_400_000 + hour * 3_600_000);
  const calls: Call[] = [];
  const call = (title: string, daysAgo: number, minutes: number, guests: Rep[], summary: string) => {
    const n = calls.length;
    const rep = reps[n % reps.length]!;
    const begun = day(daysAgo, 8 + (n % 9));
    // Today's hours may still lie ahead.
    const startedAt = begun > now ? new Date(begun.getTime() - 86_400_000) : begun;
    calls.push({
      ...{ external_id: `demo-${n + 1}`, title, started_at: startedAt.toISOString(), duration_minutes: minutes },
      ...{ host_email: rep.email, url: `https://calls.example/${n + 1}`, summary },
      participants: [rep, ...guests].map(({ name, email }) => ({ name, email })),
    });
  };
  const take = (some: Company[], most: number) => some.slice(0, most);
  const guests = (company: Company, most: number) => company.people.slice(0, most);

  // With a deal that accounts for them: the everyday case.
  for (const [n, company] of take(
    companies.filter((each) => each.open_deals === 1 && each.deals === 1),
    60,
  ).entries()) {
    call(
      `${company.name}: ${talks[n % talks.length]}`,
      2 + (n % 40),
      25 + (n % 4) * 10,
      guests(company, 2),
      said[n % said.length]!,
    );
  }
  // Several open deals: nobody but the rep knows which.
  for (const [n, company] of take(
    companies.filter((each) => each.open_deals > 1),
    8,
  ).entries()) {
    call(`${company.name}: weekly catch-up`, 1 + n * 3, 30, guests(company, 2), said[(n + 1) % said.length]!);
  }
  // Known companies, nothing open: old customers who call again, and prospects nobody wrote down.
  for (const [n, company] of take(
    companies.filter((each) => each.open_deals === 0 && each.deals > 0),
    8,
  ).entries()) {
    call(
      `${company.name}: what is new`,
      10 + n * 4,
      15 + n,
      guests(company, 1),
      "They asked what has changed since last year.",
    );
  }
  for (const [n, company] of take(
    companies.filter((each) => each.deals === 0),
    5,
  ).entries()) {
    call(
      `Intro: ${company.name}`,
      16 + n,
      30,
      guests(company, 2),
      "First call. They will send a list of their requirements by Friday.",
    );
    call(
      `${company.name}: product demo`,
      9 + n,
      45,
      guests(company, 3),
      "Showed the product. Next step: pricing for 40 seats.",
    );
  }
  // Companies the CRM does not know: the truest gaps.
  for (const [n, { name, domain }] of strangers.entries()) {
    const people = ["Mara Lindqvist", "Tobias Okafor"].map((person) => ({
      name: person,
      email: `${person.split(" ")[0]!.toLowerCase()}@${domain}`,
    }));
    call(`Discovery call with ${name}`, 12 + n * 2, 40, people, "They have budget this quarter and want a proposal.");
    if (n < 2)
      call(`${name}: demo for the team`, 3 + n, 50, people, "Good questions about security. Follow-up next Tuesday.");
  }
  call(
    "Quick question from a webinar",
    4,
    8,
    [{ name: "Sam Rivera", email: "sam.rivera.home@gmail.com" }],
    "Asked for the slides.",
  );
  // Among ourselves: no gaps.
  for (let n = 0; n < 6; n += 1)
    call("Pipeline review", 3 + n * 7, 30, [reps[(n + 3) % reps.length]!], "Went through the forecast.");
  return calls;
}

const talks = ["demo follow-up", "security review", "pricing", "next steps", "contract questions"];
const said = [
  "They like the product and want to go ahead. Next step: send the contract on Monday.",
  "Concerned about the price; they are also talking to a competitor.",
  "Good call. We agreed to meet their IT team next week.",
  "They postponed the decision, budget is not approved yet.",
];
const strangers = [
  { name: "Halden Robotics", domain: "halden-robotics.example" },
  { name: "Corvid Analytics", domain: "corvid-analytics.example" },
  { name: "Bluepeak Logistics", domain: "bluepeak-logistics.example" },
];
