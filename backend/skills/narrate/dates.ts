/** Dates in a text, in the spellings people and models use. Pure. */

/** `readings`: every way to read it, `2026-11-12`, or `--11-12` where no year is given. */
export type DateSeen = { readings: string[]; year: number | null; start: number; end: number };

const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const month =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\b\\.?";
const day = "(\\d{1,2})(?:st|nd|rd|th)?";

/** Read in this order; what one of them took, the later ones don't see. */
const spellings: { pattern: RegExp; read(parts: string[]): Parts[] }[] = [
  {
    pattern: /(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?!\d)/g,
    read: ([y, m, d]) => [{ y: Number(y), m: Number(m), d: Number(d) }],
  },
  {
    pattern: new RegExp(`(?<!\\d)${day}\\.? (?:of )?${month}(?:,? (\\d{4})(?!\\d))?`, "gi"),
    read: ([d, m, y]) => [{ y: y ? Number(y) : null, m: monthOf(m!), d: Number(d) }],
  },
  {
    pattern: new RegExp(`(?<!\\p{L})${month} ${day}(?!\\d)(?:,? (\\d{4})(?!\\d))?`, "giu"),
    read: ([m, d, y]) => [{ y: y ? Number(y) : null, m: monthOf(m!), d: Number(d) }],
  },
  {
    // 12/11/2026 is November in one country and December in another: both are meant until one is ruled out.
    pattern: /(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/g,
    read: ([one, , two, y]) => {
      const year = y!.length === 2 ? 2000 + Number(y) : Number(y);
      return [
        { y: year, m: Number(two), d: Number(one) },
        { y: year, m: Number(one), d: Number(two) },
      ];
    },
  },
];

type Parts = { y: number | null; m: number; d: number };

/** @param text in NFKC form; what cannot be a date (34 May) is left to whoever reads numbers */
export function datesIn(text: string): DateSeen[] {
  const found: DateSeen[] = [];
  let left = text;
  for (const { pattern, read } of spellings) {
    for (const match of left.matchAll(pattern)) {
      const days = read(match.slice(1)).filter(({ m, d }) => m >= 1 && m <= 12 && d >= 1 && d <= 31);
      if (days.length === 0) continue;
      const start = match.index;
      const end = start + match[0].length;
      found.push({ readings: [...new Set(days.map(spell))], year: days[0]!.y, start, end });
      left = left.slice(0, start) + " ".repeat(end - start) + left.slice(end);
    }
  }
  return found;
}

function monthOf(name: string): number {
  return monthNames.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function spell({ y, m, d }: Parts): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${y === null ? "-" : y}-${two(m)}-${two(d)}`;
}
