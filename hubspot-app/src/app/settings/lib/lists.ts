/** Lists that are typed as one text, separated by commas or lines. Pure. */

export function listOf(text: string): string[] {
  const items = text
    .split(/[,;\n]/)
    .map((item) => item.trim())
    .filter(Boolean);
  return [...new Set(items)];
}

export function textOf(list: readonly string[]): string {
  return list.join(", ");
}

/** As the server has it. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9_-]+\.)+[a-z0-9-]*[a-z][a-z0-9-]*$/.test(text.toLowerCase());
}

export function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@]+@([a-z0-9-]+\.)+[a-z]{2,}$/i.test(text.trim());
}

/** "Pandora Deal score!" → "pandora_deal_score" */
export function internalName(label: string): string {
  const plain = label
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const named = plain === "" || plain.startsWith("pandora") ? plain : `pandora_${plain}`;
  return named.slice(0, 100);
}
