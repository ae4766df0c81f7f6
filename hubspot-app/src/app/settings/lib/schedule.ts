/** Schedules in plain choices, and the cron lines they stand for. Pure. */
import type { SettingsWords } from "../words/index.ts";

export type Every = "day" | "weekdays" | "week" | "cron";

/** `cron` counts only for an own schedule; the other members keep what was chosen before. */
export type Schedule = { every: Every; hour: number; weekday: number; cron: string };

export const usualSchedule: Schedule = { every: "day", hour: 6, weekday: 1, cron: "" };

export function cronOf({ every, hour, weekday, cron }: Schedule): string {
  switch (every) {
    case "day":
      return `0 ${hour} * * *`;
    case "weekdays":
      return `0 ${hour} * * 1-5`;
    case "week":
      return `0 ${hour} * * ${weekday}`;
    case "cron":
      return cron.trim().replace(/\s+/g, " ");
    default:
      return every satisfies never;
  }
}

/** A cron line that none of the plain choices stands for is shown as an own schedule. */
export function scheduleOf(cron: string | null): Schedule {
  if (cron === null) return usualSchedule;
  const [, hour, days] = /^0 (\d{1,2}) \* \* (\*|1-5|[0-6])$/.exec(cron.trim()) ?? [];
  if (hour === undefined || Number(hour) > 23) return { ...usualSchedule, every: "cron", cron };
  const plain = { ...usualSchedule, hour: Number(hour), cron };
  if (days === "*") return { ...plain, every: "day" };
  if (days === "1-5") return { ...plain, every: "weekdays" };
  return { ...plain, every: "week", weekday: Number(days) };
}

const part = String.raw`(\*|\d{1,2}(-\d{1,2})?)(/\d{1,2})?`;
const list = `${part}(,${part})*`;
const fiveParts = new RegExp(`^${Array(5).fill(list).join(" ")}$`);

/** Only the form: whether it ever falls due is the server's to say. Names of days and months are left to it as well. */
export function looksLikeCron(text: string): boolean {
  const plain = text.trim().replace(/\s+/g, " ");
  return (
    fiveParts.test(plain) ||
    (plain.split(" ").length === 5 && /^[\d*,/\- A-Za-z#?]+$/.test(plain) && /[A-Z]/i.test(plain))
  );
}

export function clock(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

export function scheduleInWords(cron: string | null, words: SettingsWords): string {
  const { schedules, weekdays } = words.editor;
  const { every, hour, weekday } = scheduleOf(cron);
  if (every === "cron") return schedules.cron;
  if (every === "week") return schedules.week(weekdays[weekday] ?? "", clock(hour));
  return schedules[every](clock(hour));
}
