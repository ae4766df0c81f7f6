/** The preview's stand-in for HubSpot's proxy: refuses what HubSpot refuses, signs what it lets through. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { verifyHubSpotSignature } from "../../backend/connections/hubspot-signature.ts";
import { forward, type Person, type ProxyRequest } from "../preview/proxy.ts";

const api = "https://api.pandora.example";
const ada: Person = { role: "rep", userId: "7", email: "ada+rep@acme.test", firstName: "Ada", lastName: "Rep" };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

type Seen = { method: string; url: string; headers: IncomingMessage["headers"]; body: string };

/** @param statuses what is answered, one after the other; the last one stays; 0 cuts the connection */
async function backend(...statuses: number[]) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const status = statuses[Math.min(seen.length, statuses.length - 1)] ?? 200;
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, body });
      if (status === 0) return request.socket.destroy();
      response.writeHead(status, { "content-type": "application/json" }).end('{"ok":true}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const backendUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { clientSecret: "secret", appId: "9", portalId: "4242", permitted: [api], backendUrl };
  return {
    seen,
    send: (asked: Partial<ProxyRequest>) => forward({ url: `${api}/api/session?envelope=1`, ...asked }, ada, options),
  };
}

test("what goes out says who sits there, and holds before the server's own check", async () => {
  const { seen, send } = await backend(200);
  const answer = await send({ method: "POST", url: `${api}/api/x?q=a%20b&envelope=1`, body: { name: "Zoë" } });
  expect(answer).toEqual({ status: 200, contentType: "application/json", body: '{"ok":true}' });
  const [one] = seen;
  const verdict = verifyHubSpotSignature(
    "secret",
    {
      ...{ method: one!.method, uri: api + one!.url, body: one!.body },
      signature: String(one!.headers["x-hubspot-signature-v3"]),
      timestamp: String(one!.headers["x-hubspot-request-timestamp"]),
    },
    new Date(),
  );
  expect(verdict).toMatchObject({
    ok: true,
    identity: { userId: "7", portalId: "4242", userEmail: "ada+rep@acme.test", appId: "9" },
  });
});

test.each([
  ["another address", { url: "https://evil.example/api" }, 400],
  ["an address that only begins alike", { url: `${api}.evil.example/api` }, 400],
  ["a list as body", { method: "POST", body: [1] }, 400],
  ["a text as body", { method: "POST", body: "x" }, 400],
  ["a header of its own", { headers: { "X-Request": "1" } }, 400],
  ["an identity of its own", { url: `${api}/api/session?userId=1` }, 400],
  ["a method there is none of", { method: "TRACE" }, 400],
  ["more than 1 MB", { method: "POST", body: { text: "x".repeat(1_000_001) } }, 413],
])("%s is refused, and nothing goes out", async (_what, asked, status) => {
  const { seen, send } = await backend(200);
  await expect(send(asked as Partial<ProxyRequest>)).rejects.toMatchObject({ status });
  expect(seen).toEqual([]);
});

test("a failure and a cut connection are tried once more, with the same body; a refusal is not", async () => {
  const body = { request_id: "r1" };
  for (const [first, times] of [
    [503, 2],
    [0, 2],
    [422, 1],
  ] as const) {
    const { seen, send } = await backend(first, 200);
    const answer = await send({ method: "POST", body });
    expect([answer.status, seen.length]).toEqual([times === 2 ? 200 : 422, times]);
    expect(new Set(seen.map((one) => one.body)).size).toBe(1);
  }
});

test("a server that stays down is a bad gateway", async () => {
  const { send } = await backend(0, 0);
  await expect(send({})).rejects.toMatchObject({ status: 502 });
});
