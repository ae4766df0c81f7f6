/** Each part of the bench is played with few records, so that nothing rots; its figures mean nothing here. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test("npm run bench prints a figure and its target for each part", { timeout: 300_000 }, async () => {
  const script = new URL("./run.ts", import.meta.url).pathname;
  const { stdout } = await run(process.execPath, [
    script,
    "sync",
    "skip-read",
    "pace",
    "skills",
    "sweep",
    "gaps",
    "--small",
  ]);
  const rows = stdout.split("\n").filter((line) => line.startsWith("| ") && /\| (yes|NO) \|/.test(line));
  expect(rows).toHaveLength(62);
  // What does not depend on size holds for few records too.
  expect(
    rows
      .filter((row) => /second sync|429 answers|second run|gaps: .* statements/.test(row))
      .every((row) => row.endsWith("| yes |")),
  ).toBe(true);
});

test("a bench that does not exist is refused, with the names of those that do", async () => {
  const script = new URL("./run.ts", import.meta.url).pathname;
  await expect(run(process.execPath, [script, "nonsense"])).rejects.toMatchObject({
    stderr: expect.stringContaining("Choose from: sync, skip-read, pace, memory, skills, sweep, gaps"),
  });
});
