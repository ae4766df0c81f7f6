/** The names of all jobs, what each carries, and how it queues. Handlers are wired in `handlers.ts`. */
import { z } from "zod";

const workspace = z.object({ workspace_id: z.uuid() });

export const jobKinds = {
  /** Cuts a run into units, page by page. */
  "run.enumerate": { payload: workspace.extend({ run_id: z.uuid(), cursor: z.string().nullable() }), slots: 2 },
  /** Works through some units of a run: lease, read, plan, intend, send, settle. */
  "run.units": { payload: workspace.extend({ run_id: z.uuid(), unit_keys: z.array(z.string()).min(1) }), slots: 8 },
  /** The same for Salesforce: at most one writer per object and connection, so one job per key runs at a time. */
  "run.units-in-turn": {
    payload: workspace.extend({ run_id: z.uuid(), unit_keys: z.array(z.string()).min(1) }),
    slots: 4,
    inTurn: true,
  },
  /** Settles what a cancelled run has in flight, then calls it cancelled. */
  "run.cancel": { payload: workspace.extend({ run_id: z.uuid() }), slots: 1 },
  /** A connection works again: paused runs go on. */
  "runs.resume": { payload: workspace.extend({ crm: z.enum(["hubspot", "salesforce"]) }), slots: 1 },
  /** Looks after writes whose sender died: expired leases with an intent pending. */
  "writes.recover": { payload: workspace, slots: 1, oneAtATime: true },
  /** A mapping's cron fell due. */
  "writeback.schedule": { payload: workspace.extend({ mapping_id: z.uuid() }), slots: 1 },
  /** A skill run finished: write what it and the other finished ones changed. */
  "writeback.run-finished": { payload: workspace.extend({ skill_run_id: z.uuid() }), slots: 2 },
  /** An org of Salesforce needs a key, or a newer one. */
  "connections.hand-over-key": { payload: workspace, slots: 1, oneAtATime: true },
  /** First import of one object, page by page. */
  "mirror.import": {
    payload: workspace.extend({ crm: z.enum(["hubspot", "salesforce"]) }),
    slots: 2,
    oneAtATime: true,
  },
  /** Changes since the last round. */
  "mirror.round": {
    payload: workspace.extend({ crm: z.enum(["hubspot", "salesforce"]) }),
    slots: 2,
    oneAtATime: true,
  },
  /** A webhook tells that records were deleted or merged. */
  "mirror.told": {
    payload: workspace.extend({
      crm: z.enum(["hubspot", "salesforce"]),
      told: z.array(
        z.object({
          kind: z.enum(["deleted", "merged"]),
          objectType: z.enum(["deal", "company", "contact"]),
          id: z.string(),
          losers: z.array(z.string()).default([]),
        }),
      ),
    }),
    slots: 2,
  },
  /** People whom the CRM deleted for good, on their own wish. */
  "privacy.forget": {
    payload: workspace.extend({ crm: z.enum(["hubspot", "salesforce"]), contact_ids: z.array(z.string()).min(1) }),
    slots: 1,
  },
  /** Runs a skill over its scope. */
  "skill.run": { payload: workspace.extend({ skill_run_id: z.uuid() }), slots: 2 },
  /** Conversations came or changed: link them, and see which are gaps. */
  "gaps.sweep": { payload: workspace, slots: 1, oneAtATime: true },
  /** Goes on with a deal whose maker died or was put off. */
  "gaps.create-deal": { payload: workspace.extend({ creation_id: z.uuid() }), slots: 4 },
  /** Makes the deals that the workspace's own rule asks for. */
  "gaps.auto-create": { payload: workspace, slots: 1, oneAtATime: true },
  /** What a vendor's webhook brought, sealed: it may hold what was said. */
  "source.delivery": { payload: workspace.extend({ source_id: z.uuid(), sealed: z.string() }), slots: 2 },
  /** Asks a source for what is new, page by page. */
  "source.pull": { payload: workspace.extend({ source_id: z.uuid() }), slots: 2, oneAtATime: true },
  /** Looks for what people should hear of: alerts that changed, gaps that turned high, digests and reports that are due. */
  "notify.look": { payload: workspace, slots: 1, oneAtATime: true },
  /** Sends one notice. */
  "notify.send": { payload: workspace.extend({ notice_id: z.uuid() }), slots: 2 },
  /** Housekeeping of one workspace: old request results, old log partitions. */
  "workspace.tidy": { payload: workspace, slots: 1, oneAtATime: true },
} as const satisfies Record<string, { payload: z.ZodType; slots: number; oneAtATime?: boolean; inTurn?: boolean }>;

export type JobKind = keyof typeof jobKinds;
export type JobPayload<K extends JobKind> = z.infer<(typeof jobKinds)[K]["payload"]>;

export type NewJob<K extends JobKind = JobKind> = {
  [Kind in K]: {
    kind: Kind;
    payload: JobPayload<Kind>;
    /** Not before this moment. */
    startAfter?: Date;
    /** With `oneAtATime` kinds: one waiting and one running job per key. */
    key?: string;
    /** Higher goes first; people waiting: 10, background: 0. */
    priority?: number;
  };
}[K];

export type Handlers = {
  [K in JobKind]: {
    run(payload: JobPayload<K>, signal: AbortSignal): Promise<void>;
    /** The job failed for the last time: leave a state a person understands. */
    givenUp?(payload: JobPayload<K>, error: unknown): Promise<void>;
  };
};
