/** Whose mail an address is: registrable domains, and mail for everybody. */
import { expect, test } from "vitest";
import { domainOfEmail, hostOfEmail, mailKind, registrableDomain } from "../../backend/conversations/domains.ts";

test.each([
  ["eu.acme.co.uk", "acme.co.uk"],
  ["acmepartners.co.uk", "acmepartners.co.uk"],
  ["ACME.com.", "acme.com"],
  ["team.a.github.io", "a.github.io"],
  ["github.io", "github.io"],
  ["müller.de", "xn--mller-kva.de"],
  ["co.uk", null],
  ["10.0.0.1", null],
  ["localhost", null],
  ["acme.com/contact", null],
  ["a..com", null],
])("the registrable domain of %s is %s", (host, domain) => {
  expect(registrableDomain(host)).toBe(domain);
});

test("the host of an address is what stands after its last @", () => {
  expect(hostOfEmail("Jo@EU.Acme.com")).toBe("eu.acme.com");
  expect(hostOfEmail('"a@b"@acme.com')).toBe("acme.com");
  expect(domainOfEmail("jo@eu.acme.com")).toBe("acme.com");
  expect([hostOfEmail("None"), hostOfEmail("@acme.com"), domainOfEmail("jo@")]).toEqual([null, null, null]);
});

test.each([
  ["gmail.com", "common"],
  ["yahoo.co.uk", "common"],
  ["gmx.at", "common"],
  ["laposte.net", "free"],
  ["clerk.com", "free"],
  ["bt.com", "perhaps"],
  ["starbucks.com", "company"],
  ["acme.com", "company"],
])("%s is %s mail", (domain, kind) => {
  expect(mailKind(domain)).toBe(kind);
});
