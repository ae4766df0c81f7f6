/** One seeded schedule: people click, processes die, the CRM misbehaves; at the end one deal is there, and all of it. */
import type { Creation } from "../../backend/contract/creations.ts";
import { AppError } from "../../backend/errors.ts";
import { createDeal, getCreation } from "../../backend/gaps/creations.ts";
import type { Viewer } from "../../backend/gaps/gap-sight.ts";
import { onCreateDeal } from "../../backend/gaps/on-create-deal.ts";
import { type Fault, type FaultName, mulberry32 } from "../../backend/simulator/faults.ts";
import { type Call, type CreationWorld, told } from "../gaps/creation-world.ts";
import { Crash } from "./crash.ts";
import { auditCreation, type Seen } from "./creation-auditor.ts";
import { mortalHouse } from "./creation-crash.ts";

export type Report = {
  seed: number;
  faults: string[];
  crashes: number;
  tries: number;
  refusals: number;
  played?: { creation: Creation; call: Call; linkedTo: string | null; people: string[]; keys: string[]; open: number };
};

const troubles: FaultName[] = [
  "lost_reply",
  "lost_reply",
  "reset",
  "429",
  "500",
  "bad_row",
  "silent_drop",
  "expired_token",
];

/** What a person hears, and clicks again. */
const refusals = new Set(["crm_refused", "crm_unavailable", "needs_reconnect"]);

/** @param plant told to misbehave on purpose, to see that the auditor notices */
export async function playCreation(
  world: CreationWorld,
  seed: number,
  plant?: (title: string, dealId: string, key: string) => Promise<void>,
): Promise<Report> {
  const random = mulberry32(seed * 7919 + 13);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const call = await world.call({
    fresh: Math.floor(random() * 4),
    ...(random() < 0.3 ? { company: null } : {}),
  });
  const viewer: Viewer = {
    ...{ workspaceId: world.workspaceId, role: "admin", actor: "api_key:simulation" },
    user: { name: "Simulation", email: world.rep.email },
  };
  const report: Report = { seed, faults: [], crashes: 0, tries: 0, refusals: 0 };
  let latest: string | null = null;
  const act = async (calm: boolean) => {
    report.tries += 1;
    const dies = !calm && random() < 0.5;
    const plan = { step: 1 + Math.floor(random() * 26), after: random() < 0.5 };
    const house = dies ? mortalHouse(world.house, plan) : world.house;
    try {
      if (latest !== null && random() < 0.5) {
        await onCreateDeal(house, { workspace_id: world.workspaceId, creation_id: latest }, told);
      } else {
        const { creation } = await createDeal(house, viewer, call.id, { deal_name: `Deal of ${call.title}` }, told);
        latest = creation.creation_id;
      }
    } catch (error) {
      if (error instanceof Crash) report.crashes += 1;
      else if (error instanceof AppError && refusals.has(error.code)) report.refusals += 1;
      else throw error;
    }
    latest = (await world.rows(call)).findLast((row) => row.state !== "failed")?.id ?? null;
  };
  for (let attempt = 0; attempt < 40; attempt++) {
    const calm = attempt >= 5;
    if (!calm && random() < 0.6) {
      const fault: Fault = { name: pick(troubles), rate: 0.3 + random() * 0.5, times: 1 + Math.floor(random() * 3) };
      world.crm.faults.set([{ ...fault, on: pick(["writes", "all"]) }], seed + attempt);
    } else world.crm.faults.clear();
    await Promise.all(random() < 0.3 ? [act(calm), act(calm)] : [act(calm)]);
    const ended = (await world.rows(call)).some(({ state }) => state === "done" || state === "outcome_unknown");
    if (ended) break;
    world.clock.advance(Math.floor(random() * 100_000));
  }
  world.crm.faults.clear();
  if (latest === null) return { ...report, faults: ["nothing was made"] };
  const creation = await getCreation(world.house, viewer, latest);
  const { deal_id: linkedTo } = await world.conversation(call.id);
  const mine = await world.rows(call);
  await plant?.(call.title, creation.deal_crm_id!, mine.at(-1)!.deal_key);
  report.played = {
    ...{ creation, call, linkedTo, people: [...call.fresh, call.knownEmail], keys: mine.map((row) => row.deal_key) },
    open: mine.filter((row) => ["claimed", "sent"].includes(row.state)).length,
  };
  return report;
}

/** Looks at everything at once, when all schedules are over: what a late call did is seen too. */
export function auditAll(world: CreationWorld, reports: Report[]): string[] {
  const { crm } = world;
  const { name } = crm.deals.fields;
  const wanted = new Set(reports.map(({ played }) => `Deal of ${played?.call.title}`));
  const deals = Map.groupBy(
    crm
      .records("deal")
      .flatMap(({ id, properties }) => (wanted.has(properties[name] ?? "") ? [{ id, ...crm.dealAt(id)! }] : [])),
    (deal) => deal.properties[name] ?? "",
  );
  const email = world.type === "hubspot" ? "email" : "Email";
  const contacts = Map.groupBy(crm.records("contact"), (each) => each.properties[email] ?? "");
  const site = world.type === "hubspot" ? "domain" : "Website";
  const companies = Map.groupBy(crm.records("company"), (each) => each.properties[site] ?? "");
  const notes = Map.groupBy(crm.noteIds(), (id) => /pandora-[0-9a-f]{24}/.exec(crm.noteAt(id))?.[0] ?? "");
  return reports.flatMap(({ seed, played, faults: early }) => {
    if (!played) return early.map((fault) => `seed ${seed}: ${fault}`);
    const seen: Seen = {
      deals: deals.get(`Deal of ${played.call.title}`) ?? [],
      contacts: new Map(played.people.map((each) => [each, (contacts.get(each) ?? []).map(({ id }) => id)])),
      companies: (companies.get(played.call.domain) ?? []).map(({ id }) => id),
      notes: [...new Set(played.keys)].flatMap((key) => notes.get(key) ?? []),
    };
    const faults = [...early, ...auditCreation({ ...played, company: played.call.company }, seen)];
    if (played.open > 0) faults.push(`${played.open} creations are still open`);
    return faults.map((fault) => `seed ${seed}: ${fault}`);
  });
}
