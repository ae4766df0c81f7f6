/** A small demo with a browser before it: what the tests of both apps begin with. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { vi } from "vitest";
import { type Api, createApi } from "../../backend/demo/api.ts";
import { type Demo, runDemo } from "../../backend/demo/run.ts";
import { createTerminal } from "../../backend/demo/terminal.ts";
import { createLogger } from "../../backend/logger.ts";
import { freePort } from "../../backend/postgres-binaries.ts";
import { openBrowser } from "./browser.ts";

export type DemoInBrowser = {
  demo: Demo;
  api: Api;
  /** @param path "/hubspot/home"; `as` is the person chosen on the preview's pages */
  open(path: string, as?: "admin" | "rep" | "viewer"): Promise<Page>;
  /** Takes a picture, for the README and the guides. */
  picture(page: Page, name: string, options?: { whole?: boolean }): Promise<void>;
  /** What the pages' scripts complained of. */
  complaints: string[];
  stop(): Promise<void>;
};

// Several waits of a page add up on a machine that does other things beside.
vi.setConfig({ testTimeout: 180_000 });

/** Taken each time, so that what takes them never rots; kept by `npm run pictures` alone, or each test run would change them. */
const kept = process.env["KEEP_PICTURES"] ? path.join(import.meta.dirname, "screenshots") : null;

export async function startDemoInBrowser(): Promise<DemoInBrowser> {
  const folder = mkdtempSync(path.join(tmpdir(), "pandora-browser-"));
  // The embedded database may run as another user.
  chmodSync(folder, 0o755);
  const pictures = kept ?? path.join(folder, "pictures");
  mkdirSync(pictures, { recursive: true });
  const demo = await runDemo({
    ...{ port: await freePort(), dataDir: path.join(folder, "data"), log: createLogger("silent") },
    size: { deals: 320, companies: 90, contacts: 320 },
    terminal: createTerminal({ write: () => true }),
  });
  const browser: Browser = await openBrowser();
  const complaints: string[] = [];
  return {
    demo,
    api: createApi(demo.url, demo.apiKey),
    complaints,
    async open(at, as) {
      const page = await browser.newPage({ viewport: { width: 1360, height: 960 }, reducedMotion: "reduce" });
      // Long enough for a machine that does other things beside.
      page.setDefaultTimeout(45_000);
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
      await page.goto(`${demo.url}${at}${as ? `?as=${as}` : ""}`);
      return page;
    },
    async picture(page, name, options = {}) {
      // What sticks to the top would else stand where the page was scrolled to.
      if (options.whole) await page.evaluate("scrollTo(0, 0)");
      await page.screenshot({
        ...{ path: path.join(pictures, `${name}.png`), fullPage: options.whole ?? false, animations: "disabled" },
      });
    },
    async stop() {
      await browser.close();
      await demo.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
