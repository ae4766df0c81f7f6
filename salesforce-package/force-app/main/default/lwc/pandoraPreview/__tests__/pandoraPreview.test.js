import PandoraPreview from 'c/pandoraPreview';
import previewMapping from '@salesforce/apex/PandoraApi.previewMapping';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import testMapping from '@salesforce/apex/PandoraApi.testMapping';
import { down, enter, example, mount, part, settle, textOf, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.previewMapping', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.searchRecords', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.testMapping', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-preview';

afterEach(unmountAll);

const draft = { pandora_field: 'deal_score', crm_property_name: 'Pandora_Deal_Score__c' };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function later() {
    jest.runOnlyPendingTimers();
    await settle();
}

test('waits for a field, then shows before and after', async () => {
    previewMapping.mockResolvedValue({ ...example('try-result'), decision: 'write', before: '50', after: '61' });
    const element = mount(TAG, PandoraPreview, { objectType: 'deal' });
    expect(part(element, '[data-id="waiting"]')).not.toBeNull();
    element.draft = draft;
    await later();
    expect([textOf(element, '[data-id="before"]'), textOf(element, '[data-id="after"]')]).toEqual(['50', '61']);
    jest.useRealTimers();
    await expect(element).toBeAccessible();
});

test('what would not be written says why', async () => {
    const kept = { ...example('try-result'), decision: 'skip', reason_text: 'Kept: a value was here', before: null };
    previewMapping.mockResolvedValue(kept);
    const element = mount(TAG, PandoraPreview, { objectType: 'deal', draft });
    await later();
    expect(textOf(element, '[data-id="reason"]')).toBe('Kept: a value was here');
    expect(textOf(element, '[data-id="before"]')).toBe('blank');
});

test('the same draft is asked once; on a record that was chosen it is asked again', async () => {
    previewMapping.mockResolvedValue(example('try-result'));
    searchRecords.mockResolvedValue(example('crm-search'));
    const element = mount(TAG, PandoraPreview, { objectType: 'deal', draft });
    await later();
    element.draft = { ...draft };
    await later();
    expect(previewMapping).toHaveBeenCalledTimes(1);
    enter(part(element, 'lightning-input'), 'ad');
    await later();
    part(element, '[data-action="choose"]').click();
    await later();
    expect(previewMapping.mock.lastCall[0].request.crm_record_id).toBe(example('crm-search').items[0].crm_id);
});

test('nothing found, and a failure, are told', async () => {
    searchRecords.mockResolvedValueOnce({ items: [] });
    previewMapping.mockRejectedValue(down);
    const element = mount(TAG, PandoraPreview, { objectType: 'deal', draft });
    enter(part(element, 'lightning-input'), 'zz');
    await later();
    expect(element.shadowRoot.textContent).toContain('No record begins with “zz”.');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});

test('a saved mapping is tried without writing, and says what it showed', async () => {
    testMapping.mockResolvedValue(example('try-result'));
    searchRecords.mockResolvedValue(example('crm-search'));
    const element = mount(TAG, PandoraPreview, { objectType: 'deal' });
    const looked = jest.fn();
    element.addEventListener('looked', ({ detail }) => looked(detail?.crm_record_id ?? null));
    element.mappingId = 'm1';
    await settle();
    expect(part(element, '[data-id="loading"]')).not.toBeNull();
    await later();
    expect(testMapping.mock.lastCall[0]).toEqual({ mappingId: 'm1', request: { crm_record_id: null, write: false } });
    expect(looked).toHaveBeenLastCalledWith(example('try-result').crm_record_id);
    enter(part(element, 'lightning-input'), 'ad');
    await later();
    part(element, '[data-action="choose"]').click();
    await settle();
    expect(looked).toHaveBeenLastCalledWith(null);
    expect(part(element, '[data-id="loading"]')).not.toBeNull();
    await later();
    expect(testMapping.mock.lastCall[0].request.crm_record_id).toBe(example('crm-search').items[0].crm_id);
    expect(previewMapping).not.toHaveBeenCalled();
});
