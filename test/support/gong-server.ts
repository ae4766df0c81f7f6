/** Gong over real HTTP: users, calls and transcripts with cursors, its refusals, and its signed webhook. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { type Reply, startVendor } from "./vendor-server.ts";

type Call = Record<string, unknown> & { metaData: Record<string, unknown> & { id: string } };

/** A call as `calls/extensive` and the webhook tell it. */
export function gongCall(id: string, metaData: object = {}, more: object = {}): Call {
  return {
    metaData: {
      ...{
        id,
        url: `https://app.gong.test/call?id=${id}`,
        title: "Intro with Customer",
        scheduled: "2026-11-16T08:59:00Z",
      },
      ...{ started: "2026-11-16T10:00:00+01:00", duration: 1830, primaryUserId: "u1", direction: "Conference" },
      ...{ system: "Zoom", scope: "External", media: "Video", language: "eng", unheardOf: { a: 1 } },
      ...metaData,
    },
    parties: [
      { id: "p1", emailAddress: "ada@ours.test", name: "Ada", userId: "u1", speakerId: "s1", affiliation: "Internal" },
      {
        id: "p2",
        emailAddress: "Bob@Customer.test",
        name: "Bob",
        speakerId: "s2",
        affiliation: "External",
        methods: ["Invitee"],
      },
    ],
    context: [
      {
        system: "Salesforce",
        objects: [
          { objectType: "Account", objectId: "0015g00000AAAAAAA1", fields: [{ name: "Name", value: "Customer" }] },
          { objectType: "Opportunity", objectId: "0065g00000BBBBBBB2" },
          { objectType: "Lead", objectId: "00Q5g00000CCCCCCC3" },
        ],
      },
    ],
    ...more,
  };
}

export async function startGong() {
  const state = {
    key: { id: "access", secret: "secret-of-gong" },
    users: [
      { id: "u1", emailAddress: "ada@ours.test", emailAliases: ["ada@ours-group.test"], active: true },
    ] as object[],
    calls: [] as Call[],
    transcripts: new Map<string, object[]>(),
    /** Endpoints whose permission is missing. */
    refused: new Set<string>(),
    pageSize: 100,
  };
  const empty: Reply = {
    status: 404,
    json: { requestId: "r1", errors: ["No calls found corresponding to the provided filters"] },
  };
  const page = (key: string, all: readonly object[], cursor: unknown): Reply => {
    const from = Number(cursor ?? 0);
    const items = all.slice(from, from + state.pageSize);
    if (items.length === 0) return empty;
    const next = from + items.length < all.length ? { cursor: String(from + items.length) } : {};
    const records = { totalRecords: all.length, currentPageSize: items.length, currentPageNumber: 0, ...next };
    return { json: { requestId: "r1", records, [key]: items } };
  };
  const vendor = await startVendor((request): Reply => {
    const basic = Buffer.from(`${state.key.id}:${state.key.secret}`).toString("base64");
    const endpoint = request.path.replace("/v2/", "");
    if (request.headers.authorization !== `Basic ${basic}` || state.refused.has(endpoint)) {
      return { status: 401, json: { requestId: "r1", errors: ["Invalid credentials, or scope missing"] } };
    }
    const body = (request.json ?? {}) as {
      cursor?: string;
      filter?: { fromDateTime?: string; toDateTime?: string; callIds?: string[] };
    };
    if (endpoint === "users") return page("users", state.users, request.query.get("cursor"));
    if (endpoint === "calls/extensive") {
      const inside = state.calls.filter(({ metaData }) => {
        const at = Date.parse(String(metaData["started"]));
        return at >= Date.parse(body.filter!.fromDateTime!) && at < Date.parse(body.filter!.toDateTime!);
      });
      return page("calls", inside, body.cursor);
    }
    if (endpoint === "calls/transcript") {
      const ready = body.filter!.callIds!.filter((id) => state.transcripts.has(id));
      return page(
        "callTranscripts",
        ready.map((callId) => ({ callId, transcript: state.transcripts.get(callId) })),
        body.cursor,
      );
    }
    return { status: 404, json: { errors: ["unknown"] } };
  });
  return Object.assign(vendor, { state });
}

/** The key pair of a Gong rule, and its token over a body. */
export function gongRule() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    token(body: string, claims: object = {}, head: object = { alg: "RS256", typ: "JWT" }): string {
      const body_sha256 = createHash("sha256").update(body).digest("hex");
      const text = `${part(head)}.${part({ body_sha256, ...claims })}`;
      return `${text}.${sign("RSA-SHA256", Buffer.from(text), privateKey).toString("base64url")}`;
    },
  };
}
