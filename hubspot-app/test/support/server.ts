/** Stands in for our server behind HubSpot's fetch: answers by method and path, and remembers what was asked. */
import { vi } from "vitest";

export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> | undefined };

/** A value is an answer of 200; a number a bare status; `problem()` a refusal; a function decides for each call. */
export type Answer = unknown | ((asked: Asked, times: number) => unknown);

class Refusal {
  readonly status: number;
  readonly body: object;

  constructor(status: number, body: object) {
    this.status = status;
    this.body = body;
  }
}

export function problem(status: number, code: string, more: object = {}): Refusal {
  return new Refusal(status, {
    ...{ type: "about:blank", title: "Refused", status, code, detail: `Says ${code}.`, instance: "i", errors: [] },
    ...more,
  });
}

export type FakeServer = {
  asked: Asked[];
  /** How often a path was asked for. */
  times(route: string): number;
  /** From now on. */
  answer(route: string, answer: Answer): void;
};

/** @param routes "GET records/deal/1" → what it answers; anything else is 404 */
export function fakeServer(routes: Record<string, Answer>): FakeServer {
  const answers = new Map(Object.entries(routes));
  const asked: Asked[] = [];
  const nameOf = ({ method, path }: Asked) => `${method} ${path}`;
  const hsFetch = async (address: string, options: { method?: string; body?: Record<string, unknown> } = {}) => {
    const url = new URL(address);
    const path = url.pathname.replace(/^\/api\/(workspaces\/me\/)?/, "");
    const one: Asked = { method: options.method ?? "GET", path, query: url.searchParams, body: options.body };
    asked.push(one);
    if (one.query.get("envelope") !== "1") throw new Error("Every call asks for an envelope.");
    const given = answers.get(nameOf(one));
    const answer =
      typeof given === "function"
        ? await given(one, asked.filter((each) => nameOf(each) === nameOf(one)).length)
        : given;
    if (typeof answer === "number") return new Response("<html>", { status: answer });
    if (answer instanceof Refusal) return Response.json({ ok: false, status: answer.status, problem: answer.body });
    if (answer === undefined) return Response.json({ ok: false, status: 404, problem: problem(404, "not_found").body });
    return Response.json({ ok: true, status: 200, data: answer });
  };
  vi.stubGlobal("self", Object.assign(globalThis, { hsFetch }));
  return {
    asked,
    times: (route) => asked.filter((one) => nameOf(one) === route).length,
    answer: (route, answer) => void answers.set(route, answer),
  };
}
