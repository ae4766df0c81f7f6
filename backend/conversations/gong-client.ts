/** Gong's API: users, calls and transcripts. Source: Gong API v2, read 2026-11-22. */
import { z } from "zod";
import { callVendor, jsonOf, SourceFault, type SourceHouse, type VendorRequest, vendorUrls } from "./vendor-http.ts";

export type GongKeys = { baseUrl: string; accessKey: string; accessKeySecret: string };
export type GongPage = { items: unknown[]; cursor: string | null };

/** Gong allows three calls a second. */
const everyMs = 334;

/** @returns a client that keeps Gong's pace; each page function answers `{ items, cursor }`, null at the end */
export function gongClient(house: SourceHouse, keys: GongKeys) {
  let nextAt = 0;
  const call = async (what: string, path: string, key: string, body?: object): Promise<GongPage> => {
    const now = house.clock.now().getTime();
    const waitMs = Math.max(0, nextAt - now);
    nextAt = now + waitMs + everyMs;
    await house.clock.sleep(waitMs);
    const request: VendorRequest = {
      ...{ vendor: "Gong", what, url: `${keys.baseUrl}/v2${path}`, method: body ? "POST" : "GET" },
      headers: {
        authorization: `Basic ${Buffer.from(`${keys.accessKey}:${keys.accessKeySecret}`).toString("base64")}`,
      },
      body,
    };
    const answer = await callVendor(house, request);
    // An empty window is "not found" to Gong; for transcripts it may also mean "not ready yet".
    if (answer.status === 404) return { items: [], cursor: null };
    if (answer.status === 401 || answer.status === 403) {
      throw new SourceFault(
        "key_refused",
        `Gong refuses us the ${what}: the access key is wrong or lacks that permission.`,
      );
    }
    const told = page.safeParse(answer.status === 200 ? jsonOf(request, answer) : null);
    if (!told.success) {
      throw new SourceFault("rejected", `Gong did not take our question for the ${what} (${answer.status}).`);
    }
    const items = told.data[key];
    return { items: Array.isArray(items) ? items : [], cursor: told.data.records?.cursor || null };
  };
  return {
    users: (cursor: string | null) =>
      call("users", `/users${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`, "users"),
    calls: (window: { from: string; to: string }, cursor: string | null) =>
      call("calls", "/calls/extensive", "calls", {
        filter: { fromDateTime: window.from, toDateTime: window.to },
        contentSelector: { context: "Extended", exposedFields: { parties: true, content: { brief: true } } },
        ...(cursor ? { cursor } : {}),
      }),
    transcripts: (callIds: readonly string[], cursor: string | null) =>
      call("transcripts", "/calls/transcript", "callTranscripts", {
        filter: { callIds },
        ...(cursor ? { cursor } : {}),
      }),
  };
}

/** Gong's own hosts, or the one this installation was given. @returns without a trailing slash or /v2; null: refused */
export function gongBaseUrl(house: SourceHouse, entered: string | undefined): string | null {
  const { gong } = vendorUrls(house);
  if (gong !== null) return gong;
  const text = (entered ?? "https://api.gong.io").trim().replace(/\/+(v2\/*)?$/, "");
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const ours = url.protocol === "https:" && /^([a-z0-9-]+\.)*api\.gong\.io$/.test(url.hostname) && url.port === "";
  return ours && url.username === "" && url.pathname === "/" ? url.origin : null;
}

const page = z.looseObject({ records: z.object({ cursor: z.string().nullish() }).nullish() });
