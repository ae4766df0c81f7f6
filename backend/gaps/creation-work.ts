/**
 * Works a creation off, step by step, under its lease: what a step did is stored before the next one begins, what is
 * sent is stored before it is sent. Whoever takes over a dead one's work reads the CRM first.
 */
import type { House, Lane } from "../connections/house.ts";
import { isPause } from "../connections/open-crm.ts";
import type { CreationWarning } from "../contract/creations.ts";
import { CrmError } from "../crm/errors.ts";
import type { Crm } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { addNote, linkAll } from "./creation-after.ts";
import { makeAll, makeDeal } from "./creation-deal.ts";
import { finishCreation, madeByRule } from "./creation-finish.ts";
import { isOverdue, isUncertain, nextStep, pauseMs, type StepName } from "./creation-next.ts";
import { planDeal } from "./creation-plan.ts";
import type { CreationRow, Steps, StoredError } from "./creation-row.ts";
import { endOf, LeaseLost, refusedBy, type StepContext, type StepEnd, warning } from "./creation-step.ts";
import { checkDuplicates, findCompany, makeCompany, makeContacts, readPeople } from "./creation-steps.ts";
import { type Change, companyBeingMade, endWork, keepStep, type Lease } from "./creation-store.ts";
import { dealLists, dropDealLists } from "./deal-lists.ts";

/** Longer than any call may take: while one is under way nobody takes over. */
export function creationLeaseMs(house: Pick<House, "config">): number {
  return house.config.requestTimeoutMs + house.config.leaseMs;
}

/** How long a step back from a connection that is away; reconnecting is looked for each minute besides. */
const awayMs = 60_000;

/** What a higher room does about a deal that was made by the rule, in the transaction that ends the work. */
export type DealTold = (
  tx: Tx,
  house: House,
  made: {
    workspaceId: string;
    conversationId: string;
    dealName: string;
    dealUrl: string | null;
    repEmail: string | null;
  },
) => Promise<void>;

/**
 * @param lease held by the caller; given back in any case but a crash
 * @param row as it stood when the lease was taken
 */
export async function workCreation(
  house: House,
  lane: Lane,
  lease: Lease,
  row: CreationRow,
  told: DealTold,
): Promise<void> {
  const work = new Work(house, lease, row, told);
  try {
    const crm = await house.openCrm(lease.workspaceId, row.crm, lane);
    for (;;) {
      const step = nextStep(row, crm.deals.createAll !== undefined);
      const end = step === "finish" ? await work.finish() : await work.perform(step, crm);
      if (end === "ended") return;
    }
  } catch (error) {
    if (error instanceof LeaseLost) return;
    // Not connected, or the day's calls are used up: nothing was sent by what threw this.
    if (isPause(error)) {
      const { code, status, public: message, retryAfterS } = error;
      if (code === "crm_quiet") return work.putOff(message, (retryAfterS ?? 3600) * 1000);
      return work.wait({ code, status, message, errors: [] });
    }
    await work.putOff("Something went wrong on our side.", undefined);
    throw error;
  }
}

class Work {
  private readonly house: House;
  private readonly lease: Lease;
  private readonly row: CreationRow;
  private readonly leaseMs: number;
  private readonly told: DealTold;

  constructor(house: House, lease: Lease, row: CreationRow, told: DealTold) {
    this.house = house;
    this.lease = lease;
    this.row = row;
    this.leaseMs = creationLeaseMs(house);
    this.told = told;
  }

  async perform(step: Exclude<StepName, "finish">, crm: Crm): Promise<"on" | "ended"> {
    const end = await this.attempt(step, crm);
    switch (end.kind) {
      case "done":
        this.learn(end.steps, end.warnings ?? []);
        if (end.keyIsUnique !== undefined) this.row.key_is_unique = end.keyIsUnique;
        await this.keep(dealOf(this.row));
        return "on";
      case "later":
        this.learn(end.steps ?? {}, []);
        await this.putOff(null, end.afterMs);
        return "ended";
      case "paused":
        await this.wait({ code: "needs_reconnect", status: 409, message: reconnectText, errors: [] });
        return "ended";
      case "failed":
        this.learn(end.steps ?? {}, []);
        if (isStale(end.error) && !this.row.steps.replanned) {
          // A property that was there minutes ago is gone, the key's maybe: once more, with what there is now.
          await dropDealLists(this.house, this.lease.workspaceId, crm);
          const { plan: _plan, ...rest } = this.row.steps;
          this.row.steps = { ...rest, replanned: true };
          return "on";
        }
        await this.end({ state: "failed", error: end.error });
        return "ended";
      case "unknown":
        await this.end({ state: "outcome_unknown", error: end.error });
        return "ended";
      default:
        return end satisfies never;
    }
  }

