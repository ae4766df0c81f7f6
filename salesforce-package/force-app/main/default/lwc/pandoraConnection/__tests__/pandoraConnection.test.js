import PandoraConnection from 'c/pandoraConnection';
import disconnect from '@salesforce/apex/PandoraApi.disconnect';
import getAlerts from '@salesforce/apex/PandoraApi.getAlerts';
import getConnection from '@salesforce/apex/PandoraApi.getConnection';
import getImport from '@salesforce/apex/PandoraApi.getImport';
import startConnect from '@salesforce/apex/PandoraApi.startConnect';
import LightningConfirm from 'lightning/confirm';
import { check, down, example, mount, part, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.disconnect', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getAlerts', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getConnection', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getImport', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.startConnect', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-connection';

afterEach(unmountAll);

beforeEach(() => {
    getConnection.mockResolvedValue(example('connection'));
    getImport.mockResolvedValue(example('import'));
    getAlerts.mockResolvedValue(example('alerts'));
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});
afterEach(() => jest.useRealTimers());

async function shown(session = example('session')) {
    const element = mount(TAG, PandoraConnection, { session });
    await settle();
    return element;
}

test('says how the connection is, what is left to do and what was read', async () => {
    const session = example('session');
    session.connections[0].setup_needed = ['Map a first field, or apply a template.'];
    const element = await shown(session);
    expect(part(element, '[data-id="facts"]').textContent).toContain('Connected');
    expect(element.shadowRoot.textContent).toContain('Map a first field');
    expect(element.shadowRoot.textContent).toContain('2,000 read');
    await expect(element).toBeAccessible();
});

test('a reading that goes on is followed', async () => {
    jest.useFakeTimers();
    getImport.mockResolvedValueOnce({ ...example('import'), status: 'running' });
    await shown();
    jest.runOnlyPendingTimers();
    await settle();
    expect(getImport).toHaveBeenCalledTimes(2);
});

test('connecting again opens the address that Pandora names', async () => {
    const open = jest.spyOn(window, 'open').mockImplementation(() => null);
    startConnect.mockResolvedValue({ url: 'https://login.salesforce.com/x' });
    const element = await shown();
    part(element, '[data-action="reconnect"]').click();
    await settle();
    expect(open).toHaveBeenCalledWith('https://login.salesforce.com/x', '_blank', 'noopener');
    open.mockRestore();
});

test('disconnecting asks first, and deletes the data only when told to', async () => {
    disconnect.mockResolvedValue({ deleted: true });
    const element = await shown();
    const gone = jest.fn();
    element.addEventListener('disconnected', gone);
    LightningConfirm.open.mockResolvedValueOnce(false);
    part(element, '[data-action="disconnect"]').click();
    await settle();
    expect(disconnect).not.toHaveBeenCalled();
    check(part(element, 'lightning-input'), true);
    part(element, '[data-action="disconnect"]').click();
    await settle();
    expect(disconnect.mock.calls[0][0].request.delete_data).toBe('1');
    expect(gone).toHaveBeenCalled();
});

test('failures have a way out', async () => {
    getConnection.mockRejectedValueOnce(down);
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    disconnect.mockRejectedValue(down);
    part(element, '[data-action="disconnect"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});
