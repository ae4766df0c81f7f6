/** Reads what a person would read in a tree of rendered components. */

type Node = { nodeType: string; text?: string | null; props?: Record<string, unknown>; childNodes?: Node[] };

const spoken = ["title", "label", "number", "buttonText", "validationMessage", "valueDescription", "description"];

/** Texts and titles in reading order; overlays are not part of it until they are asked for. */
export function textOf(node: unknown): string {
  const { nodeType, text, props = {}, childNodes = [] } = node as Node;
  if (nodeType === "text") return text ?? "";
  const own = spoken.flatMap((name) => {
    const value = props[name];
    return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
  });
  return [...own, ...childNodes.map(textOf)].join(" ").replace(/\s+/g, " ").trim();
}