  /** Our own row, the conversation's link, the decision and the rest, with the end of the work, in one transaction. */
  async finish(): Promise<"ended"> {
    const { house, lease, row } = this;
    await house.db.withWorkspace(lease.workspaceId, async (tx) => {
      await finishCreation(tx, house, lease.workspaceId, row);
      await this.store(tx, { state: "done", error: null, ...dealOf(row) }, null);
      if (row.origin === "rule") await this.told(tx, house, await madeByRule(tx, lease.workspaceId, row));
    });
    house.log.info("gaps.deal_created", {
      ...{ workspaceId: lease.workspaceId, creationId: row.id, crm: row.crm, warnings: row.warnings.length },
    });
    return "ended";
  }

  /** For a person who brings the connection back; what was not begun is not kept waiting. */
  async wait(error: StoredError): Promise<void> {
    const begun = this.row.steps.deal?.id !== undefined || isUncertain(this.row);
    if (begun) await this.putOff(error.message, awayMs);
    else await this.end({ state: "failed", error });
  }

  /** Gives the work back until later, to a job; one that waited for too long ends. */
  async putOff(says: string | null, afterMs: number | undefined): Promise<void> {
    const { house, lease, row } = this;
    const now = house.clock.now();
    if (isOverdue(row, now)) return this.giveUp(says);
    const waitMs = pauseMs(row.attempts, afterMs, (house.random ?? Math.random)());
    await house.db.withWorkspace(lease.workspaceId, async (tx) => {
      if (!(await endWork(tx, lease, this.remembered({}), waitMs, house.clock.sqlNow()))) return;
      await enqueueWork(tx, house, lease.workspaceId, row.id, new Date(now.getTime() + waitMs));
    });
  }

  private async attempt(step: Exclude<StepName, "finish">, crm: Crm): Promise<StepEnd> {
    try {
      return await (step === "plan" ? this.plan(crm) : stepsByName[step](this.context(crm)));
    } catch (error) {
      // Of a read: whatever is sent says itself what its error means.
      if (!(error instanceof CrmError)) throw error;
      const made = this.row.steps.deal?.id !== undefined;
      return endOf(error, () =>
        made ? { kind: "later", afterMs: undefined } : { kind: "failed", error: refusedBy(error, null) },
      );
    }
  }

  /** Against the lists we keep; nobody is refused by what may be out of date. */
  private async plan(crm: Crm): Promise<StepEnd> {
    const { house, lease, row } = this;
    let lists = await dealLists(house, lease.workspaceId, crm);
    let planned = planDeal(row.request, lists.options, crm.deals.fields);
    if (!planned.ok && !lists.isFresh) {
      lists = await dealLists(house, lease.workspaceId, crm, true);
      planned = planDeal(row.request, lists.options, crm.deals.fields);
    }
    if (!planned.ok) {
      const message = "The CRM does not take the deal like this: each fault is listed.";
      return { kind: "failed", error: { code: "invalid_deal", status: 422, message, errors: planned.errors } };
    }
    const { plan, warnings } = planned;
    return { kind: "done", steps: { plan }, warnings, keyIsUnique: lists.key.unique };
  }

  private context(crm: Crm): StepContext {
    const { house, lease, row } = this;
    const now = () => house.clock.now();
    return {
      ...{ row, crm, now },
      intend: async (steps) => {
        this.learn(steps, []);
        const isDeal = "deal" in steps || "all" in steps;
        await this.keep(isDeal && row.state === "claimed" ? { state: "sent" } : {});
        if (isDeal) row.state = "sent";
      },
      intendCompany: (domain) =>
        house.db.withWorkspace(lease.workspaceId, async (tx) => {
          const since = new Date(now().getTime() - 3_600_000);
          const other = domain ? await companyBeingMade(tx, lease, row.crm, domain, since) : null;
          if (other !== null) return other;
          this.learn({ company: { ...row.steps.company, domain, sentAt: now().toISOString() } }, []);
          await this.store(tx, {}, this.leaseMs);
          return null;
        }),
      mirroredCompany: (domain) =>
        house.db.withWorkspace(lease.workspaceId, async (tx) => {
          const [found] = await tx<{ crm_id: string }[]>`
            select crm_id from companies
            where workspace_id = ${lease.workspaceId} and crm = ${row.crm} and domain = ${domain} and deleted_at is null
            order by last_activity_at desc nulls last, crm_id limit 1`;
          return found?.crm_id ?? null;
        }),
    };
  }

