/** A signed-in client that shows the simulated org's raw answers. */

export type Body = Record<string, unknown> & Record<string, unknown>[];
export type RawAnswer = { status: number; headers: Headers; text: string; body: Body };

/** @param where read at each call, so that a test may replace the simulator or the token */
export function talkTo(where: () => { url: string; token: string }) {
  async function send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<RawAnswer> {
    const { url, token } = where();
    const response = await fetch(`${url}${path.startsWith("/services") ? "" : "/services/data/v68.0"}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (response.headers.get("content-type") ?? "").includes("json");
    return { status: response.status, headers: response.headers, text, body: (json ? JSON.parse(text) : text) as Body };
  }
  return {
    send,
    query: (soql: string, resource = "query") => send("GET", `/${resource}?q=${encodeURIComponent(soql)}`),
    patch: (id: string, values: Record<string, unknown>) => send("PATCH", `/sobjects/Opportunity/${id}`, values),
    collection: (method: string, records: Record<string, unknown>[], allOrNone = false) =>
      send(method, "/composite/sobjects", { allOrNone, records }),
  };
}
