/** The text of a note that Pandora leaves on a deal, and the line it is known by. Pure. */

/** Stands on a line of its own; people see it, so it says whose it is. */
export function noteReference(key: string): string {
  return `Pandora reference: ${key}`;
}

/** @param text with its line ends */
export function hasReference(text: string, key: string): boolean {
  return text.split(/\r?\n/).some((line) => line.trim() === noteReference(key));
}

/** True for a note of ours, whatever its key. */
export function isOurNote(text: string): boolean {
  return text.split(/\r?\n/).some((line) => line.trim().startsWith(noteReference("")));
}

/** Body and reference within `lengthMax` characters: the body gives way. */
export function noteText(body: string, key: string, lengthMax: number): string {
  const end = `\n\n${noteReference(key)}`;
  const room = lengthMax - end.length;
  if (body.length <= room) return `${body.trimEnd()}${end}`;
  // A pair of code units is never cut in two.
  const cut = body.slice(0, room - 1).replace(/[\uD800-\uDBFF]$/, "");
  return `${cut.trimEnd()}…${end}`;
}
