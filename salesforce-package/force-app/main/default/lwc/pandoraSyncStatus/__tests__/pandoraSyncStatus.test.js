import PandoraSyncStatus from 'c/pandoraSyncStatus';
import cancelRun from '@salesforce/apex/PandoraApi.cancelRun';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import getRun from '@salesforce/apex/PandoraApi.getRun';
import getRunChanges from '@salesforce/apex/PandoraApi.getRunChanges';
import getRuns from '@salesforce/apex/PandoraApi.getRuns';
import resumeRun from '@salesforce/apex/PandoraApi.resumeRun';
import retryFailed from '@salesforce/apex/PandoraApi.retryFailed';
import startDryRun from '@salesforce/apex/PandoraApi.startDryRun';
import startSync from '@salesforce/apex/PandoraApi.startSync';
import undoRun from '@salesforce/apex/PandoraApi.undoRun';
import LightningConfirm from 'lightning/confirm';
import { down, enter, example, mount, part, parts, settle, textOf, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.cancelRun', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getMappings', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getRun', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getRunChanges', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getRuns', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.resumeRun', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.retryFailed', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.startDryRun', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.startSync', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.undoRun', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-sync-status';

afterEach(unmountAll);

const done = () => example('run-done');
const going = () => ({ ...done(), status: 'running', finished_at: null, rate_per_s: 120, eta_s: 30 });

beforeEach(() => {
    getRuns.mockResolvedValue(example('runs'));
    getMappings.mockResolvedValue(example('mappings'));
    getRunChanges.mockResolvedValue({ ...example('changes'), next_cursor: 'n' });
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});
afterEach(() => jest.useRealTimers());

async function shown() {
    const element = mount(TAG, PandoraSyncStatus);
    await settle();
    return element;
}
const tile = (element, key) => textOf(element, `[data-key="${key}"] .tile__value`);

test("the last run with its figures, this org's share only, and what it changed", async () => {
    const element = await shown();
    const [run] = example('runs').items;
    const ours = run.by_mapping.filter(({ crm_type: crm }) => crm === 'salesforce');
    const written = ours.reduce((sum, each) => sum + each.written, 0);
    expect(tile(element, 'write')).toBe(written.toLocaleString('en-US'));
    expect(parts(element, '[data-id="change"]')).toHaveLength(example('changes').items.length);
    await expect(element).toBeAccessible();
});

test('a dry run shows its report', async () => {
    const dry = example('run-dry');
    const ours = { ...dry, by_mapping: dry.by_mapping.filter(({ crm_type: crm }) => crm === 'salesforce') };
    getRuns.mockResolvedValue({ items: [ours], next_cursor: null });
    const element = await shown();
    expect(tile(element, 'total')).toBe(dry.report.total.toLocaleString('en-US'));
});

test('nothing yet: says how to begin', async () => {
    getRuns.mockResolvedValue({ items: [], next_cursor: null });
    const element = await shown();
    expect(part(element, '[data-id="empty"]')).not.toBeNull();
    expect(part(element, '[data-action="sync"]').disabled).toBe(false);
});

test('a started dry run is followed with its progress until it is done', async () => {
    jest.useFakeTimers();
    startDryRun.mockResolvedValue({ ...example('run-queued'), kind: 'dry_run' });
    getRun.mockResolvedValueOnce({ ...going(), id: example('run-queued').id }).mockResolvedValue({
        ...done(),
        id: example('run-queued').id
    });
    const element = await shown();
    part(element, '[data-action="dry-run"]').click();
    part(element, '[data-action="dry-run"]').click();
    await settle();
    expect(startDryRun).toHaveBeenCalledTimes(1);
    expect(startDryRun.mock.calls[0][0].request.mapping_ids).toHaveLength(example('mappings').items.length);
    jest.runOnlyPendingTimers();
    await settle();
    expect(part(element, '[data-id="progress"]').textContent).toContain('120 a second');
    jest.runOnlyPendingTimers();
    await settle();
    expect(part(element, '[data-id="progress"]')).toBeNull();
    expect(part(element, '[data-id="status"]').label).toBe('Done');
});

test('a paused run asks, and goes on or is cancelled', async () => {
    const paused = { ...done(), status: 'paused', status_reason: 'It would replace many values.' };
    getRuns.mockResolvedValue({ items: [paused], next_cursor: null });
    resumeRun.mockRejectedValueOnce(down);
    cancelRun.mockResolvedValue({ ...paused, status: 'cancelled' });
    const element = await shown();
    expect(part(element, '[data-id="run"]').textContent).toContain('It would replace many values.');
    part(element, '[data-action="resume"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    part(element, '[data-action="cancel"]').click();
    await settle();
    expect(part(element, '[data-id="status"]').label).toBe('Cancelled');
});

test('undo asks first; what failed is tried again', async () => {
    const failed = { ...done(), totals: { ...done().totals, written: 5, errors: { value_refused: 2 } } };
    getRuns.mockResolvedValue({ items: [failed], next_cursor: null });
    undoRun.mockResolvedValue({ ...example('run-queued'), kind: 'undo' });
    retryFailed.mockResolvedValue({ ...example('run-queued'), kind: 'retry' });
    const element = await shown();
    LightningConfirm.open.mockResolvedValueOnce(false);
    part(element, '[data-action="undo"]').click();
    await settle();
    expect(undoRun).not.toHaveBeenCalled();
    part(element, '[data-action="retry"]').click();
    await settle();
    expect(retryFailed).toHaveBeenCalledTimes(1);
    expect(textOf(element, '[data-id="kind"]')).toBe('Retry of failed writes');
});

test('skipped ones are asked for, more come with a click, and an earlier run is shown', async () => {
    const element = await shown();
    enter(part(element, 'lightning-combobox'), 'skip');
    await settle();
    expect(getRunChanges.mock.lastCall[0].filters).toMatchObject({ crm: 'salesforce', decision: 'skip' });
    parts(element, 'lightning-button')
        .find(({ label }) => label === 'Show more')
        .click();
    await settle();
    expect(getRunChanges.mock.lastCall[0].filters.cursor).toBe('n');
    part(element, '[data-action="show"]').click();
    await settle();
    expect(getRunChanges.mock.lastCall[0].runId).not.toBe(example('runs').items[0].id);
});

test('a sync is of this org, and pressed again after a lost answer it is the same', async () => {
    startSync.mockRejectedValueOnce(down).mockResolvedValue(example('run-queued'));
    const element = await shown();
    part(element, '[data-action="sync"]').click();
    await settle();
    part(element, '[data-action="sync"]').click();
    await settle();
    const [one, two] = startSync.mock.calls.map(([{ request }]) => request);
    expect(two.request_id).toBe(one.request_id);
    expect(one.mapping_ids).toEqual(example('mappings').items.map(({ id }) => id));
});

test('a failure has a way out', async () => {
    getRuns.mockRejectedValueOnce(down);
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(part(element, '[data-id="run"]')).not.toBeNull();
});
