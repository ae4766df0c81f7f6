import fc from "fast-check";
import { expect, test } from "vitest";
import { verifyHubSpotSignature, withoutIdentity } from "../../backend/connections/hubspot-signature.ts";
import { signHubSpot } from "../support/callers.ts";

const secret = "f6e94c08-85d0-4608-bcc6-e1850176e7b8";
const timestamp = "1632188626483";
const at = new Date(Number(timestamp));
const published = { method: "POST", uri: "https://www.hubspot.com/webhook", timestamp };

test("HubSpot's published vectors hold", () => {
  for (const [body, signature] of [
    ["REQUEST_BODY", "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU="],
    ["", "csXgk7UbrE9F8ZmMvbpuKBxqIvTSqU1EX9pI/SJtxSE="],
  ] as const) {
    expect(verifyHubSpotSignature(secret, { ...published, body, signature }, at)).toMatchObject({ ok: true });
  }
});

test("every part is covered: another method, address, body, time or secret does not hold", () => {
  const sent = { ...published, body: "REQUEST_BODY", signature: "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU=" };
  const changed = [
    { ...sent, method: "GET" },
    { ...sent, uri: "https://www.hubspot.com/webhook2" },
    { ...sent, body: "REQUEST_BODY " },
    { ...sent, timestamp: "1632188626484" },
    { ...sent, signature: `A${sent.signature.slice(1)}` },
    { ...sent, signature: sent.signature.slice(1) },
  ];
  for (const request of changed) {
    expect(verifyHubSpotSignature(secret, request, at)).toEqual({ ok: false, reason: "mismatch" });
  }
  expect(verifyHubSpotSignature("another", sent, at)).toEqual({ ok: false, reason: "mismatch" });
});

test("five minutes old is good, a millisecond more is late, and so is a clock that runs ahead", () => {
  const sent = { ...published, body: "REQUEST_BODY", signature: "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU=" };
  const verdict = (ms: number) => verifyHubSpotSignature(secret, sent, new Date(at.getTime() + ms));
  expect([verdict(300_000), verdict(-300_000)].map(({ ok }) => ok)).toEqual([true, true]);
  for (const ms of [300_001, -300_001]) expect(verdict(ms)).toEqual({ ok: false, reason: "late" });
});

test("unsigned and malformed requests are told apart from wrong ones", () => {
  const sent = { ...published, body: "" };
  expect(verifyHubSpotSignature(secret, { ...sent, signature: undefined }, at)).toMatchObject({ reason: "unsigned" });
  expect(verifyHubSpotSignature(secret, { ...sent, signature: "x", timestamp: undefined }, at)).toMatchObject({
    reason: "unsigned",
  });
  for (const bad of ["", "12x", "-1", "1e12", "9".repeat(40)]) {
    const verdict = verifyHubSpotSignature(secret, { ...sent, signature: "x", timestamp: bad }, at);
    expect(verdict).toMatchObject({ ok: false, reason: bad === "" ? "unsigned" : "malformed" });
  }
});

test("whichever way HubSpot spells an address before it signs, the same person is proven", () => {
  const base = "https://api.pandora.example/api/session";
  const received = `${base}?q=a%20b%2Fc&userEmail=ada%2Brep%40acme.test&portalId=42&userId=7`;
  const spellings = {
    hubspot: `${base}?q=a%20b/c&userEmail=ada%2Brep@acme.test&portalId=42&userId=7`,
    raw: received,
    decoded: `${base}?q=a b/c&userEmail=ada+rep@acme.test&portalId=42&userId=7`,
  };
  for (const [reading, uri] of Object.entries(spellings)) {
    const headers = signHubSpot({ secret, method: "GET", uri, body: "", at });
    const request = {
      ...{ method: "GET", uri: received, body: "", timestamp: headers["x-hubspot-request-timestamp"] },
      signature: headers["x-hubspot-signature-v3"],
    };
    expect(verifyHubSpotSignature(secret, request, at)).toEqual({
      ok: true,
      reading,
      identity: { userEmail: "ada+rep@acme.test", portalId: "42", userId: "7" },
    });
  }
});

test("a parameter that names someone twice, openly or hidden in an escape, proves nobody", () => {
  const base = "https://api.pandora.example/api/session";
  for (const received of [
    `${base}?portalId=42&userId=7&portalId=43`,
    `${base}?portalId=42&userId=7&%70ortalId=43`,
    `${base}?q=x%26portalId=43&portalId=42&userId=7`,
  ]) {
    const headers = signHubSpot({ secret, method: "GET", uri: decodeURIComponent(received), body: "", at });
    const request = {
      ...{ method: "GET", uri: received, body: "", timestamp: headers["x-hubspot-request-timestamp"] },
      signature: headers["x-hubspot-signature-v3"],
    };
    expect(verifyHubSpotSignature(secret, request, at)).toMatchObject({ ok: false });
  }
});

test("what HubSpot appended is taken off, and nothing else", () => {
  const url = "https://x.test/api/a?crm=hubspot&q=user%20Id&userId=7&portalId=42&userEmail=a%40b.c&appId=1";
  expect(withoutIdentity(url)).toBe("https://x.test/api/a?crm=hubspot&q=user%20Id");
  expect(withoutIdentity("https://x.test/api/a?userId=7&portalId=42")).toBe("https://x.test/api/a");
  expect(withoutIdentity("https://x.test/api/a")).toBe("https://x.test/api/a");
});

test("any query and body hold as signed, and no longer once a character changed", () => {
  fc.assert(
    fc.property(fc.webQueryParameters(), fc.string(), fc.nat(), (query, body, n) => {
      const uri = `https://x.test/api/a?${query}`;
      const headers = signHubSpot({ secret, method: "POST", uri, body, at });
      const sent = {
        ...{ method: "POST", uri, body, timestamp: headers["x-hubspot-request-timestamp"] },
        signature: headers["x-hubspot-signature-v3"],
      };
      const verdict = verifyHubSpotSignature(secret, sent, at);
      // A generated query may name someone twice by chance.
      if (!verdict.ok) return verdict.reason === "ambiguous_identity";
      const cut = n % (body.length + 1);
      return !verifyHubSpotSignature(secret, { ...sent, body: `${body.slice(0, cut)}~${body.slice(cut)}` }, at).ok;
    }),
  );
});
