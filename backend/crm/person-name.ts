/** A name as people write it, in the two parts the CRMs want. Pure. */

/** "Ada King Lovelace" and "Lovelace, Ada King"; a single word is a last name. Blanks are joined. */
export function splitName(name: string): { first: string; last: string } {
  const clean = name.replace(/\s+/g, " ").trim();
  const comma = /^([^,]+), ([^,]+)$/.exec(clean);
  if (comma) return { first: comma[2]!.trim(), last: comma[1]!.trim() };
  const at = clean.lastIndexOf(" ");
  return { first: clean.slice(0, Math.max(0, at)), last: clean.slice(at + 1) };
}
