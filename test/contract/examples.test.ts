/**
 * The examples are real answers of the API. The contract's shapes parse them here, the Lightning components' tests draw
 * them, and the Apex tests hold copies of them: so the three can't drift apart.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { z } from "zod";
import { alertList } from "../../backend/contract/alerts.ts";
import { autoCreate, autoCreateDryRun } from "../../backend/contract/auto-create.ts";
import { listOf } from "../../backend/contract/common.ts";
import { connection, importProgress } from "../../backend/contract/connections.ts";
import { creation } from "../../backend/contract/creations.ts";
import { crmPropertyList } from "../../backend/contract/crm-properties.ts";
import { dealOptions } from "../../backend/contract/deal-options.ts";
import { pandoraField } from "../../backend/contract/fields.ts";
import { filterChoices } from "../../backend/contract/filter-choices.ts";
import { crmSearchResult, gap, gapList, gapSummary, gapTrend } from "../../backend/contract/gaps.ts";
import { logList, undoResult } from "../../backend/contract/log.ts";
import { mapping, tryResult } from "../../backend/contract/mappings.ts";
import { memberList } from "../../backend/contract/members.ts";
import { notifications } from "../../backend/contract/notifications.ts";
import { problem } from "../../backend/contract/problem.ts";
import { recordCard } from "../../backend/contract/records.ts";
import { changeList, run, runList } from "../../backend/contract/runs.ts";
import { session } from "../../backend/contract/session.ts";
import { settings } from "../../backend/contract/settings.ts";
import { sourceList } from "../../backend/contract/sources.ts";
import { template } from "../../backend/contract/templates.ts";

const shapes: Record<string, z.ZodType> = {
  alerts: alertList,
  "auto-create": autoCreate,
  "auto-create-dry-run": autoCreateDryRun,
  changes: changeList,
  connection,
  creation,
  "crm-properties": crmPropertyList,
  "crm-search": crmSearchResult,
  "crm-search-contacts": crmSearchResult,
  "deal-options": dealOptions,
  "deal-options-new-account": dealOptions,
  fields: listOf(pandoraField),
  "filter-choices": filterChoices,
  "gap-created": gap,
  "gap-dismissed": gap,
  "gap-summary": gapSummary,
  "gap-trend": gapTrend,
  gaps: gapList,
  import: importProgress,
  log: logList,
  mappings: listOf(mapping),
  members: memberList,
  notifications,
  "problem-duplicate": problem,
  "problem-refused": problem,
  "record-card": recordCard,
  "run-done": run,
  "run-dry": run,
  "run-queued": run,
  runs: runList,
  session,
  settings,
  sources: sourceList,
  templates: listOf(template),
  "try-result": tryResult,
  "undo-result": undoResult,
};

const folder = new URL("../examples/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

for (const file of files) {
  test(`${file} has the contract's shape, and nothing besides`, () => {
    const shape = shapes[file.replace(".json", "")];
    expect(shape, "name its shape above").toBeDefined();
    const example: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    expect(shape!.parse(example)).toEqual(example);
  });
}

test("each shape has its example", () => {
  expect(Object.keys(shapes).filter((name) => !files.includes(`${name}.json`))).toEqual([]);
});
