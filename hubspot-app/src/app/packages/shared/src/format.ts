/** Dates, money and numbers, as the person's language and the account's time zone have them. */

export type Format = {
  /** 12 Nov 2026 */
  day(at: string | Date): string;
  /** 12 Nov */
  shortDay(at: string | Date): string;
  /** 12 Nov 2026, 14:05 */
  moment(at: string | Date): string;
  /** 12 Nov, 14:05:31 */
  second(at: string | Date): string;
  /** "3 days ago", "in 5 minutes" */
  ago(at: string | Date): string;
  number(value: number): string;
  /** @param currency ISO 4217; an unknown one is put behind the number */
  money(value: number, currency: string): string;
  minutes(value: number): string;
};

/** @param locale as HubSpot has it ("en-us", "de"); what can't be read is taken for English */
export function createFormat(locale: string | undefined, timeZone: string | undefined): Format {
  const language = knownLocale(locale);
  const zone = knownZone(timeZone);
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: zone });
  // A day without a time of day ("2026-11-12") is that day everywhere.
  const plainDay = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const [shortDay, plainShortDay] = [zone, "UTC"].map(
    (timeZone) => new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone }),
  ) as [Intl.DateTimeFormat, Intl.DateTimeFormat];
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short", timeZone: zone });
  const second = new Intl.DateTimeFormat(language, {
    ...{ day: "numeric", month: "short", hour: "numeric", minute: "2-digit", second: "2-digit", timeZone: zone },
  });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const minute = new Intl.NumberFormat(language, { style: "unit", unit: "minute", maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    day: (at) => (isPlainDay(at) ? plainDay : day).format(asDate(at)),
    shortDay: (at) => (isPlainDay(at) ? plainShortDay : shortDay).format(asDate(at)),
    moment: (at) => moment.format(asDate(at)),
    second: (at) => second.format(asDate(at)),
    ago: (at) => {
      const seconds = (asDate(at).getTime() - Date.now()) / 1000;
      const { unit, size } = unitOf(Math.abs(seconds));
      return relative.format(Math.trunc(seconds / size), unit);
    },
    number: (value) => number.format(value),
    money: (value, currency) => {
      try {
        return new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 0 }).format(value);
      } catch {
        return `${number.format(value)} ${currency}`;
      }
    },
    minutes: (value) => minute.format(value),
  };
}

function isPlainDay(at: string | Date): boolean {
  return typeof at === "string" && /^\d{4}-\d\d-\d\d$/.test(at);
}

function asDate(at: string | Date): Date {
  return at instanceof Date ? at : new Date(at);
}

function unitOf(seconds: number): { unit: Intl.RelativeTimeFormatUnit; size: number } {
  if (seconds < 60) return { unit: "second", size: 60 };
  if (seconds < 3_600) return { unit: "minute", size: 60 };
  if (seconds < 86_400) return { unit: "hour", size: 3_600 };
  if (seconds < 86_400 * 45) return { unit: "day", size: 86_400 };
  return { unit: "month", size: 86_400 * 30 };
}

function knownLocale(locale: string | undefined): string {
  try {
    return Intl.getCanonicalLocales((locale ?? "en").replace("_", "-"))[0] ?? "en";
  } catch {
    return "en";
  }
}

function knownZone(timeZone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
