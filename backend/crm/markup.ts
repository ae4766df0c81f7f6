/** Rich text of both CRMs: escaping, line breaks, and the markup they add by themselves. Pure. */

const entities: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

/** Escapes text and makes its line breaks visible. */
export function textToHtml(text: string): string {
  return escapeHtml(text.replace(/\r\n?/g, "\n")).replaceAll("\n", "<br>");
}

/** The visible text: tags gone, block ends and breaks as line ends, entities decoded. */
export function htmlToText(html: string): string {
  return html
    .replace(/\r\n?|\n/g, " ")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/<\/(p|div|li|h[1-6]|tr)>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity] ?? entity)
    .replaceAll("\u00a0", " ");
}

/**
 * One spelling for markup that says the same: `<br/>` and `<br />` are `<br>`, the wrapper both CRMs add around a
 * value (`<div>`, `<p>`, with or without attributes) goes, blank ends go, quotes and apostrophes are plain.
 */
export function normaliseHtml(html: string): string {
  let text = html
    .replace(/\r\n?/g, "\n")
    .replace(/<br\s*\/?>/gi, "<br>")
    // Inside a tag an entity may stand in a quoted attribute, which a plain quote would end.
    .replace(/<[^<>]*>|&#39;|&apos;|&quot;/g, (part) => (part.startsWith("<") ? part : part === "&quot;" ? '"' : "'"))
    .replace(/&nbsp;|\u00a0/g, " ");
  for (;;) {
    text = text.replace(/^(?:<br>|\s)+|(?:<br>|\s)+$/g, "");
    const inner = withoutWrapper(text);
    if (inner === null) return text;
    text = inner;
  }
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The inside of a single `<div>`/`<p>` that spans all of it; null when there is none. */
function withoutWrapper(text: string): string | null {
  const match = /^<(div|p)(?:\s[^>]*)?>([\s\S]*)<\/\1>$/i.exec(text);
  if (!match) return null;
  const inner = match[2]!;
  return new RegExp(`</?${match[1]}[\\s>]`, "i").test(inner) ? null : inner;
}
