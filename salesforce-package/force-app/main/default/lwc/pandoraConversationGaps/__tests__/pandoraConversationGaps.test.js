import PandoraConversationGaps from 'c/pandoraConversationGaps';
import getGaps from '@salesforce/apex/PandoraApi.getGaps';
import getGapSummary from '@salesforce/apex/PandoraApi.getGapSummary';
import getGapTrend from '@salesforce/apex/PandoraApi.getGapTrend';
import getSession from '@salesforce/apex/PandoraApi.getSession';
import restoreGap from '@salesforce/apex/PandoraApi.restoreGap';
import unlinkDeal from '@salesforce/apex/PandoraApi.unlinkDeal';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { getNavigateCalledWith } from 'lightning/navigation';
import { ShowToastEventName } from 'lightning/platformShowToastEvent';
import CreateDealModal from 'c/pandoraCreateDealModal';
import DismissModal from 'c/pandoraDismissModal';
import LinkDealModal from 'c/pandoraLinkDealModal';
import { down, enter, example, mount, notConnected, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getGaps', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getGapSummary', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getGapTrend', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getSession', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.restoreGap', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.unlinkDeal', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-conversation-gaps';

afterEach(unmountAll);

jest.mock('lightning/uiRecordApi', () => ({ notifyRecordUpdateAvailable: jest.fn() }));

const [first] = example('gaps').items;

beforeEach(() => {
    getSession.mockResolvedValue(example('session'));
    getGaps.mockResolvedValue({ ...example('gaps'), next_cursor: null });
    getGapSummary.mockResolvedValue(example('gap-summary'));
    getGapTrend.mockResolvedValue(example('gap-trend'));
    for (const modal of [CreateDealModal, DismissModal, LinkDealModal]) modal.open = jest.fn();
});

async function shown(properties) {
    const element = mount(TAG, PandoraConversationGaps, properties);
    await settle();
    return element;
}

test('lists calls with what to do, and the figures above', async () => {
    const element = await shown();
    const rows = parts(element, '[data-id="gap"]');
    expect(rows).toHaveLength(example('gaps').items.length);
    expect(rows[0].textContent).toContain(first.title);
    expect(rows[0].textContent).toContain(first.severity_reason);
    expect(rows[0].querySelector('[data-action="create"]').title).toBe(`Create a deal for ${first.title}`);
    expect(parts(element, '[data-id="tile"]').length).toBeGreaterThan(2);
    expect(parts(element, '.weeks li')).toHaveLength(example('gap-trend').weeks.length);
    expect(parts(element, '.reps li')).toHaveLength(example('gap-summary').by_rep.length);
    await expect(element).toBeAccessible();
});

test('on a record page the list is of that record, without figures', async () => {
    const element = await shown({ recordId: '0015g0000000001AAA', objectApiName: 'Account' });
    const { filters } = getGaps.mock.calls[0][0];
    expect(filters).toMatchObject({ crm: 'salesforce', object_type: 'company', crm_record_id: '0015g0000000001AAA' });
    expect(getGapSummary).not.toHaveBeenCalled();
    expect(parts(element, '[data-id="tile"]')).toHaveLength(0);
});

test('a viewer sees no buttons', async () => {
    getSession.mockResolvedValue({ ...example('session'), role: 'viewer', abilities: ['read'] });
    const element = await shown();
    expect(parts(element, '[data-id="gap"]').length).toBeGreaterThan(0);
    expect(parts(element, '[data-id="gap"] lightning-button')).toHaveLength(0);
    expect(part(element, '[data-id="viewer"]')).not.toBeNull();
});

test('a created deal is told, the list is read anew, and the deal is opened when asked', async () => {
    const creation = example('creation');
    CreateDealModal.open.mockResolvedValue({ creation, open: true });
    const element = await shown({ recordId: '0015g0000000001AAA', objectApiName: 'Account' });
    const toast = jest.fn();
    element.addEventListener(ShowToastEventName, toast);
    part(element, '[data-action="create"]').click();
    await settle();
    expect(CreateDealModal.open.mock.calls[0][0].gap.conversation_id).toBe(first.conversation_id);
    expect(toast.mock.calls[0][0].detail.title).toContain(creation.deal_name);
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([
        { recordId: '0015g0000000001AAA' },
        { recordId: creation.deal_crm_id }
    ]);
    expect(getGaps).toHaveBeenCalledTimes(2);
    expect(getNavigateCalledWith().pageReference.attributes.recordId).toBe(creation.deal_crm_id);
});

test('linking and dismissing tell what was done; a closed window changes nothing', async () => {
    const element = await shown();
    const toast = jest.fn();
    element.addEventListener(ShowToastEventName, toast);
    LinkDealModal.open.mockResolvedValue({ dealId: '0065g000000009nAAA', dealName: 'Lucerne' });
    part(element, '[data-action="link"]').click();
    await settle();
    DismissModal.open.mockResolvedValueOnce(undefined).mockResolvedValueOnce(true);
    part(element, '[data-action="dismiss"]').click();
    await settle();
    part(element, '[data-action="dismiss"]').click();
    await settle();
    expect(toast.mock.calls.map(([{ detail }]) => detail.title)).toEqual([
        'Linked to “Lucerne”.',
        `“${first.title}” was dismissed.`
    ]);
});

test('a dismissed call says by whom and why, and is restored once however often it is pressed', async () => {
    getGaps.mockResolvedValue({ items: [example('gap-dismissed')], next_cursor: null });
    restoreGap.mockRejectedValueOnce(down).mockResolvedValue(first);
    const element = await shown();
    expect(part(element, '[data-id="gap"]').textContent).toContain('Asked for an invoice');
    part(element, '[data-action="restore"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    part(element, '[data-action="restore"]').click();
    await settle();
    const [one, two] = restoreGap.mock.calls.map(([{ request }]) => request.request_id);
    expect(one).toBe(two);
});

test('a call with its deal shows it, and is unlinked', async () => {
    const gap = example('gap-created');
    getGaps.mockResolvedValue({ items: [gap], next_cursor: null });
    unlinkDeal.mockResolvedValue(first);
    const element = await shown();
    part(element, '[data-action="unlink"]').click();
    await settle();
    expect(unlinkDeal.mock.calls[0][0]).toMatchObject({
        conversationId: gap.conversation_id,
        request: { deal_crm_id: gap.deal.crm_id }
    });
});

test('filters ask anew, and an empty answer says so', async () => {
    const element = await shown();
    getGaps.mockResolvedValue({ items: [], next_cursor: null });
    const severity = parts(element, 'lightning-combobox').find(({ name }) => name === 'severity');
    enter(severity, 'low');
    await settle();
    expect(getGaps.mock.lastCall[0].filters.severity).toBe('low');
    expect(part(element, '[data-id="empty"]').textContent).toContain('No call matches');
});

test('searching waits until the typing pauses', async () => {
    jest.useFakeTimers();
    const element = await shown();
    const search = part(element, 'lightning-input');
    enter(search, 'ir');
    enter(search, 'iron');
    expect(getGaps).toHaveBeenCalledTimes(1);
    jest.runOnlyPendingTimers();
    expect(getGaps.mock.lastCall[0].filters.q).toBe('iron');
    expect(getGaps).toHaveBeenCalledTimes(2);
    jest.useRealTimers();
});

test('more come with a click, none twice', async () => {
    const { items } = example('gaps');
    getGaps.mockResolvedValueOnce({ items: items.slice(0, 2), next_cursor: 'n' });
    const element = await shown();
    getGaps.mockResolvedValueOnce({ items: items.slice(1), next_cursor: null });
    part(element, '[data-action="more"]').click();
    await settle();
    expect(getGaps.mock.lastCall[0].filters.cursor).toBe('n');
    expect(parts(element, '[data-id="gap"]')).toHaveLength(items.length);
});

test('not connected: says who can help', async () => {
    getGaps.mockRejectedValue(notConnected);
    getSession.mockRejectedValue(notConnected);
    const element = await shown();
    expect(part(element, 'c-pandora-error-panel').problem.title).toBe('Pandora is not connected yet');
    await expect(element).toBeAccessible();
});
