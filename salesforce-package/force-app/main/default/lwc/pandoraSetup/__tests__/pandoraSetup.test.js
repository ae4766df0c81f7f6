import PandoraSetup from 'c/pandoraSetup';
import getConnectUrl from '@salesforce/apex/PandoraApi.getConnectUrl';
import getSession from '@salesforce/apex/PandoraApi.getSession';
import { down, example, mount, notConnected, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getConnectUrl', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getSession', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-setup';

afterEach(unmountAll);

jest.mock('@salesforce/apex', () => ({ refreshApex: jest.fn() }), { virtual: true });

async function shown() {
    const element = mount(TAG, PandoraSetup);
    await settle();
    return element;
}

test('an admin gets the tabs; a sync that was begun elsewhere is shown', async () => {
    getSession.mockResolvedValue(example('session'));
    const element = await shown();
    expect(parts(element, 'lightning-tab').map(({ label }) => label)).toEqual([
        'Connection',
        'Mappings',
        'Sync',
        'Log',
        'Calls without a deal',
        'Scoring',
        'Sources',
        'People',
        'Notices'
    ]);
    part(element, 'c-pandora-mappings').dispatchEvent(new CustomEvent('started'));
    await settle();
    expect(part(element, 'lightning-tabset').activeTabValue).toBe('sync');
});

test('not connected: one button that connects, one that looks again', async () => {
    getSession.mockRejectedValueOnce(notConnected).mockResolvedValue(example('session'));
    getConnectUrl.mockResolvedValue('https://api.pandora.example/oauth/salesforce/start');
    const open = jest.spyOn(window, 'open').mockImplementation(() => null);
    const element = await shown();
    await expect(element).toBeAccessible();
    part(element, '[data-action="connect"]').click();
    await settle();
    expect(open).toHaveBeenCalledWith('https://api.pandora.example/oauth/salesforce/start', '_blank', 'noopener');
    part(element, '[data-action="look"]').click();
    await settle();
    expect(part(element, '[data-id="tabs"]')).not.toBeNull();
    open.mockRestore();
});

test('who is no admin in Pandora is told so; a failure has a way out', async () => {
    getSession.mockRejectedValueOnce(down).mockResolvedValue({ ...example('session'), abilities: ['read'] });
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('noPermission');
});
