/** Numbers in sentences that people read: whole, and right in singular and plural. Pure. */

/** @returns "1 day", "3 days" */
export function days(count: number): string {
  return counted(count, "day");
}

/** @returns "today", "1 day ago", "3 days ago" */
export function ago(daysAgo: number): string {
  return whole(daysAgo) === 0 ? "today" : `${days(daysAgo)} ago`;
}

/** @returns "once", "twice", "3 times" */
export function times(count: number): string {
  return whole(count) === 1 ? "once" : whole(count) === 2 ? "twice" : `${whole(count)} times`;
}

/** @returns "1 call", "3 calls" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return whole(count) === 1 ? `1 ${one}` : `${whole(count)} ${many}`;
}

/** A count or an age as it can be: clocks that disagree give -1 days, which is today. */
export function whole(value: number): number {
  return value > 0 ? Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER) : 0;
}
