import PandoraLinkDealModal from 'c/pandoraLinkDealModal';
import linkDeal from '@salesforce/apex/PandoraApi.linkDeal';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import { down, enter, example, mount, part, parts, refusal, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.linkDeal', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.searchRecords', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-link-deal-modal';

afterEach(unmountAll);

const gap = example('gaps').items.find((each) => each.open_deals.length > 0);

test('proposes the open deals of the account', async () => {
    const element = mount(TAG, PandoraLinkDealModal, { gap });
    await settle();
    expect(parts(element, '[data-id="deal"]')).toHaveLength(gap.open_deals.length);
    await expect(element).toBeAccessible();
});

test('searches, links the chosen one, and closes with it', async () => {
    jest.useFakeTimers();
    searchRecords.mockResolvedValue(example('crm-search'));
    linkDeal.mockResolvedValue({});
    const element = mount(TAG, PandoraLinkDealModal, { gap });
    enter(part(element, 'lightning-input'), ' ad');
    jest.runOnlyPendingTimers();
    jest.useRealTimers();
    await settle();
    expect(searchRecords).toHaveBeenCalledWith({ filters: { objectType: 'deal', q: 'ad' } });
    const [deal] = example('crm-search').items;
    part(element, '[data-action="link"]').click();
    await settle();
    expect(linkDeal.mock.calls[0][0].request).toMatchObject({ crm: 'salesforce', deal_crm_id: deal.crm_id });
    expect(element.closeValue).toEqual({ dealId: deal.crm_id, dealName: deal.name });
});

test('nothing found says so; a refusal stays on screen', async () => {
    jest.useFakeTimers();
    searchRecords.mockResolvedValueOnce({ items: [] }).mockRejectedValueOnce(down);
    const element = mount(TAG, PandoraLinkDealModal, { gap });
    enter(part(element, 'lightning-input'), 'zzz');
    jest.runOnlyPendingTimers();
    await settle();
    expect(element.shadowRoot.textContent).toContain('No deal begins with “zzz”.');
    enter(part(element, 'lightning-input'), 'zz');
    jest.runOnlyPendingTimers();
    jest.useRealTimers();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});

test('a deal that is linked meanwhile is told as a conflict', async () => {
    linkDeal.mockRejectedValue(refusal({ status: 409, code: 'already_linked', message: 'Somebody linked it.' }));
    const element = mount(TAG, PandoraLinkDealModal, { gap });
    part(element, '[data-action="link"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.text).toBe('Somebody linked it.');
});
