/** Lightning's icon library is thousands of templates: only those that a source names are bundled. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";

export function namedIcons(folders: string[]): Plugin {
  const used = new Set(["info", "success", "warning", "error"].map((variant) => `utility_${variant}`));
  for (const folder of folders) {
    for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!/\.(js|html)$/.test(file) || /iconSvgTemplates|__/.test(file)) continue;
      const text = readFileSync(path.join(folder, file), "utf8");
      for (const [, set, name] of text.matchAll(/\b(utility|standard|action|custom|doctype):([a-z0-9_]+)/g)) {
        used.add(`${set}_${name}`);
      }
    }
  }
  return {
    name: "named-icons",
    load(id) {
      if (!id.endsWith("buildTemplates/templates.js")) return null;
      const all = [...readFileSync(id, "utf8").matchAll(/default as (\w+) \} from '([^']+)'/g)];
      const kept = all.filter(([, name]) => used.has(name!));
      const imports = kept.map(([, name, from]) => `import ${name} from '${from}';`);
      return `${imports.join("\n")}\nexport default { ${kept.map(([, name]) => name).join(", ")} };`;
    },
  };
}
