/**
 * The apps as they stand inside the CRMs, each below its own address. What draws them lies with the apps and is loaded when
 * somebody first looks: neither `npm start` nor the demo's start pays for it.
 */
import type { House } from "../connections/house.ts";
import type { Answers } from "../http/server.ts";
import { type Api, createApi } from "./api.ts";
import type { DemoCrms } from "./crms.ts";
import { openHubSpotPreview } from "./preview-hubspot.ts";
import { openSalesforcePreview } from "./preview-salesforce.ts";

export type PreviewNeeds = {
  /** Where it is mounted, and where the demo is. */
  base: string;
  url: string;
  house: House;
  workspaceId: string;
  api: Api;
  crms: DemoCrms;
};

/** Address → what opens the preview there. */
const previews: Record<string, (needs: PreviewNeeds) => Promise<Answers>> = {
  "/hubspot": openHubSpotPreview,
  "/salesforce": openSalesforcePreview,
};

export type Previews = Answers & {
  takes(path: string): boolean;
  /** From now on there is something to show. */
  open(opened: { house: House; workspaceId: string; apiKey: string }): void;
};

export function createPreviews(url: string, crms: DemoCrms): Previews {
  let opened: Omit<PreviewNeeds, "base"> | null = null;
  const running = new Map<string, Promise<Answers>>();
  const baseOf = (path: string) =>
    Object.keys(previews).find((base) => path === base || path.startsWith(`${base}/`)) ?? null;
  return {
    takes: (path) => baseOf(path) !== null,
    open: ({ house, workspaceId, apiKey }) => {
      opened = { url, house, workspaceId, crms, api: createApi(url, apiKey) };
    },
    async fetch(request) {
      // Whoever is chosen on the page is signed for: another name for this machine (DNS rebinding) must not get at it.
      if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.get("host") ?? "")) {
        return new Response("Open the demo on localhost.", { status: 403 });
      }
      const base = baseOf(new URL(request.url).pathname);
      if (!opened || !base) return new Response("The demo is starting. Reload in a moment.", { status: 503 });
      const preview = running.get(base) ?? previews[base]!({ ...opened, base });
      running.set(base, preview);
      try {
        return await (await preview).fetch(request);
      } catch (error) {
        running.delete(base);
        return new Response(`The preview did not start: ${error instanceof Error ? error.message : String(error)}`, {
          status: 500,
        });
      }
    },
  };
}
