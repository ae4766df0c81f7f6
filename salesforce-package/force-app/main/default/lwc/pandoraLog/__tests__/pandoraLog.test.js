import PandoraLog from 'c/pandoraLog';
import getLog from '@salesforce/apex/PandoraApi.getLog';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import undoWrite from '@salesforce/apex/PandoraApi.undoWrite';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { ShowToastEventName } from 'lightning/platformShowToastEvent';
import { csvOf } from '../logFile';
import { down, enter, example, mount, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getLog', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getMappings', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.undoWrite', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-log';

afterEach(unmountAll);

jest.mock('lightning/uiRecordApi', () => ({ notifyRecordUpdateAvailable: jest.fn() }));

const { items } = example('log');

beforeEach(() => {
    getLog.mockResolvedValue(example('log'));
    getMappings.mockResolvedValue(example('mappings'));
});

async function shown() {
    const element = mount(TAG, PandoraLog);
    await settle();
    return element;
}

test('each entry with its record, field, values and reason in words', async () => {
    const element = await shown();
    const rows = parts(element, '[data-id="entry"]');
    expect(rows).toHaveLength(items.length);
    const skipped = items.findIndex(({ status }) => status === 'skipped');
    expect(rows[skipped].textContent).toContain(items[skipped].reason_text);
    expect(rows[0].textContent).not.toMatch(/[a-z]_[a-z]/);
    expect(getLog.mock.calls[0][0].filters.crm).toBe('salesforce');
    await expect(element).toBeAccessible();
});

test('a write is taken back, and the record is read anew', async () => {
    undoWrite.mockResolvedValue({ ...example('undo-result'), status: 'success' });
    const element = await shown();
    const toast = jest.fn();
    element.addEventListener(ShowToastEventName, toast);
    part(element, '[data-action="undo"]').click();
    await settle();
    const entry = items.find(({ can_undo: can }) => can);
    expect(undoWrite.mock.calls[0][0].entryId).toBe(entry.id);
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: entry.crm_record_id }]);
    expect(toast.mock.calls[0][0].detail.title).toBe('Taken back.');
});

test('what can not be taken back says why', async () => {
    undoWrite.mockResolvedValueOnce({ ...items[0], status: 'skipped', reason_text: 'Left alone: changed since' });
    undoWrite.mockRejectedValueOnce(down);
    const element = await shown();
    const toast = jest.fn();
    element.addEventListener(ShowToastEventName, toast);
    part(element, '[data-action="undo"]').click();
    await settle();
    expect(toast.mock.calls[0][0].detail).toMatchObject({ title: 'Left alone: changed since', variant: 'warning' });
    part(element, '[data-action="undo"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});

test('filters ask anew; an empty answer says so', async () => {
    const element = await shown();
    getLog.mockResolvedValue({ items: [], next_cursor: null });
    enter(part(element, 'lightning-combobox'), 'error');
    await settle();
    expect(getLog.mock.lastCall[0].filters.status).toBe('error');
    expect(part(element, '[data-id="empty"]').textContent).toContain('matches these filters');
});

test('more come with a click', async () => {
    getLog.mockResolvedValueOnce({ items, next_cursor: 'n' });
    const element = await shown();
    getLog.mockResolvedValueOnce({ items: items.slice(0, 1).map((each) => ({ ...each, id: 'x' })), next_cursor: null });
    part(element, '[data-action="more"]').click();
    await settle();
    expect(parts(element, '[data-id="entry"]')).toHaveLength(items.length + 1);
});

test('is downloaded page by page', async () => {
    getLog.mockResolvedValueOnce({ items, next_cursor: null });
    const element = await shown();
    getLog.mockResolvedValueOnce({ items, next_cursor: 'n' }).mockResolvedValueOnce({ items, next_cursor: null });
    const click = jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    part(element, '[data-action="download"]').click();
    await settle(16);
    expect(click).toHaveBeenCalledTimes(1);
    expect(getLog).toHaveBeenCalledTimes(3);
    click.mockRestore();
});

test('the file runs no formula in a spreadsheet', () => {
    const entry = { ...items[0], previous_value: '=HYPERLINK("x")', value_written: '-5' };
    const [, line] = csvOf([entry]).split('\r\n');
    expect(line).toContain(`"'=HYPERLINK(""x"")"`);
    expect(line).toContain('"-5"');
});

test('a failure has a way out', async () => {
    getLog.mockRejectedValueOnce(down);
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(parts(element, '[data-id="entry"]').length).toBeGreaterThan(0);
});
