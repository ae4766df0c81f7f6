/** The package's source as the tests read it: its files, and what stands in them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../salesforce-package/", import.meta.url));
export const source = path.join(root, "force-app/main/default");

/** Paths below force-app/main/default, tests of the components left out. */
export function filesOf(folder = ""): string[] {
  return readdirSync(path.join(source, folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((name) => /\.\w+$/.test(name) && !name.includes("__tests__"));
}

export function read(name: string): string {
  return readFileSync(path.join(source, name), "utf8");
}

/** Names of components: `Pandora_User` of `permissionsets/Pandora_User.permissionset-meta.xml`. */
export function namesIn(folder: string, suffix: string): string[] {
  return readdirSync(path.join(source, folder))
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
}

/** Text of every element of that name. */
export function valuesOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].map((match) => match[1]!);
}

/** What the components import, by file. */
export function importsOf(name: string): { local: string; from: string }[] {
  const found = read(name).matchAll(/import (\w+) from '([^']+)'/g);
  return [...found].map((match) => ({ local: match[1]!, from: match[2]! }));
}

/** Names that a call passes on: `x({ a, b: 1 })` → a, b. */
export function argumentsOf(code: string, called: string): string[][] {
  const calls: string[][] = [];
  for (const match of code.matchAll(new RegExp(`\\b${called}\\(\\{`, "g"))) {
    calls.push(keysOf(code.slice(match.index + match[0].length)));
  }
  return calls;
}

function keysOf(code: string): string[] {
  const members: string[] = [];
  let depth = 0;
  let member = "";
  for (const sign of code) {
    if (depth === 0 && (sign === "," || sign === "}")) {
      members.push(member.trim());
      if (sign === "}") break;
      member = "";
      continue;
    }
    if ("{[(".includes(sign)) depth += 1;
    if ("}])".includes(sign)) depth -= 1;
    member += sign;
  }
  return members.filter(Boolean).map((each) => /^\w+/.exec(each)?.[0] ?? each);
}
