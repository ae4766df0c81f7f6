/** CSV that a spreadsheet opens without running anything in it. Pure. */

export function csvOf(rows: (string | null)[][]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n");
}

/** A cell that begins like a formula gets an apostrophe before it, as the server's own export does. */
function cell(value: string | null): string {
  const text = value ?? "";
  const safe = /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
