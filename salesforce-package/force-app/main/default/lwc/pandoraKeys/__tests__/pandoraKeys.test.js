import PandoraKeys from 'c/pandoraKeys';
import createKey from '@salesforce/apex/PandoraApi.createKey';
import getKeys from '@salesforce/apex/PandoraApi.getKeys';
import revokeKey from '@salesforce/apex/PandoraApi.revokeKey';
import LightningConfirm from 'lightning/confirm';
import {
    down,
    enter,
    giveValidity,
    mount,
    ownExample,
    part,
    parts,
    refusal,
    settle,
    textOf,
    unmountAll
} from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.createKey', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getKeys', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.revokeKey', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-keys';

afterEach(unmountAll);

const [inUse] = ownExample('api-keys').items;
const created = ownExample('api-key-created');

beforeEach(() => {
    getKeys.mockReset().mockResolvedValue(ownExample('api-keys'));
    createKey.mockReset().mockResolvedValue(created);
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});

async function shown() {
    const element = mount(TAG, PandoraKeys);
    await settle();
    giveValidity(element);
    return element;
}
async function press(element, action) {
    part(element, `[data-action="${action}"]`).click();
    await settle(16);
}
async function make(element, name) {
    const [nameInput, role] = parts(element, '[data-new]');
    enter(nameInput, name);
    enter(role, 'rep');
    await settle();
    await press(element, 'add');
}

test('keys with their role; a revoked one says so and offers nothing', async () => {
    const element = mount(TAG, PandoraKeys);
    expect(part(element, '[data-id="loading"]')).not.toBeNull();
    await settle();
    const [first, second] = parts(element, '[data-id="row"]').map((row) => row.textContent);
    expect(first).toContain(`begins with ${inUse.prefix}`);
    expect(first).toContain('Viewer');
    expect(second).toMatch(/revoked .* ago/);
    expect(second).toContain('Never');
    expect(parts(element, '[data-action="revoke"]')).toHaveLength(1);
    await expect(element).toBeAccessible();
});

test('none: says so; a failure: a way out', async () => {
    getKeys.mockReset().mockRejectedValueOnce(down).mockResolvedValue({ items: [], next_cursor: null });
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(textOf(element, '[data-id="empty"]')).toBe('There are no keys.');
});

test('more come with a click, each once', async () => {
    getKeys.mockReset().mockResolvedValue({ ...ownExample('api-keys'), next_cursor: 'n' });
    const element = await shown();
    await press(element, 'more');
    expect(getKeys.mock.lastCall[0].filters.cursor).toBe('n');
    expect(parts(element, '[data-id="row"]')).toHaveLength(2);
});

test('a key is made and shown this once', async () => {
    const element = await shown();
    await press(element, 'add');
    expect(createKey).not.toHaveBeenCalled();
    await make(element, ' Reports ');
    expect(createKey.mock.calls[0][0].request).toEqual({
        name: 'Reports',
        role: 'rep',
        request_id: expect.any(String)
    });
    expect(part(element, '[data-id="key"]').value).toBe(created.key);
    expect(getKeys).toHaveBeenCalledTimes(2);
    await expect(element).toBeAccessible();
    await press(element, 'put-away');
    expect(part(element, '[data-id="made"]')).toBeNull();
});

test('a lost answer is asked for again under the same id, and a key not shown again says why', async () => {
    createKey
        .mockReset()
        .mockRejectedValueOnce(down)
        .mockResolvedValue({ ...created, key: null });
    const element = await shown();
    await make(element, 'Reports');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle(16);
    const [first, second] = createKey.mock.calls.map(([{ request }]) => request.request_id);
    expect(second).toBe(first);
    expect(part(element, '[data-id="key"]')).toBeNull();
    expect(part(element, '[data-id="made"]').textContent).toContain('revoke it and make another');
});

test('a refused name is told at its field and stays typed', async () => {
    const errors = [{ field: 'name', code: 'x', message: 'is taken' }];
    createKey.mockReset().mockRejectedValue(refusal({ status: 422, code: 'invalid_request', errors }));
    const element = await shown();
    await make(element, 'Reports');
    const [nameInput] = parts(element, '[data-new]');
    expect(nameInput.setCustomValidity).toHaveBeenLastCalledWith('Is taken.');
    expect(nameInput.value).toBe('Reports');
});

test('revoking asks first', async () => {
    revokeKey.mockResolvedValue({ deleted: true });
    const element = await shown();
    LightningConfirm.open.mockResolvedValueOnce(false);
    await press(element, 'revoke');
    expect(revokeKey).not.toHaveBeenCalled();
    await press(element, 'revoke');
    expect(revokeKey.mock.calls[0][0]).toEqual({ keyId: inUse.id, request: { request_id: expect.any(String) } });
    expect(getKeys).toHaveBeenCalledTimes(2);
});