  private learn(steps: Partial<Steps>, warnings: CreationWarning[]): void {
    this.row.steps = { ...this.row.steps, ...steps };
    this.row.warnings = [...this.row.warnings, ...warnings];
  }

  private remembered(change: Change): Change {
    const { steps, warnings, key_is_unique } = this.row;
    return { steps, warnings, key_is_unique, ...change };
  }

  private async keep(change: Change): Promise<void> {
    await this.house.db.withWorkspace(this.lease.workspaceId, (tx) => this.store(tx, change, this.leaseMs));
  }

  private async end(change: Change): Promise<void> {
    await this.house.db.withWorkspace(this.lease.workspaceId, (tx) => this.store(tx, change, null));
    const code = change.error?.code ?? null;
    this.house.log.info("gaps.deal_not_created", {
      ...{ workspaceId: this.lease.workspaceId, creationId: this.row.id, crm: this.row.crm, code },
    });
  }

  /** @param leaseMs null: the work has ended. @throws LeaseLost */
  private async store(tx: Tx, change: Change, leaseMs: number | null): Promise<void> {
    const sqlNow = this.house.clock.sqlNow();
    const stored =
      leaseMs === null
        ? await endWork(tx, this.lease, this.remembered(change), null, sqlNow)
        : await keepStep(tx, this.lease, this.remembered(change), leaseMs, sqlNow);
    if (!stored) throw new LeaseLost(`creation ${this.row.id} is worked off by somebody else`);
  }

  private async giveUp(says: string | null): Promise<void> {
    const { row } = this;
    if (row.steps.deal?.id !== undefined) {
      const missing = [...(row.steps.links?.done ? [] : ["its company and contacts"]), ...noteMissing(row)];
      const message = `The CRM could not be reached for a day: ${missing.join(" and ")} may be missing on the deal.`;
      this.learn({}, [warning("incomplete", message)]);
      await this.finish();
      return;
    }
    const error: StoredError = isUncertain(row)
      ? { code: "outcome_unknown", status: 409, message: gaveUpText, errors: [] }
      : {
          code: "crm_unavailable",
          status: 503,
          message: `${says ?? "The CRM could not be reached."} ${again}`,
          errors: [],
        };
    await this.end({ state: isUncertain(row) ? "outcome_unknown" : "failed", error });
  }
}

const reconnectText =
  "The connection to the CRM was withdrawn. An admin has to reconnect it; then create the deal again.";
const gaveUpText =
  "The CRM could not be reached for a day, so nobody knows whether the deal was made. Look in the CRM, then link the " +
  "call to it or create it again.";
const again = "No deal was made; try again.";

function noteMissing({ request, steps }: CreationRow): string[] {
  return request.note && !steps.note?.done ? ["the note"] : [];
}

const stepsByName: Record<Exclude<StepName, "finish" | "plan">, (context: StepContext) => Promise<StepEnd>> = {
  find_company: findCompany,
  check: checkDuplicates,
  people: readPeople,
  all: makeAll,
  company: makeCompany,
  contacts: makeContacts,
  deal: makeDeal,
  links: linkAll,
  note: addNote,
};

function isStale({ errors }: StoredError): boolean {
  return errors.some(({ code }) => code === "unknown_property");
}

function dealOf({ steps }: CreationRow): Change {
  return steps.deal?.id ? { deal_id: steps.deal.id } : {};
}

/** The safety net, and what goes on when the work was put off. */
export async function enqueueWork(
  tx: Tx,
  house: Pick<House, "queue">,
  workspaceId: string,
  creationId: string,
  startAfter: Date,
): Promise<void> {
  const payload = { workspace_id: workspaceId, creation_id: creationId };
  await house.queue.enqueue(tx, { kind: "gaps.create-deal", payload, startAfter, priority: 10 });
}
