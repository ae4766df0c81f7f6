/** What a skill is handed, and what it answers. Types, and the size of its pages. */
import type { Config } from "../config.ts";
import type { CrmType } from "../crm/port.ts";
import type { SkillName } from "./catalogue.ts";
import type { ScoringSettings } from "./weights.ts";

export type SkillPlan = {
  workspaceId: string;
  crm: CrmType;
  runId: string;
  /** UTC; days are counted to it. */
  now: Date;
  /** Only these records; null: all. */
  ids: string[] | null;
  scoring: ScoringSettings;
};

/** What a model wrote, by narration key; a missing key means the rules' text stands. */
export type KeptTexts = ReadonlyMap<string, Record<string, string>>;

export type SkillWork = SkillPlan & { texts: KeptTexts; config: Config };

export type SkillRunResult = {
  /** Analysed. */
  records: number;
  /** With values that changed. */
  changed: number;
  /** What the run has to say beyond values. */
  report: Record<string, unknown>;
  /** Skills whose facts it changed, with the records concerned. */
  again?: { skill: SkillName; ids: string[] }[];
};

/** Records are worked through in pages of so many: one query and one statement each. */
export const pageSize = 1_000;
