/**
 * Builds what the preview shows: the extensions with HubSpot's own builder, the worker and the page around with Vite. Each
 * part is kept under the hash of its sources, so that an unchanged one is never built twice and a changed one is built when
 * the page is loaded next.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";

const here = import.meta.dirname;
const app = path.join(here, "../src/app");
const cache = path.join(here, "../.cache/preview");

type Part = { name: string; sources: string[]; build(into: string): Promise<void> };

/** Extension → its entry, as the hsmeta files name them. */
const extensions = {
  card: { folder: "cards", entry: "PandoraCard.tsx" },
  settings: { folder: "settings", entry: "SettingsPage.tsx" },
  pages: { folder: "pages", entry: "Pages.tsx" },
} as const;
export type ExtensionName = keyof typeof extensions;

const shared = path.join(app, "packages");

const parts: Record<string, Part> = {
  ...Object.fromEntries(
    Object.entries(extensions).map(([name, { folder, entry }]) => {
      const root = path.join(app, folder);
      return [name, { name, sources: [root, shared], build: (into) => buildExtension(root, entry, into) } as Part];
    }),
  ),
  worker: {
    name: "worker",
    sources: [path.join(here, "browser/worker.ts")],
    build: (into) => buildScript(path.join(here, "browser/worker.ts"), into),
  },
  page: {
    name: "page",
    sources: [path.join(here, "browser")],
    build: (into) => buildScript(path.join(here, "browser/main.tsx"), into),
  },
};

const underWay = new Map<string, Promise<string>>();

/**
 * @returns the built script's file, which is named after its content: it can be kept for ever
 * @throws Error with the builder's words when the sources do not build
 */
export async function builtFile(name: string): Promise<string | null> {
  const part = parts[name];
  if (!part?.sources.every((source) => existsSync(source))) return null;
  const file = path.join(cache, `${name}-${hashOf(part)}.js`);
  if (existsSync(file)) return file;
  const started = underWay.get(file) ?? build(part, file).finally(() => underWay.delete(file));
  underWay.set(file, started);
  return started;
}

/** All parts, so that whoever looks first does not wait. */
export async function buildAll(): Promise<void> {
  for (const name of Object.keys(parts)) await builtFile(name);
}

let queue: Promise<unknown> = Promise.resolve();

/** One after the other: two builders at once are slower on a small machine, and Vite logs into one console. */
function build(part: Part, file: string): Promise<string> {
  const work = queue.then(async () => {
    const folder = path.join(cache, `${part.name}-building-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      await part.build(folder);
      const script = readdirSync(folder).find((each) => each.endsWith(".js"));
      if (!script) throw new Error(`Building ${part.name} gave no script.`);
      for (const old of readdirSync(cache)) {
        if (old.startsWith(`${part.name}-`) && old.endsWith(".js")) rmSync(path.join(cache, old), { force: true });
      }
      renameSync(path.join(folder, script), file);
      return file;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  queue = work.catch(() => {});
  return work;
}

async function buildExtension(root: string, entry: string, outputDir: string): Promise<void> {
  const { buildSingleExtension } = await import("@hubspot/ui-extensions-dev-server/build");
  await asProduction(() =>
    buildSingleExtension({
      ...{ file: path.join(root, entry), outputDir, root, minify: true, logLevel: "error" as const },
      appConfig: { variables: {} } as never,
    }),
  );
}

async function buildScript(entry: string, outDir: string): Promise<void> {
  const { build } = await import("vite");
  await asProduction(() =>
    build({
      ...{ root: here, configFile: false, logLevel: "error" as const, envFile: false },
      define: { "process.env.NODE_ENV": JSON.stringify("production") },
      build: {
        ...{ outDir, emptyOutDir: true, minify: true, target: "es2022", copyPublicDir: false },
        lib: { entry, name: "preview", formats: ["iife"], fileName: () => "built.js" },
      },
    }),
  );
}

/** The builders take the kind of build from here; a test's would call React's development half, which is not in a bundle. */
async function asProduction(work: () => Promise<unknown>): Promise<void> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}

function hashOf({ sources }: Part): string {
  const hash = createHash("sha256").update(readFileSync(import.meta.filename));
  for (const file of sources.flatMap(filesIn).sort()) hash.update(path.relative(here, file)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

function filesIn(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name === "dist") return [];
    return entry.isDirectory() ? filesIn(path.join(place, entry.name)) : [path.join(place, entry.name)];
  });
}
