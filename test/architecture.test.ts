/** Holds the house's plan: which room may know which, where the drivers live, how long a file may be. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const planted = [
  ["jobs", 'import { createApp } from "../http/app.ts";\nexport const one = createApp;', "upward-from-jobs"],
  ["writes", 'import postgres from "postgres";\nexport const one = postgres;', "postgres-behind-the-guard"],
  ["skills", 'export * from "../simulator/faults.ts";', "simulator-is-for-demo-and-tests"],
  ["mirror", 'export * from "jsforce";', "jsforce-in-its-adapter"],
  ["contract", 'export * from "../errors.ts";', "contract-imports-zod-only"],
] as const;
/** Files that people read; a longer one does more than one thing. */
const linesMax = 320;

test("imports go downward, and each driver stays behind its own door", async () => {
  expect(await violations(["backend", "test"])).toEqual([]);
});

test("an import that goes upward, a driver out of its room and a simulator in the product are seen", async () => {
  // Planted in a copy: a rule that sees nothing would hold nothing.
  const copy = mkdtempSync(path.join(tmpdir(), "pandora-planted-"));
  try {
    for (const each of ["backend", ".dependency-cruiser.cjs", "tsconfig.json", "package.json"]) {
      cpSync(path.join(root, each), path.join(copy, each), { recursive: true });
    }
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
    for (const [room, text] of planted) writeFileSync(path.join(copy, "backend", room, "planted.ts"), `${text}\n`);
    const seen = await violations(["backend"], copy);
    for (const [room, , rule] of planted) expect(seen.join("\n")).toContain(`${rule}: backend/${room}/planted.ts`);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test("sql.begin is called in one place: the guard", () => {
  const callers = files(["backend", "test"]).filter((file) => /\bsql\w*\.begin\(/.test(codeOf(file)));
  expect(callers).toEqual(["backend/guarded-tx.ts"]);
});

test(`no file is longer than ${linesMax} lines, and none is called utils`, () => {
  const all = files(["backend", "test", "migrations"]);
  expect(all.length).toBeGreaterThan(150);
  expect(all.filter((file) => readFileSync(path.join(root, file), "utf8").split("\n").length - 1 > linesMax)).toEqual(
    [],
  );
  expect(all.filter((file) => /(^|\/)(utils?|helpers?|misc|common-utils)(\.\w+)?(\/|$)/.test(file))).toEqual([]);
});

test("no test is skipped or left for later", () => {
  const tests = files(["test"]).filter((file) => file.endsWith(".test.ts"));
  const waiting = tests.filter((file) => /\b(test|it|describe)\.(skip|todo|only|fails)\b/.test(codeOf(file)));
  expect(waiting).toEqual([]);
});

async function violations(folders: string[], cwd = root): Promise<string[]> {
  const tool = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = [tool, "--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders];
  const { stdout, stderr } = await run(process.execPath, args, { cwd, maxBuffer: 256 * 1024 * 1024 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  if (!stdout) throw new Error(`dependency-cruiser did not run: ${stderr}`);
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

type Violation = { rule: { name: string }; from: string; to: string };

/** Without comments, so that prose may name what code may not do. */
function codeOf(file: string): string {
  return readFileSync(path.join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}

function files(folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|cjs|js|css|html|sql)$/.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      .filter((file) => file !== "test/schema.sql"),
  );
}
