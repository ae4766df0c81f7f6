/**
 * Whose mail is it? Hosts, registrable domains, and which domains are mail for everybody.
 * Source: the public-suffix list by tldts; free mail by two public lists that disagree in thousands of places.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { domainToASCII } from "node:url";
import { getDomain, getDomainWithoutSuffix } from "tldts";

/**
 * `common`: one of the great free mails, nobody's whatever the CRM says. `free`: both lists call it free mail.
 * `perhaps`: one list only; free unless a company of the CRM owns it. `company`: neither list knows it.
 */
export type MailKind = "common" | "free" | "perhaps" | "company";

/**
 * The domain somebody registered: `eu.acme.co.uk` → `acme.co.uk`, `a.github.io` stays.
 * @param host a bare host; capitals, a final dot and Unicode names are fine
 * @returns in ASCII, lower case; null for addresses of machines, public suffixes and what is no host
 */
export function registrableDomain(host: string): string | null {
  const plain = plainHost(host);
  if (plain === null) return null;
  // Where strangers share a suffix (github.io) each has his own domain; the suffix's own mail is its owner's.
  return getDomain(plain, { allowPrivateDomains: true }) ?? getDomain(plain);
}

/** The part after the last @, in ASCII, lower case; null when there is none. */
export function hostOfEmail(email: string): string | null {
  const at = email.lastIndexOf("@");
  return at < 1 ? null : plainHost(email.slice(at + 1));
}

/** The registrable domain of an address; null when it has none. */
export function domainOfEmail(email: string): string | null {
  const host = hostOfEmail(email);
  return host === null ? null : registrableDomain(host);
}

/** @param domain registrable, as from `registrableDomain` */
export function mailKind(domain: string): MailKind {
  const found = Number(list("email-providers").has(domain)) + Number(list("freemail").has(domain));
  if (commonDomains.has(domain)) return "common";
  if (found > 0 && commonNames.has(getDomainWithoutSuffix(domain) ?? "")) return "common";
  return found === 2 ? "free" : found === 1 ? "perhaps" : "company";
}

// CRMs really hold companies whose domain says gmail.com: these are nobody's even then.
const commonDomains = new Set([
  ...[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "live.com",
    "live.co.uk",
    "live.de",
    "live.fr",
    "live.nl",
    "msn.com",
  ],
  ...[
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "gmx.de",
    "gmx.net",
    "web.de",
  ],
  ...["t-online.de", "freenet.de", "mail.com", "mail.ru", "yandex.ru", "qq.com", "163.com", "126.com", "naver.com"],
  ...["zohomail.com", "fastmail.com", "hey.com", "tutanota.com", "comcast.net", "verizon.net", "sbcglobal.net"],
]);
/** Under whichever country's ending. */
const commonNames = new Set([
  "yahoo",
  "hotmail",
  "outlook",
  "gmx",
  "ymail",
  "rocketmail",
  "aol",
  "yandex",
  "protonmail",
]);

const load = createRequire(import.meta.url);
const lists = new Map<string, ReadonlySet<string>>();
const readers = {
  "email-providers": () => load("email-providers/all.json") as string[],
  // Read as text: the package's own check goes through its 13,000 lines for each address.
  freemail: () => ["free", "disposable"].flatMap((file) => linesOf(load.resolve(`freemail/data/${file}.txt`))),
};

/** Loaded when first asked for, once. */
function list(name: keyof typeof readers): ReadonlySet<string> {
  const kept = lists.get(name) ?? new Set(readers[name]().map((each) => domainToASCII(each.trim().toLowerCase())));
  lists.set(name, kept);
  return kept;
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split(/\r?\n/).filter(Boolean);
}

/** Two labels at least, none of them empty; the last one is no number, as it is in an IP address. */
const hostShape = /^([a-z0-9_-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/;

function plainHost(text: string): string | null {
  const bare = text.trim().toLowerCase().replace(/\.$/, "");
  // domainToASCII would cut a path or a port off and go on.
  if (/[\s/\\:?#@%[\]]/.test(bare)) return null;
  const ascii = domainToASCII(bare);
  return hostShape.test(ascii) ? ascii : null;
}
