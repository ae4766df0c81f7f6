/** One CSV line (RFC 4180), safe to open in a spreadsheet: a cell that would be a formula starts with an apostrophe. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

function cellOf(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  // A plain number may begin with a minus; anything else that begins like a formula is text.
  // Spreadsheets read the full-width signs as the plain ones (OWASP, CSV Injection).
  const formula = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text);
  const safe = formula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
