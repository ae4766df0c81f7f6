/** Days as HubSpot's date field has them (months from 0), and as the API has them (yyyy-mm-dd). Pure. */

type Day = { year: number; month: number; date: number };

export function dayOf(iso: string | null): Day | null {
  const [year, month, date] = (iso ?? "").split("-").map(Number);
  return year && month && date ? { year, month: month - 1, date } : null;
}

export function isoOf(day: Day | null | undefined): string | null {
  if (!day) return null;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${String(day.year).padStart(4, "0")}-${two(day.month + 1)}-${two(day.date)}`;
}
