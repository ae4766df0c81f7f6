/** Which components the package's pages place in a region, so that the preview shows the pages as they are shipped. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type Placed = { name: string; properties: Record<string, string> };

/** @returns the package's own components there, in order; the platform's are the frame's business */
export function placedOn(flexipage: string, region: string): Placed[] {
  const folder = "../force-app/main/default/flexipages/";
  const file = fileURLToPath(new URL(`${folder}${flexipage}.flexipage-meta.xml`, import.meta.url));
  const regions = readFileSync(file, "utf8").match(/<flexiPageRegions>[\s\S]*?<\/flexiPageRegions>/g) ?? [];
  const found = regions.find((each) => new RegExp(`</itemInstances>\\s*<name>${region}</name>`).test(each)) ?? "";
  return [...found.matchAll(/<componentInstance>([\s\S]*?)<\/componentInstance>/g)].flatMap(([, content]) => {
    const name = /<componentName>(pandora\w+)<\/componentName>/.exec(content!)?.[1];
    const given = content!.matchAll(/<name>(\w+)<\/name>\s*<value>([^<]*)<\/value>/g);
    return name ? [{ name, properties: Object.fromEntries([...given].map((each) => [each[1]!, each[2]!])) }] : [];
  });
}
