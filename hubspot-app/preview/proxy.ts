/**
 * Stands in for the proxy behind `hubspot.fetch`: refuses what HubSpot refuses, appends who sits at the screen, signs, and
 * sends it again once when no answer or a 5xx came.
 */
import { signedHeaders } from "./sign.ts";

export type ProxyRequest = {
  url: string;
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  timeout?: number;
};

export type Person = {
  role: "admin" | "rep" | "viewer";
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
};

export type ProxyOptions = {
  clientSecret: string;
  appId: string;
  portalId: string;
  /** What the app may call: the hsmeta file's `permittedUrls.fetch`, filled in. */
  permitted: readonly string[];
  /** Where calls to the permitted address really go. */
  backendUrl: string;
};

const bytesMax = 1_000_000;
const usualTimeoutMs = 15_000;
const timeoutMsMax = 120_000;

/** @throws Refused as HubSpot's proxy refuses; @returns what the app gets to see */
export async function forward(
  asked: ProxyRequest,
  person: Person,
  options: ProxyOptions,
): Promise<{ status: number; contentType: string; body: string }> {
  const { method, body, headers } = checked(asked, options);
  const url = new URL(asked.url);
  const identity = {
    userId: person.userId,
    portalId: options.portalId,
    userEmail: person.email,
    appId: options.appId,
  };
  for (const [name, value] of Object.entries(identity)) url.searchParams.append(name, value);
  const until = AbortSignal.timeout(Math.min(asked.timeout ?? usualTimeoutMs, timeoutMsMax));
  const target = options.backendUrl.replace(/\/$/, "") + url.pathname + url.search;
  const send = async () => {
    const signature = signedHeaders(options.clientSecret, { method, uri: url.href, body, at: Date.now() });
    const type: Record<string, string> = body === "" ? {} : { "content-type": "application/json" };
    const answer = await fetch(target, {
      ...{ method, signal: until, headers: { ...headers, ...type, ...signature } },
      ...(body === "" ? {} : { body }),
    });
    const text = await answer.text();
    if (Buffer.byteLength(text) > bytesMax) throw new Refused(502, "The answer is larger than 1 MB.");
    return { status: answer.status, contentType: answer.headers.get("content-type") ?? "text/plain", body: text };
  };
  try {
    const first = await send();
    return first.status >= 500 ? await send() : first;
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (until.aborted) throw new Refused(504, "The app's server did not answer in time.");
    try {
      return await send();
    } catch {
      throw new Refused(502, "The app's server can't be reached.");
    }
  }
}

export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

function checked(asked: ProxyRequest, { permitted }: ProxyOptions) {
  const method = asked.method ?? "GET";
  if (!["GET", "POST", "PUT", "PATCH", "DELETE"].includes(method)) throw new Refused(400, "Unknown method.");
  if (!permitted.some((each) => asked.url === each || asked.url.startsWith(`${each.replace(/\/$/, "")}/`))) {
    throw new Refused(400, "This address is not among permittedUrls.fetch.");
  }
  const own = /[?&](userId|portalId|userEmail|appId)=/.exec(asked.url)?.[1];
  if (own) throw new Refused(400, `${own} is HubSpot's own parameter.`);
  const headers = asked.headers ?? {};
  if (Object.keys(headers).some((name) => name.toLowerCase() !== "authorization")) {
    throw new Refused(400, "Authorization is the only header an app may send.");
  }
  const { body } = asked;
  if (body !== undefined && (typeof body !== "object" || body === null || Array.isArray(body))) {
    throw new Refused(400, "The body must be a plain object.");
  }
  const text = body === undefined || method === "GET" ? "" : JSON.stringify(body);
  if (Buffer.byteLength(text) > bytesMax) throw new Refused(413, "The request is larger than 1 MB.");
  return { method, headers, body: text };
}
