import PandoraGapSettings from 'c/pandoraGapSettings';
import getAutoCreate from '@salesforce/apex/PandoraApi.getAutoCreate';
import getSettings from '@salesforce/apex/PandoraApi.getSettings';
import saveAutoCreate from '@salesforce/apex/PandoraApi.saveAutoCreate';
import tryAutoCreate from '@salesforce/apex/PandoraApi.tryAutoCreate';
import updateSettings from '@salesforce/apex/PandoraApi.updateSettings';
import { down, enter, example, giveValidity, mount, part, refusal, settle, textOf, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getAutoCreate', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getSettings', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.saveAutoCreate', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.tryAutoCreate', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateSettings', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-gap-settings';

afterEach(unmountAll);

beforeEach(() => {
    getSettings.mockResolvedValue(example('settings'));
    getAutoCreate.mockResolvedValue(example('auto-create'));
});

async function shown() {
    const element = mount(TAG, PandoraGapSettings);
    await settle();
    giveValidity(element);
    return element;
}
const field = (element, name) => part(element, `[data-field="${name}"]`);
function change(input, value) {
    enter(input, value);
    return settle();
}

test('saves thresholds as numbers and lists as lists', async () => {
    updateSettings.mockResolvedValue(example('settings'));
    const element = await shown();
    await change(field(element, 'gaps.aging_days'), '9');
    await change(field(element, 'gaps.internal_domains'), 'acme.com, acme.de,');
    part(element, '[data-action="save"]').click();
    await settle();
    expect(updateSettings.mock.calls[0][0].request.gaps).toMatchObject({
        aging_days: 9,
        internal_domains: ['acme.com', 'acme.de']
    });
    await expect(element).toBeAccessible();
});

test('a fault within a list stands at its field, and what was typed is kept', async () => {
    const errors = [{ field: 'gaps.internal_domains.0', code: 'x', message: 'must be a domain, like acme.com' }];
    updateSettings.mockRejectedValue(refusal({ status: 422, code: 'invalid_request', errors }));
    const element = await shown();
    await change(field(element, 'gaps.internal_domains'), 'acme');
    part(element, '[data-action="save"]').click();
    await settle();
    const input = field(element, 'gaps.internal_domains');
    expect(input.setCustomValidity).toHaveBeenLastCalledWith('Must be a domain, like acme.com.');
    expect(input.value).toBe('acme');
});

test('a blank threshold is refused before it is sent', async () => {
    const element = await shown();
    await change(field(element, 'gaps.aging_days'), '');
    part(element, '[data-action="save"]').click();
    await settle();
    expect(updateSettings).not.toHaveBeenCalled();
});

test('the rule is tried, then saved', async () => {
    tryAutoCreate.mockResolvedValue(example('auto-create-dry-run'));
    saveAutoCreate.mockResolvedValue({ ...example('auto-create'), enabled: true });
    const element = await shown();
    await change(field(element, 'daily_cap'), '5');
    part(element, '[data-action="try"]').click();
    await settle();
    const { would_create: would } = example('auto-create-dry-run');
    expect(textOf(element, '[data-id="tried"]')).toContain(`make ${would.length} deals`);
    part(element, '[data-action="save-rule"]').click();
    await settle();
    expect(saveAutoCreate.mock.calls[0][0].request).toMatchObject({ enabled: false, daily_cap: 5 });
});

test('failures have a way out', async () => {
    getSettings.mockRejectedValueOnce(down);
    tryAutoCreate.mockRejectedValue(down);
    const element = mount(TAG, PandoraGapSettings);
    await settle();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    giveValidity(element);
    part(element, '[data-action="try"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});
