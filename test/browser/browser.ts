/** Opens pages in a real Chromium that comes from npm; root needs its sandbox off. */
import { tmpdir } from "node:os";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

export async function openBrowser(): Promise<Browser> {
  // In one process the browser would end with its first page.
  const args = [...chromium.args.filter((arg) => arg !== "--single-process"), "--no-sandbox", "--hide-scrollbars"];
  const executablePath = await chromium.executablePath();
  // The fonts it brings along: a machine without a desktop has hardly any.
  const env = { ...process.env, FONTCONFIG_PATH: path.join(tmpdir(), "fonts") };
  return playwright.launch({ executablePath, args, env, headless: true });
}
