/** `/help`: the guides of backend/help as pages; their examples are computed by the planner, so they can't grow stale. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { html, raw } from "hono/html";
import { Marked } from "marked";
import { errorCodes, reasonText, skipReasons } from "../contract/reasons.ts";
import { notFound } from "../errors.ts";
import { newDoors } from "./door.ts";
import { exampleHtml } from "./help-example.ts";
import { pageOf } from "./page.ts";

type Guide = { key: string; title: string; summary: string; order: number; html: string };

export function helpDoors() {
  let made: Guide[] | null = null;
  const guides = () => {
    made ??= readGuides(path.join(import.meta.dirname, "../help"));
    return made;
  };
  return newDoors()
    .get("/", (c) => c.html(pageOf("Guides", listHtml(guides()))))
    .get("/:key", (c) => {
      const guide = guides().find((one) => one.key === c.req.param("key"));
      if (!guide) throw notFound("guide");
      return c.html(pageOf(guide.title, guide.html));
    });
}

/**
 * Reads and renders all guides.
 * @throws Error naming the guide when its heading or one of its examples is malformed
 */
export function readGuides(folder: string): Guide[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => guideOf(file.replace(/\.md$/, ""), readFileSync(path.join(folder, file), "utf8")))
    .sort((one, two) => one.order - two.order);
}

function guideOf(key: string, source: string): Guide {
  const head = /^<!-- (\d+): (.+) -->\n# (.+)\n/.exec(source);
  if (!head) throw new Error(`help/${key}.md must begin with <!-- order: summary --> and a # title`);
  const marked = new Marked({
    gfm: true,
    renderer: {
      code({ text, lang }) {
        return lang === "example" ? exampleHtml(text, key) : false;
      },
      heading({ tokens, depth, text }) {
        const id = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
    },
  });
  return {
    key,
    order: Number(head[1]),
    summary: head[2]!,
    title: head[3]!,
    html: marked.parse(filled(source), { async: false }),
  };
}

/** Tables of codes and their words, from the same function that the log uses. */
function filled(source: string): string {
  const table = (codes: readonly string[]) =>
    ["| code | in words |", "| --- | --- |", ...codes.map((code) => `| \`${code}\` | ${reasonText(code)} |`)].join(
      "\n",
    );
  return source.replace("{{reasons}}", () => table(skipReasons)).replace("{{errors}}", () => table(errorCodes));
}

function listHtml(guides: Guide[]) {
  return html`<h1>Guides</h1>
    <p>Short answers for those who set Pandora up. The examples were computed by Pandora itself.</p>
    <ul class="cards">
      ${guides.map(
        (guide) =>
          html`<li><a href="/help/${guide.key}"><b>${guide.title}</b><span>${raw(guide.summary)}</span></a></li>`,
      )}
    </ul>`;
}
