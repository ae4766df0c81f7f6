/** The log as a CSV file that a spreadsheet can't be made to run. Pure. */
import { wordOf, words } from 'c/pandoraWords';

/** @param entries as the API tells them: without records the user can't see */
export function csvOf(entries) {
    const head = [
        words.log.when,
        words.log.object,
        words.log.record,
        words.log.field,
        words.log.before,
        words.log.after,
        words.log.result,
        words.runs.why
    ];
    const rows = entries.map((entry) => [
        entry.created_at,
        wordOf('object', entry.crm_object_type),
        entry.record_name,
        entry.crm_property_name,
        entry.previous_value,
        entry.value_written,
        wordOf('logStatus', entry.status),
        entry.reason_text
    ]);
    return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

/** Quoted; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value) {
    const text = String(value ?? '');
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
}
