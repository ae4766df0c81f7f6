/** Zoom's API: who came, and the transcript file. Source: Zoom Meetings API and cloud recordings, read 2026-11-22. */
import { z } from "zod";
import {
  callVendor,
  jsonOf,
  SourceFault,
  type SourceHouse,
  type VendorAnswer,
  type VendorRequest,
  vendorUrls,
} from "./vendor-http.ts";

export type ZoomKeys = { accountId: string; clientId: string; clientSecret: string };

const pagesMax = 20;
const hopsMax = 3;

/** An access token of the account's own app (server-to-server OAuth). @throws SourceFault key_refused */
export async function zoomToken(house: SourceHouse, keys: ZoomKeys): Promise<string> {
  const query = new URLSearchParams({ grant_type: "account_credentials", account_id: keys.accountId });
  const request: VendorRequest = {
    ...{ vendor: "Zoom", what: "sign-in", url: `${vendorUrls(house).zoomLogin}/oauth/token?${query}`, method: "POST" },
    headers: { authorization: `Basic ${Buffer.from(`${keys.clientId}:${keys.clientSecret}`).toString("base64")}` },
  };
  const answer = await callVendor(house, request);
  const token = answer.status === 200 ? tokenReply.safeParse(jsonOf(request, answer)) : null;
  if (!token?.success) {
    throw new SourceFault(
      "key_refused",
      "Zoom refuses the account id, client id or client secret. Check them in your Zoom app.",
    );
  }
  return token.data.access_token;
}

/** Everyone who joined, all pages; none when Zoom knows no such meeting (any more). */
export async function zoomParticipants(house: SourceHouse, token: string, uuid: string): Promise<unknown[]> {
  const people: unknown[] = [];
  let next = "";
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const query = new URLSearchParams({ page_size: "300", ...(next ? { next_page_token: next } : {}) });
    const request: VendorRequest = {
      ...{ vendor: "Zoom", what: "participants" },
      url: `${vendorUrls(house).zoomApi}/past_meetings/${uuidInPath(uuid)}/participants?${query}`,
      headers: { authorization: `Bearer ${token}` },
    };
    const answer = await callVendor(house, request);
    if (answer.status === 404) return people;
    if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
      const says =
        "Zoom refuses us the list of participants: the app needs the scope meeting:read:list_past_participants:admin.";
      throw new SourceFault("key_refused", says);
    }
    const told = participantsReply.safeParse(jsonOf(request, answer));
    if (!told.success) throw new SourceFault("rejected", "Zoom's list of participants can't be read.");
    people.push(...told.data.participants);
    next = told.data.next_page_token ?? "";
    if (next === "") return people;
  }
  return people;
}

/**
 * Fetches a recording's file. The address came in a message, so it is followed to Zoom's own hosts only.
 * @returns null when there is no such file (any more)
 * @throws SourceFault rejected for an address elsewhere
 */
export async function zoomFile(house: SourceHouse, address: string, token: string | null): Promise<string | null> {
  let url = address;
  for (let hops = 0; hops <= hopsMax; hops += 1) {
    if (!isZoomFile(house, url))
      throw new SourceFault("rejected", "The transcript's address is not one of Zoom's own.");
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const answer: VendorAnswer = await callVendor(house, { vendor: "Zoom", what: "transcript", url, headers });
    const location = answer.headers.get("location");
    if (answer.status >= 300 && answer.status < 400 && location !== null && URL.canParse(location, url)) {
      url = new URL(location, url).href;
      continue;
    }
    if (answer.status === 404 || answer.status === 410) return null;
    if (answer.status !== 200) {
      throw new SourceFault("key_refused", `Zoom does not let us fetch the transcript (${answer.status}).`);
    }
    return answer.text;
  }
  throw new SourceFault("rejected", "Zoom sends us from one address to the next for the transcript.");
}

/** A uuid that begins with a slash or holds two in a row has to be encoded twice. */
export function uuidInPath(uuid: string): string {
  const once = encodeURIComponent(uuid);
  return uuid.startsWith("/") || uuid.includes("//") ? encodeURIComponent(once) : once;
}

function isZoomFile(house: SourceHouse, address: string): boolean {
  const url = new URL(address);
  if (url.origin === vendorUrls(house).zoomFiles) return true;
  return url.protocol === "https:" && /(^|\.)zoom(gov)?\.(us|com)$/.test(url.hostname) && url.port === "";
}

const tokenReply = z.object({ access_token: z.string().min(1) });
const participantsReply = z.object({ participants: z.array(z.unknown()), next_page_token: z.string().nullish() });
