import PandoraTestModal from 'c/pandoraTestModal';
import testMapping from '@salesforce/apex/PandoraApi.testMapping';
import { down, example, mount, part, settle, textOf, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.testMapping', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-test-modal';

afterEach(unmountAll);

const [mapping] = example('mappings').items;
const left = example('try-result');
const wouldWrite = { ...left, decision: 'write', reason: null, reason_text: null, before: '40' };

async function looking(result) {
    const element = mount(TAG, PandoraTestModal, { mapping });
    await settle();
    await look(element, result);
    return element;
}
function look(element, detail) {
    part(element, 'c-pandora-preview').dispatchEvent(new CustomEvent('looked', { detail }));
    return settle();
}
function press(element, action) {
    part(element, `[data-action="${action}"]`).click();
    return settle();
}

test('looks first; writes only when told to, to the record that was shown', async () => {
    testMapping.mockResolvedValue({ ...wouldWrite, written: true });
    const element = await looking(wouldWrite);
    expect(part(element, 'c-pandora-preview')).toMatchObject({ mappingId: mapping.id, objectType: 'deal' });
    expect(testMapping).not.toHaveBeenCalled();
    await press(element, 'write');
    expect(testMapping.mock.calls).toEqual([
        [
            {
                mappingId: mapping.id,
                request: { crm_record_id: left.crm_record_id, write: true, request_id: expect.any(String) }
            }
        ]
    ]);
    expect(textOf(element, '[data-id="written"]')).toContain('It is written.');
    expect(part(element, '[data-action="write"]')).toBeNull();
    await expect(element).toBeAccessible();
    await press(element, 'close');
    expect(element.closeValue).toBe(true);
});

test('what would be left alone offers no writing, and nothing on screen neither', async () => {
    const element = await looking(left);
    expect(part(element, '[data-action="write"]')).toBeNull();
    expect(part(element, 'a').href).toBe(left.record_url);
    await look(element, null);
    expect(part(element, 'a')).toBeNull();
    await press(element, 'close');
    expect(element.closeValue).toBe(false);
});

test('changed meanwhile: nothing was written, and why', async () => {
    testMapping.mockResolvedValue(left);
    const element = await looking(wouldWrite);
    await press(element, 'write');
    expect(textOf(element, '[data-id="left"]')).toBe(`Nothing was written. ${left.reason_text}`);
});

test('a lost answer is asked for again under the same id', async () => {
    testMapping.mockRejectedValueOnce(down).mockResolvedValue({ ...wouldWrite, written: true });
    const element = await looking(wouldWrite);
    await press(element, 'write');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    const [first, second] = testMapping.mock.calls.map(([{ request }]) => request.request_id);
    expect(second).toBe(first);
    expect(part(element, 'c-pandora-error-panel')).toBeNull();
});
