/** What the doors of runs, log and connections call: the shapes, and the real ones. Main may hand in others. */
import type { Hono } from "hono";
import { disconnect, listConnections } from "../connections/disconnect.ts";
import type { House } from "../connections/house.ts";
import { startConnect } from "../connections/install.ts";
import { oauthRoutes } from "../connections/oauth-routes.ts";
import type { CrmType, ListOf, ObjectType } from "../contract/common.ts";
import type { Connection, ImportProgress } from "../contract/connections.ts";
import type { LogEntry, LogExportQuery, LogQuery } from "../contract/log.ts";
import type { PreviewRequest, TryResult } from "../contract/mappings.ts";
import type { Change, ChangesQuery, Run } from "../contract/runs.ts";
import { importProgress } from "../mirror/progress.ts";
import { listChanges } from "../writeback/changes.ts";
import { cancelRun, getRun, listRuns, resumeRun, retryFailed, startRun, undoRun } from "../writeback/runs.ts";
import { previewMapping, testMapping } from "../writeback/try-record.ts";
import { exportLog, listLog, undoWrite } from "../writes/log.ts";

export type RunStart = {
  kind: "sync" | "dry_run";
  mappingIds: string[] | null;
  objectTypes: ObjectType[] | null;
  trigger: string;
  initiatedBy: string;
  adopt?: boolean;
  recordIds?: { crm: CrmType; object_type: ObjectType; id: string }[];
};

type Paged = { limit: number; cursor?: string };

export type Services = {
  startRun(house: House, workspaceId: string, start: RunStart): Promise<Run>;
  getRun(house: House, workspaceId: string, runId: string): Promise<Run>;
  listRuns(house: House, workspaceId: string, query: Paged): Promise<ListOf<Run>>;
  listChanges(house: House, workspaceId: string, runId: string, query: ChangesQuery): Promise<ListOf<Change>>;
  cancelRun(house: House, workspaceId: string, runId: string, by: string): Promise<Run>;
  resumeRun(house: House, workspaceId: string, runId: string, by: string): Promise<Run>;
  undoRun(house: House, workspaceId: string, runId: string, by: string): Promise<Run>;
  retryFailed(house: House, workspaceId: string, runId: string, by: string): Promise<Run>;
  testMapping(
    house: House,
    workspaceId: string,
    mappingId: string,
    request: { crm_record_id: string | null; write: boolean; by: string },
  ): Promise<TryResult>;
  previewMapping(house: House, workspaceId: string, request: PreviewRequest): Promise<TryResult>;
  listLog(house: House, workspaceId: string, query: LogQuery): Promise<ListOf<LogEntry>>;
  /** CSV, line by line, the heading first. */
  exportLog(house: House, workspaceId: string, query: LogExportQuery): AsyncIterable<string>;
  undoWrite(house: House, workspaceId: string, logId: string, by: string): Promise<LogEntry>;
  startConnect(
    house: House,
    workspaceId: string,
    crm: CrmType,
    by: string,
    options: { loginHost?: string | null },
  ): { url: string };
  listConnections(house: House, workspaceId: string): Promise<Connection[]>;
  disconnect(
    house: House,
    workspaceId: string,
    crm: CrmType,
    options: { deleteData: boolean; by: string },
  ): Promise<void>;
  importProgress(house: House, workspaceId: string, crm: CrmType): Promise<ImportProgress>;
  /** Mounted at /oauth. */
  oauthRoutes(house: House): Hono;
};

/** The rooms themselves. `oauthRoutes` is usually replaced by main, which knows what to resume once connected. */
export const realServices: Services = {
  startRun,
  getRun,
  listRuns,
  listChanges,
  cancelRun,
  resumeRun,
  undoRun,
  retryFailed,
  testMapping,
  previewMapping,
  listLog,
  exportLog,
  undoWrite,
  startConnect,
  listConnections,
  disconnect,
  importProgress,
  oauthRoutes: (house) => oauthRoutes(house),
};
