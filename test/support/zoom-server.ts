/** Zoom over real HTTP: sign-in, participants by pages, the transcript's file, and its signed webhook. */
import { createHmac } from "node:crypto";
import { type Reply, startVendor } from "./vendor-server.ts";

export function zoomRecording(uuid: string, object: object = {}, event = "recording.transcript_completed") {
  return {
    ...{ event, event_ts: Date.UTC(2026, 10, 16, 10), download_token: "download-1" },
    payload: {
      account_id: "acc",
      object: {
        ...{ uuid, id: 98765432109, host_id: "h1", host_email: "Ada@ours.test", topic: "Intro" },
        ...{
          start_time: "2026-11-16T09:00:00Z",
          duration: 31,
          share_url: "https://zoom.us/rec/share/1",
          recording_files: [],
        },
        ...object,
      },
    },
  };
}

export async function startZoom() {
  const state = {
    clientId: "client",
    clientSecret: "secret-of-zoom",
    accountId: "acc",
    /** By uuid, as decoded from the path twice. */
    participants: new Map<string, object[]>(),
    pageSize: 2,
    files: new Map<string, Reply>(),
    refuseParticipants: false,
  };
  const vendor = await startVendor((request): Reply => {
    if (request.path === "/oauth/token") {
      const basic = Buffer.from(`${state.clientId}:${state.clientSecret}`).toString("base64");
      const fits =
        request.headers.authorization === `Basic ${basic}` && request.query.get("account_id") === state.accountId;
      return fits
        ? { json: { access_token: "token-1", expires_in: 3600 } }
        : { status: 400, json: { reason: "Invalid client_id" } };
    }
    const meeting = /^\/v2\/past_meetings\/([^/]+)\/participants$/.exec(request.path)?.[1];
    if (meeting !== undefined) {
      if (request.headers.authorization !== "Bearer token-1" || state.refuseParticipants)
        return { status: 401, json: { code: 124 } };
      const uuid = decodeURIComponent(decodeURIComponent(meeting));
      const all = state.participants.get(uuid);
      if (!all) return { status: 404, json: { code: 3001 } };
      const from = Number(request.query.get("next_page_token") || 0);
      const items = all.slice(from, from + state.pageSize);
      const more = from + items.length < all.length;
      return {
        json: { page_size: 300, next_page_token: more ? String(from + items.length) : "", participants: items },
      };
    }
    const file = state.files.get(request.path);
    if (!file) return { status: 404, text: "no such file" };
    return request.headers.authorization === "Bearer download-1" ? file : { status: 401, text: "no" };
  });
  return Object.assign(vendor, { state });
}

/** @param at seconds since 1970 */
export function zoomHeaders(secret: string, body: string, at: number): Record<string, string> {
  const signature = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
  return { "x-zm-request-timestamp": String(at), "x-zm-signature": `v0=${signature}` };
}
