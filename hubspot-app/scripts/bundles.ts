/** Builds the extensions as HubSpot's servers do, and holds them to what they may weigh and contain. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export const extensions = [
  { folder: "cards", entry: "PandoraCard.tsx" },
  { folder: "settings", entry: "SettingsPage.tsx" },
  { folder: "pages", entry: "Pages.tsx" },
] as const;

/** A rep opens a card dozens of times a day. */
export const gzippedBytesMax = 60_000;

export type Bundle = { name: string; bytes: number; gzipped: number; faults: string[] };

/**
 * @param app the folder with cards, settings and pages
 * @param out where the scripts go; emptied first
 * @throws Error with the builder's words when one does not build
 */
export async function buildBundles(app: string, out: string): Promise<Bundle[]> {
  const { buildSingleExtension } = await import("@hubspot/ui-extensions-dev-server/build");
  rmSync(out, { recursive: true, force: true });
  const bundles: Bundle[] = [];
  for (const { folder, entry } of extensions) {
    const root = path.join(app, folder);
    const outputDir = path.join(out, folder);
    mkdirSync(outputDir, { recursive: true });
    await asInProduction(() =>
      buildSingleExtension({
        ...{ file: path.join(root, entry), outputDir, root, minify: true, logLevel: "error" as const },
        appConfig: { variables: {} } as never,
      }),
    );
    const script = readdirSync(outputDir).find((name) => name.endsWith(".js"));
    if (!script) throw new Error(`Building ${folder} gave no script.`);
    bundles.push(look(folder, readFileSync(path.join(outputDir, script))));
  }
  return bundles;
}

/** HubSpot's builder takes the kind of build from here; a test's would bring React's warnings along. */
async function asInProduction(work: () => Promise<void>): Promise<void> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

function look(name: string, script: Buffer): Bundle {
  const text = script.toString("utf8");
  const gzipped = gzipSync(script, { level: 9 }).length;
  const faults = [];
  if (gzipped > gzippedBytesMax) faults.push(`${name} weighs ${gzipped} bytes gzipped; ${gzippedBytesMax} are allowed`);
  // What the validation library says when it refuses; it has no business in a bundle.
  if (/ZodError|\$ZodType|Invalid input: expected/.test(text)) faults.push(`${name} contains the validation library`);
  return { name, bytes: script.length, gzipped, faults };
}
