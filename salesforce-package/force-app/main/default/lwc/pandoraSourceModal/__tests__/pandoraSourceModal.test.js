import PandoraSourceModal from 'c/pandoraSourceModal';
import createSource from '@salesforce/apex/PandoraApi.createSource';
import updateSource from '@salesforce/apex/PandoraApi.updateSource';
import { enter, example, giveValidity, mount, part, refusal, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.createSource', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateSource', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-source-modal';

afterEach(unmountAll);

const [source] = example('sources').items;

test('asks for what the kind needs, and sends only what was entered', async () => {
    createSource.mockResolvedValue(source);
    const element = mount(TAG, PandoraSourceModal);
    enter(part(element, '[data-field="kind"]'), 'gong');
    await settle();
    enter(part(element, '[data-field="secrets.access_key"]'), 'key');
    enter(part(element, '[data-field="settings.base_url"]'), 'https://us-1.api.gong.io');
    await settle();
    part(element, '[data-action="save"]').click();
    await settle();
    expect(createSource.mock.calls[0][0].request).toEqual({
        kind: 'gong',
        secrets: { access_key: 'key' },
        settings: { base_url: 'https://us-1.api.gong.io' },
        request_id: expect.any(String)
    });
    expect(element.closeValue).toEqual(source);
    await expect(element).toBeAccessible();
});

test('a kept secret stays kept; faults stand at their fields', async () => {
    const errors = [{ field: 'name', code: 'x', message: 'is taken' }];
    updateSource.mockRejectedValue(refusal({ status: 422, code: 'invalid_request', errors }));
    const element = mount(TAG, PandoraSourceModal, { source });
    await settle();
    giveValidity(element);
    expect(part(element, '[data-field="secrets.hook_secret"]').placeholder).toBe('Leave blank to keep it');
    part(element, '[data-action="save"]').click();
    await settle();
    expect(updateSource.mock.calls[0][0].request.secrets).toBeUndefined();
    expect(part(element, '[data-field="name"]').setCustomValidity).toHaveBeenCalledWith('Is taken.');
});
