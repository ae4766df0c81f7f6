/** The portal's pace: a rolling window for all calls of an app, and five searches a second for the account. */
import type { Clock } from "../../clock.ts";
import type { Counters, Reply, SimRequest } from "../http.ts";
import { replies } from "./replies.ts";

export type RateLimit = {
  /** Calls in one window. */
  max: number;
  windowMs: number;
};

export type Burst = {
  /** Counts the call, or refuses it with 429; null = go on. */
  check(request: SimRequest): Reply | null;
  /** HubSpot's headers; searches carry none. */
  headers(request: SimRequest): Record<string, string>;
};

/** Source: OAuth apps get 110 calls in 10 seconds for each account, search 5 a second. */
export const hubSpotRateLimit: RateLimit = { max: 110, windowMs: 10_000 };
const searchLimit: RateLimit = { max: 5, windowMs: 1000 };

export function createBurst(clock: Clock, limit: RateLimit, counters: Counters): Burst {
  const calls = rollingWindow(limit);
  const searches = rollingWindow(searchLimit);
  return {
    check(request) {
      const search = isSearch(request);
      const now = clock.now().getTime();
      const wanted = request.fault?.name === "429";
      if (!wanted && (search ? searches : calls).take(now)) return null;
      counters.refused429 += 1;
      if (search) return replies.searchSecondly();
      return { ...replies.tenSecondly(), headers: rateHeaders(limit, 0) };
    },
    headers: (request) => (isSearch(request) ? {} : rateHeaders(limit, calls.left(clock.now().getTime()))),
  };
}

function isSearch(request: SimRequest): boolean {
  return request.pattern.endsWith("/search");
}

function rateHeaders(limit: RateLimit, remaining: number): Record<string, string> {
  return {
    "X-HubSpot-RateLimit-Max": String(limit.max),
    "X-HubSpot-RateLimit-Remaining": String(remaining),
    "X-HubSpot-RateLimit-Interval-Milliseconds": String(limit.windowMs),
  };
}

/** Times of the calls in the window, oldest first; those that left it are skipped and dropped now and then. */
function rollingWindow({ max, windowMs }: RateLimit) {
  let times: number[] = [];
  let first = 0;
  const inWindow = (now: number) => {
    while (first < times.length && times[first]! <= now - windowMs) first += 1;
    if (first > 1000) {
      times = times.slice(first);
      first = 0;
    }
    return times.length - first;
  };
  return {
    take(now: number): boolean {
      if (inWindow(now) >= max) return false;
      times.push(now);
      return true;
    },
    left: (now: number) => max - inWindow(now),
  };
}
