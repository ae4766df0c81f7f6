import PandoraScoreCard from 'c/pandoraScoreCard';
import getRecordCard from '@salesforce/apex/PandoraApi.getRecordCard';
import { down, enter, example, mount, part, parts, refusal, settle, textOf, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getRecordCard', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-score-card';

afterEach(unmountAll);

const card = () => example('record-card');
const props = { recordId: '0065g000000004oAAA', objectApiName: 'Opportunity' };

test('shows score, factors, texts, findings and what was written, from one read', async () => {
    getRecordCard.mockResolvedValue(card());
    const element = mount(TAG, PandoraScoreCard, props);
    await settle();
    expect(getRecordCard).toHaveBeenCalledTimes(1);
    expect(getRecordCard).toHaveBeenCalledWith({ objectType: 'deal', recordId: props.recordId });
    const [score] = card().scores;
    expect(textOf(element, '[data-id="value"]')).toBe(String(score.value));
    expect(parts(element, '[data-id="factor"]')).toHaveLength(score.factors.filter(({ max }) => max > 0).length);
    expect(part(element, '[data-id="content"]').textContent).toContain(card().texts[0].value);
    expect(parts(element, '[data-id="written"]')).toHaveLength(card().written.length);
    await expect(element).toBeAccessible();
});

test('another score is chosen', async () => {
    getRecordCard.mockResolvedValue(card());
    const element = mount(TAG, PandoraScoreCard, props);
    await settle();
    enter(part(element, 'lightning-combobox'), card().scores[1].field);
    await settle();
    expect(textOf(element, '[data-id="value"]')).toBe(String(card().scores[1].value));
});

test('a record that Pandora does not know is no failure', async () => {
    getRecordCard.mockRejectedValue(refusal({ status: 404, code: 'not_found' }));
    const element = mount(TAG, PandoraScoreCard, props);
    await settle();
    expect(part(element, '[data-id="unknown"]').textContent).toContain('does not know this record');
});

test('a record that was not analysed yet says so', async () => {
    getRecordCard.mockResolvedValue({ ...card(), scores: [], texts: [], values: [], written: [] });
    const element = mount(TAG, PandoraScoreCard, props);
    await settle();
    expect(part(element, '[data-id="empty"]')).not.toBeNull();
});

test('after a failure trying again shows the card', async () => {
    getRecordCard.mockRejectedValueOnce(down).mockResolvedValue(card());
    const element = mount(TAG, PandoraScoreCard, props);
    expect(part(element, '[data-id="loading"]')).not.toBeNull();
    await settle();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(part(element, '[data-id="content"]')).not.toBeNull();
});

test('properties of the page: title, folded factors, nothing written', async () => {
    getRecordCard.mockResolvedValue(card());
    const shown = { ...props, cardTitle: 'Health', hideFactors: true, hideWritten: true };
    const element = mount(TAG, PandoraScoreCard, shown);
    await settle();
    expect(part(element, 'lightning-card').title).toBe('Health');
    expect(part(element, 'lightning-accordion').activeSectionName).toEqual([]);
    expect(parts(element, '[data-id="written"]')).toHaveLength(0);
});

test('the next record replaces the one before, however late its answer comes', async () => {
    let late;
    getRecordCard.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
    getRecordCard.mockResolvedValueOnce(card());
    const element = mount(TAG, PandoraScoreCard, props);
    element.recordId = '0065g000000009nAAA';
    await settle();
    late({ ...card(), scores: [] });
    await settle();
    expect(textOf(element, '[data-id="value"]')).toBe(String(card().scores[0].value));
});
