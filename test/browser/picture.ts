/**
 * Takes the README's picture: `npm run picture`. Starts the demo on a free port, waits for the page, and stores
 * docs/demo.png. With an address it looks at a running demo instead, and with a folder it stores pictures of all sizes
 * there: `npm run picture -- http://localhost:8787 shots`.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { runDemo } from "../../backend/demo/run.ts";
import { createTerminal } from "../../backend/demo/terminal.ts";
import { createLogger } from "../../backend/logger.ts";
import { freePort } from "../../backend/postgres-binaries.ts";
import { openBrowser } from "./browser.ts";

const [address, folder] = process.argv.slice(2);
const forReadme = fileURLToPath(new URL("../../docs/demo.png", import.meta.url));
const browser = await openBrowser();
try {
  if (address) await takeAll(browser, address, folder ?? path.dirname(forReadme));
  else await withDemo((url) => take(browser, url, forReadme, { height: 1290 }));
} finally {
  await browser.close();
}

type View = { width?: number; height?: number; dark?: boolean; whole?: boolean; path?: string };

async function takeAll(from: Browser, url: string, into: string): Promise<void> {
  await take(from, url, path.join(into, "wide.png"), { whole: true });
  await take(from, url, path.join(into, "wide-dark.png"), { whole: true, dark: true });
  await take(from, url, path.join(into, "phone.png"), { width: 390, height: 844, whole: true });
}

async function take(from: Browser, url: string, file: string, view: View): Promise<void> {
  const page = await from.newPage({
    viewport: { width: view.width ?? 1440, height: view.height ?? 900 },
    colorScheme: view.dark ? "dark" : "light",
  });
  page.on("pageerror", (error) => console.error(`The page failed: ${error.message}`));
  page.on("console", (line) => line.type() === "error" && console.error(`The page complains: ${line.text()}`));
  await page.goto(new URL(view.path ?? "/", url).href);
  await page.getByRole("table").nth(1).waitFor({ timeout: 30_000 });
  await page.screenshot({ path: file, fullPage: view.whole ?? false });
  await page.close();
  console.log(file);
}

async function withDemo(work: (url: string) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "pandora-picture-"));
  chmodSync(dataDir, 0o755);
  const demo = await runDemo({
    ...{ port: await freePort(), dataDir: path.join(dataDir, "data"), log: createLogger("error") },
    size: { deals: 2_000, companies: 600, contacts: 3_000 },
    terminal: createTerminal(process.stdout),
  });
  try {
    await work(demo.url);
  } finally {
    await demo.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
