/**
 * Bundles the package's components, unmodified, with Lightning's real base components. The bundle is kept under the hash of
 * all that went in, so a second start builds nothing. Run alone it builds and prints the folder:
 * `node salesforce-package/preview/build.ts`.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const packageDir = path.join(here, "../force-app/main/default");
const lwcDir = path.join(packageDir, "lwc");
const builtDir = path.join(here, ".built");
const require = createRequire(import.meta.url);

/** @returns the folder of the bundle; builds it in a process of its own where it is not there yet */
export async function builtBundle(): Promise<string> {
  const folder = path.join(builtDir, hashOfSources());
  if (existsSync(path.join(folder, "app.js"))) return folder;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (text) => {
      said += String(text);
    });
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`The Salesforce preview can't be built: ${said.slice(-2_000)}`)),
    );
  });
  return folder;
}

async function build(): Promise<string> {
  const folder = path.join(builtDir, hashOfSources());
  if (existsSync(path.join(folder, "app.js"))) return folder;
  const [{ rollup }, { default: lwc }, { default: replace }, { platform }, { namedIcons }] = await Promise.all([
    import("rollup"),
    import("@lwc/rollup-plugin"),
    import("@rollup/plugin-replace"),
    import("./platform.ts"),
    import("./icons.ts"),
  ]);
  const base = path.dirname(require.resolve("lightning-base-components/package.json"));
  const components = readdirSync(lwcDir).map((name) => ({ name: `c/${name}`, path: path.join(lwcDir, name, `${name}.js`) }));
  const npm = ["lightning-base-components", "@lwc/engine-dom", "@lwc/synthetic-shadow", "@lwc/wire-service"];
  const values = { "process.env.NODE_ENV": '"production"', "import.meta.env.SSR": "false" };
  const warned: string[] = [];
  const bundle = await rollup({
    input: path.join(here, "browser/main.js"),
    onwarn: (warning) => warned.push(warning.message),
    plugins: [
      platform(packageDir, path.join(here, "browser/shims")),
      namedIcons([lwcDir, path.join(base, "src/lightning")]),
      // biome-ignore lint/suspicious/noExplicitAny: the plugin's types are of another rollup
      (lwc as any)({
        rootDir: here,
        modules: [...components, ...npm.map((name) => ({ npm: name }))],
        enableDynamicComponents: true,
        // Without it: "attachInternals API is not supported", and an empty page.
        enableSyntheticElementInternals: true,
        apiVersion: 66,
      }),
      // biome-ignore lint/suspicious/noExplicitAny: as above
      (replace as any)({ preventAssignment: true, values }),
    ],
  });
  // Another process may build the same at once: whole or not at all.
  const own = `${folder}.${process.pid}`;
  await bundle.write({ dir: own, format: "es", entryFileNames: "app.js", chunkFileNames: "[name].js" });
  await bundle.close();
  mkdirSync(builtDir, { recursive: true });
  try {
    renameSync(own, folder);
  } catch {
    rmSync(own, { recursive: true, force: true });
  }
  for (const name of readdirSync(builtDir)) {
    const old = path.join(builtDir, name);
    if (old !== folder && Date.now() - statSync(old).mtimeMs > 86_400_000) rmSync(old, { recursive: true, force: true });
  }
  return folder;
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const folders = [lwcDir, path.join(packageDir, "labels"), path.join(here, "browser")];
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    for (const file of files) {
      if (file.includes("__tests__") || !/\.\w+$/.test(file)) continue;
      hash.update(`${file}\0`).update(readFileSync(path.join(folder, file)));
    }
  }
  for (const file of ["build.ts", "platform.ts", "icons.ts"]) hash.update(readFileSync(path.join(here, file)));
  // It pins the versions of what is bundled.
  hash.update(readFileSync(path.join(here, "../package.json")));
  return hash.digest("hex").slice(0, 20);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await build());
