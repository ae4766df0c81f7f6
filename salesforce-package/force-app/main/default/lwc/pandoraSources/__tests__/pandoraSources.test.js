import PandoraSources from 'c/pandoraSources';
import deleteSource from '@salesforce/apex/PandoraApi.deleteSource';
import getSources from '@salesforce/apex/PandoraApi.getSources';
import testSource from '@salesforce/apex/PandoraApi.testSource';
import updateSource from '@salesforce/apex/PandoraApi.updateSource';
import LightningConfirm from 'lightning/confirm';
import SourceModal from 'c/pandoraSourceModal';
import { down, example, mount, part, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.deleteSource', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getSources', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.testSource', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateSource', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-sources';

afterEach(unmountAll);

const [source] = example('sources').items;

beforeEach(() => {
    getSources.mockResolvedValue(example('sources'));
    SourceModal.open = jest.fn();
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});

async function shown() {
    const element = mount(TAG, PandoraSources);
    await settle();
    return element;
}
function choose(element, value) {
    part(element, 'lightning-button-menu').dispatchEvent(new CustomEvent('select', { detail: { value } }));
    return settle();
}

test('each source with how it is doing and the address to enter', async () => {
    const element = await shown();
    expect(part(element, '[data-id="source"]').textContent).toContain(source.hook_url);
    await expect(element).toBeAccessible();
});

test('a new source shows its secret this once', async () => {
    SourceModal.open.mockResolvedValue({ ...source, hook_secret: 's3cret' });
    const element = await shown();
    part(element, '[data-action="add"]').click();
    await settle();
    expect(part(element, '[data-id="secret"]').textContent).toContain('s3cret');
});

test('is tested, paused, changed and removed', async () => {
    testSource.mockResolvedValue({ ok: true, message: 'It works.' });
    updateSource.mockResolvedValue(source);
    deleteSource.mockResolvedValue({ deleted: true });
    const element = await shown();
    await choose(element, 'test');
    expect(testSource).toHaveBeenCalled();
    await choose(element, 'pause');
    expect(updateSource.mock.calls[0][0].request.status).toBe('paused');
    await choose(element, 'edit');
    expect(SourceModal.open.mock.calls[0][0].source.id).toBe(source.id);
    await choose(element, 'delete');
    expect(deleteSource.mock.calls[0][0].sourceId).toBe(source.id);
});

test('none says how to begin; failures have a way out', async () => {
    getSources.mockRejectedValueOnce(down).mockResolvedValueOnce({ items: [], next_cursor: null });
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(part(element, '[data-id="empty"]')).not.toBeNull();
});
