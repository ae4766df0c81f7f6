/** A run as the page shows it. Pure. */
import { ago, duration, moment, number, shown } from 'c/pandoraFormat';
import { say, wordOf, words } from 'c/pandoraWords';

const GOING = ['queued', 'running', 'cancelling'];
const THEMES = {
    completed: 'slds-theme_success',
    completed_with_errors: 'slds-theme_warning',
    paused: 'slds-theme_warning',
    failed: 'slds-theme_error'
};

export function isGoing(run) {
    return GOING.includes(run.status);
}

/** @returns whether a run had to do with this org */
export function isOfThisOrg({ by_mapping: mappings }) {
    return mappings.length === 0 || mappings.some(isOurs);
}

/** @param whole as the API tells it; another CRM's mappings are left out of its sums */
export function runView(whole) {
    const run = ofThisOrg(whole);
    const { totals, status } = run;
    const goes = isGoing(run);
    const isSync = run.kind === 'sync' || run.kind === 'retry';
    const isOver = !goes && status !== 'paused';
    return {
        id: run.id,
        kind: wordOf('run', run.kind),
        status: wordOf('runStatus', status),
        badgeClass: THEMES[status] ?? '',
        reason: run.status_reason,
        goes,
        percent: percentOf(run),
        progress: progressOf(run),
        when: whenOf(run),
        whenExactly: moment(run.finished_at ?? run.created_at),
        summary: `${wordOf('runStatus', status)} · ${whenOf(run)}`,
        tiles: tilesOf(run),
        canCancel: goes || status === 'paused',
        canResume: status === 'paused',
        canUndo: isOver && isSync && totals.written > 0,
        canRetry: isOver && isSync && sum(totals.errors) > 0,
        isDryRun: run.kind === 'dry_run',
        isOver,
        changesTitle: run.kind === 'dry_run' ? words.runs.changes : words.runs.changed
    };
}

/** What a change looks like in the table. */
export function changeView(change, labelOf) {
    return {
        id: change.id,
        record: change.record_name ?? '',
        url: change.record_url,
        field: labelOf(change),
        before: shown(change.before),
        after: change.decision === 'write' ? shown(change.after) : '',
        why: change.reason_text ?? ''
    };
}

function whenOf(run) {
    if (run.finished_at) return say(words.runs.finished, ago(run.finished_at));
    return say(words.runs.started, ago(run.started_at ?? run.created_at));
}

function isOurs({ crm_type: crm }) {
    return crm === 'salesforce';
}

function ofThisOrg(run) {
    const ours = run.by_mapping.filter(isOurs);
    if (ours.length === run.by_mapping.length) return run;
    const add = (name) => ours.reduce((total, each) => total + each[name], 0);
    const addAll = (name) => ours.reduce((total, each) => total + sum(each[name]), 0);
    const totals = {
        records: null,
        done: add('done'),
        written: add('written'),
        already_current: add('already_current'),
        skipped: { all: addAll('skipped') },
        errors: { all: addAll('errors') }
    };
    return { ...run, totals, by_mapping: ours, report: undefined };
}

function percentOf({ totals, by_mapping: mappings, status }) {
    if (totals.records === null || totals.records === 0) return status === 'queued' ? 0 : 5;
    const expected = Math.max(totals.done, totals.records * Math.max(1, mappings.length / objectsOf(mappings)));
    return Math.min(100, Math.round((totals.done / expected) * 100));
}

/** Each record is counted once, however many mappings its object has. */
function objectsOf(mappings) {
    return Math.max(1, new Set(mappings.map((each) => each.crm_object_type)).size);
}

function progressOf({ totals, rate_per_s: rate, eta_s: left }) {
    const parts = [];
    if (totals.records !== null) parts.push(say(words.runs.records, number(totals.records)));
    parts.push(say(words.runs.counts, number(totals.written), number(totals.done)));
    if (rate !== null) parts.push(say(words.runs.rate, number(Math.round(rate))));
    if (left) parts.push(say(words.runs.left, duration(left)));
    return parts.join(' · ');
}

function tilesOf({ kind, totals, report }) {
    if (kind === 'dry_run' && report) {
        return [
            tile('total', words.runs.total, report.total),
            tile('write', words.runs.wouldChange, report.would_change),
            tile('unchanged', words.runs.unchanged, report.unchanged),
            tile('skip', words.runs.skipped, report.skipped),
            tile('error', words.runs.invalid, report.invalid)
        ];
    }
    return [
        tile('total', words.runs.total, totals.done),
        tile('write', words.runs.written, totals.written),
        tile('unchanged', words.runs.unchanged, totals.already_current),
        tile('skip', words.runs.skipped, sum(totals.skipped)),
        tile('error', words.runs.failed, sum(totals.errors))
    ];
}

function tile(key, label, value) {
    return { key, label, value: number(value) };
}

function sum(counts) {
    return Object.values(counts).reduce((total, count) => total + count, 0);
}
