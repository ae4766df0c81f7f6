import PandoraMappings from 'c/pandoraMappings';
import adoptValues from '@salesforce/apex/PandoraApi.adoptValues';
import deleteMapping from '@salesforce/apex/PandoraApi.deleteMapping';
import getFields from '@salesforce/apex/PandoraApi.getFields';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import startSync from '@salesforce/apex/PandoraApi.startSync';
import updateMapping from '@salesforce/apex/PandoraApi.updateMapping';
import LightningConfirm from 'lightning/confirm';
import MappingEditor from 'c/pandoraMappingEditor';
import TestModal from 'c/pandoraTestModal';
import { check, down, example, mount, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.adoptValues', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.deleteMapping', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getFields', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getMappings', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.startSync', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateMapping', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-mappings';

afterEach(unmountAll);

const { items } = example('mappings');

beforeEach(() => {
    getFields.mockResolvedValue(example('fields'));
    getMappings.mockResolvedValue(example('mappings'));
    MappingEditor.open = jest.fn();
    TestModal.open = jest.fn();
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});

async function shown() {
    const element = mount(TAG, PandoraMappings);
    await settle();
    return element;
}
function choose(element, value) {
    part(element, 'lightning-button-menu').dispatchEvent(new CustomEvent('select', { detail: { value } }));
    return settle();
}

test('each mapping in words', async () => {
    const element = await shown();
    const rows = parts(element, '[data-id="mapping"]');
    expect(rows).toHaveLength(items.length);
    expect(rows[0].textContent).toContain('Deal score');
    expect(rows[0].textContent).toContain('Overwrite');
    expect(rows[0].textContent).not.toContain('after_skill_run');
    await expect(element).toBeAccessible();
});

test('none: says how to begin; a failure: a way out', async () => {
    getMappings.mockResolvedValueOnce({ items: [], next_cursor: null }).mockRejectedValueOnce(down);
    const element = await shown();
    expect(part(element, '[data-id="empty"]')).not.toBeNull();
    part(element, 'c-pandora-templates').dispatchEvent(new CustomEvent('applied'));
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});

test('a broken mapping says why and can not be switched', async () => {
    const broken = { ...items[0], status: 'broken', status_reason: 'The field is gone.' };
    getMappings.mockResolvedValue({ items: [broken], next_cursor: null });
    const element = await shown();
    expect(part(element, '[data-id="mapping"]').textContent).toContain('The field is gone.');
    expect(part(element, 'lightning-input').disabled).toBe(true);
});

test('is paused and resumed', async () => {
    updateMapping.mockResolvedValue(items[0]);
    const element = await shown();
    check(part(element, 'lightning-input'), false);
    await settle();
    expect(updateMapping.mock.calls[0][0]).toMatchObject({ mappingId: items[0].id, request: { status: 'paused' } });
});

test('is edited in its window, and synced when asked', async () => {
    MappingEditor.open.mockResolvedValue({ mapping: items[0], syncs: true });
    startSync.mockResolvedValue(example('run-queued'));
    const element = await shown();
    const started = jest.fn();
    element.addEventListener('started', started);
    await choose(element, 'edit');
    expect(MappingEditor.open.mock.calls[0][0].mapping.id).toBe(items[0].id);
    expect(startSync.mock.calls[0][0].request.mapping_ids).toEqual([items[0].id]);
    expect(started).toHaveBeenCalled();
});

test('a new one begins empty, and closing the window changes nothing', async () => {
    const element = await shown();
    part(element, '[data-action="new"]').click();
    await settle();
    expect(MappingEditor.open.mock.calls[0][0].mapping).toBeUndefined();
    expect(getMappings).toHaveBeenCalledTimes(1);
});

test('is tested on a record; what was written shows', async () => {
    TestModal.open.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    const element = await shown();
    await choose(element, 'test');
    expect(TestModal.open.mock.calls[0][0].mapping.id).toBe(items[0].id);
    expect(TestModal.open.mock.calls[0][0].label).toBe('Test “Deal score” on a record');
    expect(getMappings).toHaveBeenCalledTimes(1);
    await choose(element, 'test');
    expect(getMappings).toHaveBeenCalledTimes(2);
});

test('deleting and taking over ask first', async () => {
    deleteMapping.mockResolvedValue({ deleted: true });
    adoptValues.mockRejectedValue(down);
    const element = await shown();
    LightningConfirm.open.mockResolvedValueOnce(false);
    await choose(element, 'delete');
    expect(deleteMapping).not.toHaveBeenCalled();
    await choose(element, 'delete');
    expect(deleteMapping.mock.calls[0][0].mappingId).toBe(items[0].id);
    await choose(element, 'adopt');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});
