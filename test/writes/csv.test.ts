import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLine } from "../../backend/writes/csv.ts";

describe("a cell that would be a formula", () => {
  test.each([
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("http://x","y")',
    "-2e5",
    "＝1",
    "＋1",
    "－1",
    "＠x",
  ])("%j is text", (cell) => expect(parse(csvLine([cell]))).toEqual([[`'${cell}`]]));
  test.each([-5, "-5.25", "0", "2026-02-21", "a=b", "Ann - Ben", "", "[Feb 21, 2026] x"])("%j stays as it is", (cell) =>
    expect(parse(csvLine([cell]))).toEqual([[String(cell)]]),
  );
});

test("null and undefined are empty", () => expect(csvLine([null, undefined, 0, false])).toBe(",,0,false\r\n"));

test("quotes, commas and line ends stay inside their cell", () =>
  expect(csvLine(['say "hi"', "a,b", "a\nb", "plain"])).toBe('"say ""hi""","a,b","a\nb",plain\r\n'));

test("any cells come back, safe to open", () =>
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (cells) => {
      const [row, ...more] = parse(csvLine(cells));
      expect(more).toEqual([]);
      expect(row).toHaveLength(cells.length);
      row!.forEach((cell, index) => {
        expect([cells[index], `'${cells[index]}`]).toContain(cell);
        expect(cell.startsWith("'") || !/^[=+@\t\r\n]/.test(cell)).toBe(true);
        expect(/^-/.test(cell) && Number.isNaN(Number(cell))).toBe(false);
      });
    }),
  ));

/** A reader of RFC 4180, so that what a spreadsheet sees is looked at and not how it is spelt. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === ",") {
      rows.at(-1)!.push(cell);
      cell = "";
    } else if (char === "\r" && text[at + 1] === "\n") {
      rows.at(-1)!.push(cell);
      cell = "";
      rows.push([]);
      at += 1;
    } else cell += char;
  }
  return rows.slice(0, -1);
}
