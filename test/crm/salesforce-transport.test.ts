/** The adapter's own transport and token rule, against servers that misbehave. */
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { steppedClock } from "../../backend/clock.ts";
import { createSalesforceCrm } from "../../backend/crm/salesforce/crm.ts";

describe("where jsforce by itself fails", () => {
  let server: Server;
  let answers: ((response: ServerResponse) => void)[];
  let seen: number;
  beforeEach(async () => {
    answers = [];
    seen = 0;
    server = createServer((_, response) => {
      seen += 1;
      (answers.shift() ?? ((last) => last.writeHead(503).end()))(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const adapter = (requestTimeoutMs = 5_000) =>
    createSalesforceCrm({
      instanceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessToken: async () => "token",
      onTokenRefused: async () => "token 2",
      pace: Object.assign(async () => {}, { reserve: async () => {} }),
      clock: steppedClock(),
      requestTimeoutMs,
    });

  test("a reply cut off in its body is an error of that call, not the end of the process", async () => {
    answers.push((response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"done":', () => response.destroy());
    });
    const crm = adapter();
    await expect(crm.owners()).rejects.toMatchObject({ kind: "retry_later" });
    await crm.close();
  });

  test("a read that fails is not repeated behind our back", async () => {
    const crm = adapter();
    await expect(crm.owners()).rejects.toMatchObject({ kind: "retry_later" });
    expect(seen).toBe(1);
    await crm.close();
  });

  test("a constant 401 is asked twice, never for ever", async () => {
    const refuse = (response: ServerResponse) =>
      response
        .writeHead(401, { "content-type": "application/json" })
        .end('[{"errorCode":"INVALID_SESSION_ID","message":"expired"}]');
    answers.push(refuse, refuse, refuse);
    const crm = adapter();
    await expect(crm.owners()).rejects.toMatchObject({ kind: "reconnect" });
    expect(seen).toBe(2);
    await crm.close();
  });

  test("another failure after the refresh is told as what it is", async () => {
    answers.push((response) => response.writeHead(401).end());
    const crm = adapter();
    await expect(crm.owners()).rejects.toMatchObject({ kind: "retry_later", detail: { httpStatus: 503 } });
    await crm.close();
  });

  test("silence ends after the time-out", async () => {
    answers.push(() => {});
    const crm = adapter(50);
    await expect(crm.owners()).rejects.toMatchObject({ kind: "retry_later" });
    await crm.close();
  });

  test("a page that promises more without saying where is not taken for the whole", async () => {
    answers.push((response) => {
      response.writeHead(200, { "content-type": "application/json" }).end('{"done":false,"totalSize":9,"records":[]}');
    });
    const crm = adapter();
    await expect(crm.owners()).rejects.toMatchObject({ kind: "unexpected" });
    await crm.close();
  });
});
