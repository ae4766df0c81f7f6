/** The answers that only the setup's components are tested with have the contract's shape as well. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { z } from "zod";
import { apiKeyCreated, apiKeyList } from "../../backend/contract/api-keys.ts";
import { scoringPreview, scoringSettings } from "../../backend/contract/skills.ts";
import { root } from "./package.ts";

const shapes: Record<string, z.ZodType> = {
  "api-key-created": apiKeyCreated,
  "api-keys": apiKeyList,
  scoring: scoringSettings,
  "scoring-preview": scoringPreview,
};
const folder = path.join(root, "tests/examples");

test.each(readdirSync(folder))("%s has the contract's shape, and nothing besides", (file) => {
  const shape = shapes[file.replace(".json", "")];
  expect(shape, "name its shape above").toBeDefined();
  const example: unknown = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
  expect(shape!.parse(example)).toEqual(example);
});
