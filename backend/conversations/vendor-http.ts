/** Calls to the vendors of sources: bounded in time and size, patient when told to wait, and clear about what failed. */
import type { House } from "../connections/house.ts";

/** Where the vendors are; tests and the demo hand in others. */
export type VendorUrls = {
  /** null: as the admin entered it, which must be Gong's own host. */
  gong: string | null;
  fireflies: string;
  zoomApi: string;
  zoomLogin: string;
  /** Where recordings may be fetched from besides Zoom's own hosts. */
  zoomFiles: string | null;
};
export type SourceHouse = House & { vendors?: Partial<VendorUrls> };

export function vendorUrls(house: SourceHouse): VendorUrls {
  return {
    gong: null,
    fireflies: "https://api.fireflies.ai",
    zoomApi: "https://api.zoom.us/v2",
    zoomLogin: "https://zoom.us",
    zoomFiles: null,
    ...house.vendors,
  };
}

/** What went wrong, by what to do next. */
export type FaultKind =
  | "key_refused" // the admin has to enter another key, or grant a permission
  | "rejected" // the vendor does not take the request as it is
  | "not_found"
  | "busy" // later
  | "unreachable" // later
  | "not_set_up"; // the admin has to enter something

/** A fault of a source, in words an admin understands; holds no secret and nothing of a conversation. */
export class SourceFault extends Error {
  readonly kind: FaultKind;
  /** Not before so many ms; undefined: whenever. */
  readonly afterMs: number | undefined;

  constructor(kind: FaultKind, message: string, afterMs?: number) {
    super(message);
    this.name = "SourceFault";
    this.kind = kind;
    this.afterMs = afterMs;
  }
}

export type VendorRequest = {
  vendor: string;
  /** For messages: "calls", "transcripts". */
  what: string;
  url: string;
  method?: "GET" | "POST";
  headers: Record<string, string>;
  body?: unknown;
};

export type VendorAnswer = { status: number; headers: Headers; text: string };

const bytesMax = 25 * 1024 * 1024;
/** A longer wait is left to the next round. */
const waitMaxMs = 60_000;
const triesMax = 4;

/**
 * One call; waits as `Retry-After` says and asks again, a few times.
 * @returns any answer below 500 except 429; what it means is the vendor's client to say
 * @throws SourceFault busy | unreachable
 */
export async function callVendor(house: SourceHouse, request: VendorRequest): Promise<VendorAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await send(house, request);
    if (answer.status >= 500) {
      throw new SourceFault(
        "unreachable",
        `${request.vendor} had an error of its own (${answer.status}). We ask again later.`,
      );
    }
    if (answer.status !== 429) return answer;
    const waitMs = retryAfterMs(answer.headers.get("retry-after"), house.clock.now()) ?? 2_000 * 2 ** tries;
    if (waitMs > waitMaxMs || tries >= triesMax) {
      throw new SourceFault("busy", `${request.vendor} asks us to slow down. We ask again later.`, waitMs);
    }
    await house.clock.sleep(waitMs);
  }
}

/** @throws SourceFault unreachable when it is no JSON */
export function jsonOf(request: VendorRequest, answer: VendorAnswer): unknown {
  try {
    return JSON.parse(answer.text) as unknown;
  } catch {
    throw new SourceFault(
      "unreachable",
      `${request.vendor} answered something that can't be read for ${request.what}.`,
    );
  }
}

async function send(house: SourceHouse, request: VendorRequest): Promise<VendorAnswer> {
  try {
    const answer = await fetch(request.url, {
      method: request.method ?? "GET",
      headers: { ...(request.body === undefined ? {} : { "content-type": "application/json" }), ...request.headers },
      // A redirect could carry our key to another host.
      redirect: "manual",
      signal: AbortSignal.timeout(house.config.requestTimeoutMs),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    return { status: answer.status, headers: answer.headers, text: await textOf(answer, request) };
  } catch (error) {
    if (error instanceof SourceFault) throw error;
    throw new SourceFault("unreachable", `${request.vendor} can't be reached for ${request.what}. We ask again later.`);
  }
}

async function textOf(answer: Response, request: VendorRequest): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.byteLength;
    if (bytes > bytesMax)
      throw new SourceFault("rejected", `${request.vendor} sent more than 25 MB for ${request.what}.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Seconds or a date; null when there is none that can be read. */
function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
