/** Dates, money and numbers, as the person's language and time zone have them. */
import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const plain = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });

/** 12 Nov 2026; a day without a time of day is that day everywhere. */
export function day(at) {
    const timeZone = /^\d{4}-\d\d-\d\d$/.test(at) ? 'UTC' : TIME_ZONE;
    return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone }).format(new Date(at));
}

/** 12 Nov 2026, 14:05 */
export function moment(at) {
    const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: TIME_ZONE };
    return new Intl.DateTimeFormat(LOCALE, style).format(new Date(at));
}

/** "3 days ago", "in 5 minutes" */
export function ago(at) {
    const seconds = (new Date(at).getTime() - Date.now()) / 1000;
    const [unit, size] = unitOf(Math.abs(seconds));
    return relative.format(Math.trunc(seconds / size), unit);
}

export function number(value) {
    return plain.format(value);
}

/** 0.25 → 25% */
export function percent(share) {
    return new Intl.NumberFormat(LOCALE, { style: 'percent' }).format(share);
}

export function money(value, currency) {
    try {
        const style = { style: 'currency', currency, maximumFractionDigits: 0 };
        return new Intl.NumberFormat(LOCALE, style).format(value);
    } catch {
        return `${number(value)} ${currency ?? ''}`.trim();
    }
}

/** "2 min", "45 sec" */
export function duration(seconds) {
    const [unit, value] = seconds < 90 ? ['second', seconds] : ['minute', seconds / 60];
    return new Intl.NumberFormat(LOCALE, { style: 'unit', unit, maximumFractionDigits: 0 }).format(value);
}

/** What a value looks like in a narrow column: the first line, cut. */
export function short(text, max = 80) {
    const line = String(text ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

/** A value as a field holds it; moments are told as people read them. */
export function shown(value) {
    const text = String(value ?? '');
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) ? moment(text) : text;
}

function unitOf(seconds) {
    if (seconds < 60) return ['second', 1];
    if (seconds < 3600) return ['minute', 60];
    if (seconds < 86400) return ['hour', 3600];
    if (seconds < 86400 * 45) return ['day', 86400];
    return ['month', 86400 * 30];
}
