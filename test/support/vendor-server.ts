/** What the stand-ins of vendors share: a real HTTP server that counts, remembers, and fails when told to. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterwards } from "./afterwards.ts";

export type VendorRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  json: unknown;
};
export type Reply = { status?: number; json?: unknown; text?: string; headers?: Record<string, string> };

export async function startVendor(answer: (request: VendorRequest) => Reply) {
  const requests: (VendorRequest & { url: string })[] = [];
  /** Answered before anything else, in order. */
  const next: Reply[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://vendor.test");
      const body = Buffer.concat(parts).toString("utf8");
      const asked = {
        ...{ method: request.method ?? "GET", path: url.pathname, query: url.searchParams, headers: request.headers },
        json: body === "" ? null : (JSON.parse(body) as unknown),
      };
      requests.push({ ...asked, url: request.url ?? "/" });
      const { status = 200, json, text, headers = {} } = next.shift() ?? answer(asked);
      response.writeHead(status, {
        "content-type": json === undefined ? "text/plain" : "application/json",
        ...headers,
      });
      response.end(json === undefined ? (text ?? "") : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, next };
}
