/** Opens pages in a real Chromium that comes from npm; root needs its sandbox off. */
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

export async function openBrowser(): Promise<Browser> {
  const args = [...chromium.args, "--no-sandbox", "--hide-scrollbars"];
  return playwright.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}
