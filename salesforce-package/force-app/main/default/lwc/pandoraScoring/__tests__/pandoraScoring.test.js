import PandoraScoring from 'c/pandoraScoring';
import getScoring from '@salesforce/apex/PandoraApi.getScoring';
import previewScoring from '@salesforce/apex/PandoraApi.previewScoring';
import updateScoring from '@salesforce/apex/PandoraApi.updateScoring';
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

jest.mock('@salesforce/apex/PandoraApi.getScoring', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.previewScoring', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateScoring', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-scoring';

afterEach(unmountAll);

const usual = ownExample('scoring');
const [deals, accounts] = usual.items;

beforeEach(() => {
    getScoring.mockResolvedValue(ownExample('scoring'));
    previewScoring.mockResolvedValue(ownExample('scoring-preview'));
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});

async function shown() {
    const element = mount(TAG, PandoraScoring);
    await settle();
    giveValidity(element);
    return element;
}
function field(element, place) {
    return part(element, `[data-field="${place}"]`);
}
async function type(element, place, value) {
    enter(field(element, place), value);
    await settle();
}
async function press(element, action) {
    part(element, `[data-action="${action}"]`).click();
    await settle(12);
}
const faultAt = (element, place) => field(element, place).setCustomValidity.mock.lastCall?.[0];

test('each weight with its share, each limit with what is usual', async () => {
    const element = mount(TAG, PandoraScoring);
    expect(part(element, '[data-id="loading"]')).not.toBeNull();
    await settle();
    expect(parts(element, '[data-part="weights"]').map(({ label }) => label)).toEqual(
        deals.weights.map(({ label }) => label)
    );
    expect(textOf(element, '[data-id="hint"]')).toBe('25% of the score. Usual: 25.');
    expect(element.shadowRoot.textContent).toContain('Days. Usual: 30.');
    expect(parts(element, '[data-part="thresholds"]')).toHaveLength(deals.thresholds.length);
    expect(part(element, '[data-action="preview"]').disabled).toBe(true);
    await expect(element).toBeAccessible();
});

test('a failure has a way out', async () => {
    getScoring.mockRejectedValueOnce(down);
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(field(element, 'weights.activity')).not.toBeNull();
});

test('the effect of a change is shown, until something else is typed', async () => {
    const element = await shown();
    await type(element, 'weights.activity', '75');
    expect(textOf(element, '[data-id="hint"]')).toBe('50% of the score. Usual: 25.');
    await press(element, 'preview');
    expect(previewScoring.mock.calls[0][0].request).toEqual({
        score: 'deal_score',
        crm: 'salesforce',
        scoring: { deal_score: { weights: { activity: 75 }, thresholds: {} } }
    });
    expect(part(element, '[data-id="effect"]').textContent).toContain('214 records');
    expect(part(element, '[data-id="effect"]').textContent).toContain('58.2 to 60.1');
    expect(parts(element, '[data-id="sample"]')).toHaveLength(2);
    expect(updateScoring).not.toHaveBeenCalled();
    await expect(element).toBeAccessible();
    await type(element, 'weights.activity', '70');
    expect(part(element, '[data-id="effect"]')).toBeNull();
});

test('no effect is told; one that comes too late is not shown', async () => {
    const none = { ...ownExample('scoring-preview'), up: 0, down: 0, samples: [] };
    previewScoring.mockResolvedValueOnce(none);
    const element = await shown();
    await type(element, 'thresholds.contacts_full', '4');
    await press(element, 'preview');
    expect(textOf(element, '[data-id="no-effect"]')).toBe('No record would score differently.');
    let answer;
    previewScoring.mockReturnValueOnce(
        new Promise((resolve) => {
            answer = resolve;
        })
    );
    await press(element, 'preview');
    expect(part(element, '[data-id="previewing"]')).not.toBeNull();
    await type(element, 'thresholds.contacts_full', '5');
    answer(none);
    await settle();
    expect(part(element, '[data-id="effect"]')).toBeNull();
});

test('what can not be is told at its field, and nothing is sent', async () => {
    const element = await shown();
    await type(element, 'weights.activity', '101');
    await type(element, 'thresholds.activity_full_days', '40');
    await press(element, 'preview');
    expect(faultAt(element, 'weights.activity')).toBe('A number from 0 to 100, with at most three decimals.');
    expect(faultAt(element, 'thresholds.activity_full_days')).toContain('has to lie before');
    expect(previewScoring).not.toHaveBeenCalled();
    await press(element, 'reset');
    expect(faultAt(element, 'weights.activity')).toBe('');
    expect(field(element, 'weights.activity').value).toBe('25');
});

test('weights that are all nothing can not be sent', async () => {
    const element = await shown();
    for (const { key } of deals.weights) enter(field(element, `weights.${key}`), '0');
    await settle();
    expect(part(element, '[data-id="all-zero"]')).not.toBeNull();
    expect(part(element, '[data-action="save"]').disabled).toBe(true);
});

test('saving asks first, sends only what differs, and shows what is stored then', async () => {
    const stored = ownExample('scoring');
    stored.items[1].weights[0].value = 30;
    updateScoring.mockResolvedValue(stored);
    const element = await shown();
    enter(part(element, '[data-id="score"]'), accounts.score);
    await settle();
    giveValidity(element);
    const place = `weights.${accounts.weights[0].key}`;
    await type(element, place, '30');
    LightningConfirm.open.mockResolvedValueOnce(false);
    await press(element, 'save');
    expect(updateScoring).not.toHaveBeenCalled();
    await press(element, 'save');
    expect(updateScoring.mock.calls[0][0].request).toEqual({
        scoring: { [accounts.score]: { weights: { [accounts.weights[0].key]: 30 }, thresholds: {} } },
        request_id: expect.any(String)
    });
    expect(field(element, place).value).toBe('30');
    expect(part(element, '[data-action="save"]').disabled).toBe(true);
});

test('a lost answer is asked for again under the same id; a refusal stands at its field', async () => {
    const errors = [{ field: 'scoring.deal_score.weights.activity', code: 'x', message: 'is too much' }];
    updateScoring
        .mockRejectedValueOnce(down)
        .mockRejectedValueOnce(refusal({ status: 422, code: 'invalid_scoring', message: 'No.', errors }));
    const element = await shown();
    await type(element, 'weights.activity', '90');
    await press(element, 'save');
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle(12);
    const [first, second] = updateScoring.mock.calls.map(([{ request }]) => request.request_id);
    expect(second).toBe(first);
    expect(faultAt(element, 'weights.activity')).toBe('Is too much.');
    expect(field(element, 'weights.activity').value).toBe('90');
});
