/** A rollup plugin that answers the platform's scoped modules as an org would: Apex, labels, permissions, the user. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Plugin } from "rollup";

const stands: Record<string, string> = {
  "lightning/uiRecordApi": "uiRecordApi.js",
  "lightning/platformShowToastEvent": "platformShowToastEvent.js",
  "force/navigation": "navigation.js",
};

/** @param packageDir force-app/main/default; @param shims folder of the stand-ins */
export function platform(packageDir: string, shims: string): Plugin {
  const labels = readLabels(packageDir);
  return {
    name: "platform",
    resolveId(id) {
      if (stands[id]) return path.join(shims, stands[id]);
      return /^@salesforce\/(apex|label\/c\.|i18n\/(timeZone|locale)$)/.test(id) ? `\0${id}` : null;
    },
    load(id) {
      if (!id.startsWith("\0@salesforce/")) return null;
      const [, kind, rest] = /^\0@salesforce\/([^/]+)\/(.*)$/.exec(id) ?? [];
      if (kind === "apex") {
        const method = JSON.stringify(rest!.replace("PandoraApi.", ""));
        const from = JSON.stringify(path.join(shims, "apex.js"));
        return `import { callApex } from ${from}; export default (params) => callApex(${method}, params);`;
      }
      if (kind === "i18n") return `export default ${rest === "locale" ? "'en-US'" : "Intl.DateTimeFormat().resolvedOptions().timeZone"};`;
      const text = labels.get(rest!.replace(/^c\./, ""));
      if (text === undefined) this.error(`There is no custom label ${rest}.`);
      return `export default ${JSON.stringify(text)};`;
    },
  };
}

export function readLabels(packageDir: string): Map<string, string> {
  const xml = readFileSync(path.join(packageDir, "labels/CustomLabels.labels-meta.xml"), "utf8");
  const found = xml.matchAll(/<fullName>(.*?)<\/fullName>[\s\S]*?<value>([\s\S]*?)<\/value>/g);
  return new Map([...found].map((match) => [match[1]!, unescaped(match[2]!)]));
}

function unescaped(text: string): string {
  const signs: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_all, name: string) => signs[name] ?? "");
}
