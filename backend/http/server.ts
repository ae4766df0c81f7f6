/** The socket: listens, and stops without cutting anyone off. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";

/** The part of the app a server needs. */
export type Answers = { fetch(request: Request): Response | Promise<Response> };

/**
 * @param port 0: any free one
 * @param host address to listen on; absent: all of them
 * @returns the port, and `stop`: takes no new connection, answers what is under way (at most `graceMs`), then closes
 * @throws Error that says what to do when the port is taken
 */
export async function serveApp(
  app: Answers,
  port: number,
  host?: string,
): Promise<{ port: number; stop(graceMs?: number): Promise<void> }> {
  const server = createServer(getRequestListener((request) => app.fetch(request)));
  // Slow senders must not hold a socket for ever.
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  await listen(server, port, host);
  return { port: (server.address() as AddressInfo).port, stop: (graceMs = 10_000) => stop(server, graceMs) };
}

function listen(server: Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(new Error(`Port ${port} is taken. Stop the other program, or choose another one with PORT=….`));
    });
    server.listen({ port, host }, () => resolve());
  });
}

function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    cut.unref();
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
    // A connection that falls idle from now on goes at once instead of waiting for a next request.
    server.keepAliveTimeout = 1;
  });
}
