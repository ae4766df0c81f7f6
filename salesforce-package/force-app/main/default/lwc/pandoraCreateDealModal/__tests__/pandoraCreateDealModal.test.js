import PandoraCreateDealModal from 'c/pandoraCreateDealModal';
import createDeal from '@salesforce/apex/PandoraApi.createDeal';
import getCreation from '@salesforce/apex/PandoraApi.getCreation';
import getDealOptions from '@salesforce/apex/PandoraApi.getDealOptions';
import linkDeal from '@salesforce/apex/PandoraApi.linkDeal';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import {
    check,
    down,
    enter,
    example,
    giveValidity,
    mount,
    part,
    parts,
    refusalOf,
    settle,
    unmountAll
} from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.createDeal', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getCreation', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getDealOptions', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.linkDeal', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.searchRecords', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-create-deal-modal';

afterEach(unmountAll);

const { items } = example('gaps');
const gap = items.find((each) => each.companies.length > 0);
const newAccountGap = items.find((each) => each.companies.length === 0);

beforeEach(() => {
    getDealOptions.mockResolvedValue(example('deal-options'));
});
afterEach(() => jest.useRealTimers());

async function shown(properties = { gap }) {
    const element = mount(TAG, PandoraCreateDealModal, properties);
    await settle();
    giveValidity(element);
    return element;
}
const field = (element, name) => part(element, `[data-field="${name}"]`);
async function submit(element) {
    part(element, '[data-action="submit"]').click();
    await settle();
}
const sent = (n = 0) => createDeal.mock.calls[n][0].request;

test('is filled from the call', async () => {
    const element = await shown();
    const { prefill, pipelines } = example('deal-options');
    expect(field(element, 'deal_name').value).toBe(prefill.deal_name);
    expect(field(element, 'owner_email').value).toBe(prefill.owner_email);
    const pipeline = pipelines.find(({ id }) => id === prefill.pipeline_id);
    expect(field(element, 'stage').options.map(({ value }) => value)).toEqual(pipeline.stages.map(({ id }) => id));
    expect(parts(element, '[data-id="contact"]')).toHaveLength(prefill.contacts_to_create.length);
    await expect(element).toBeAccessible();
});

test('sends what stands in the form: amount, record type with its stage, a contact with a role', async () => {
    createDeal.mockResolvedValue(example('creation'));
    const element = await shown();
    const { pipelines, contact_roles: roles, prefill } = example('deal-options');
    const other = pipelines.find(({ id }) => id !== prefill.pipeline_id);
    enter(field(element, 'pipeline_id'), other.id);
    enter(field(element, 'amount'), '0');
    const [row, second] = parts(element, '[data-id="contact"]');
    enter(row.querySelector('lightning-combobox'), roles[0].value);
    check(second.querySelector('lightning-input'), false);
    await settle();
    await submit(element);
    const [person] = prefill.contacts_to_create;
    expect(sent()).toMatchObject({
        crm: 'salesforce',
        amount: 0,
        pipeline_id: other.id,
        stage: other.stages[0].id,
        contacts_to_create: [{ email: person.email }],
        contact_roles: { [person.email]: roles[0].value },
        company_to_create: null
    });
    expect(part(element, '[data-id="done"]').textContent).toContain('The deal is created');
    await expect(element).toBeAccessible();
});

test('a field that the org needs is asked for and refused while blank', async () => {
    const required = [
        { name: 'Region__c', label: 'Region', type: 'enum', options: [{ value: 'EU', label: 'Europe' }] }
    ];
    getDealOptions.mockResolvedValue({ ...example('deal-options'), required });
    createDeal.mockResolvedValue(example('creation'));
    const element = await shown();
    await submit(element);
    expect(createDeal).not.toHaveBeenCalled();
    enter(field(element, 'custom_properties.Region__c'), 'EU');
    await settle();
    await submit(element);
    expect(sent().custom_properties).toEqual({ Region__c: 'EU' });
});

test('where no account is known it is made along, unless the person says no', async () => {
    getDealOptions.mockResolvedValue(example('deal-options-new-account'));
    createDeal.mockResolvedValue(example('creation'));
    const element = await shown({ gap: newAccountGap });
    expect(field(element, 'accountName').value).not.toBe('');
    check(part(element, '[data-id="makes-account"]'), false);
    await settle();
    await submit(element);
    expect(sent().company_to_create).toBeNull();
});

test('faults stand at their fields, and what was typed is kept', async () => {
    const problem = example('problem-refused');
    createDeal.mockRejectedValue(refusalOf(problem));
    const element = await shown();
    enter(field(element, 'amount'), '12');
    await submit(element);
    const fault = problem.errors.find((each) => each.field === 'amount');
    expect(field(element, 'amount').setCustomValidity).toHaveBeenCalledWith(
        expect.stringMatching(new RegExp(fault.message.slice(1, 8)))
    );
    expect(field(element, 'amount').value).toBe('12');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('refused');
});

test('pressed again after a lost answer it is the same request; other content is another', async () => {
    createDeal.mockRejectedValueOnce(down).mockRejectedValueOnce(down).mockResolvedValue(example('creation'));
    const element = await shown();
    await submit(element);
    await submit(element);
    enter(field(element, 'deal_name'), 'Other');
    await settle();
    await submit(element);
    expect(sent(1).request_id).toBe(sent(0).request_id);
    expect(sent(2).request_id).not.toBe(sent(0).request_id);
});

test('pressed twice at once it is sent once', async () => {
    createDeal.mockReturnValue(new Promise(() => {}));
    const element = await shown();
    part(element, '[data-action="submit"]').click();
    part(element, '[data-action="submit"]').click();
    await settle();
    expect(createDeal).toHaveBeenCalledTimes(1);
});

test('open deals of the account are shown first: link one instead, or confirm', async () => {
    const problem = example('problem-duplicate');
    createDeal.mockRejectedValueOnce(refusalOf(problem)).mockResolvedValue(example('creation'));
    linkDeal.mockResolvedValue({});
    const element = await shown();
    await submit(element);
    const links = parts(element, '[data-action="link-instead"]');
    expect(links).toHaveLength(problem.candidates.length);
    expect(part(element, '[data-action="submit"]').label).toBe('Create a new deal anyway');
    await expect(element).toBeAccessible();
    await submit(element);
    expect(sent(1).confirm_duplicate).toBe(true);
});

test('linking instead closes with the deal', async () => {
    const problem = example('problem-duplicate');
    createDeal.mockRejectedValue(refusalOf(problem));
    linkDeal.mockResolvedValue({});
    const element = await shown();
    await submit(element);
    part(element, '[data-action="link-instead"]').click();
    await settle();
    const [candidate] = problem.candidates;
    expect(element.closeValue).toEqual({ linkedTo: candidate.name, dealId: candidate.crm_id });
});

test('a deal that takes longer is followed until it is made', async () => {
    jest.useFakeTimers();
    const going = { ...example('creation'), status: 'in_progress', deal_crm_id: null };
    createDeal.mockResolvedValue(going);
    getCreation.mockResolvedValueOnce(going).mockResolvedValueOnce(example('creation'));
    const element = await shown();
    await submit(element);
    expect(part(element, '[data-id="progress"]')).not.toBeNull();
    for (let n = 0; n < 2; n++) {
        jest.runOnlyPendingTimers();
        // Each round asks once.
        // eslint-disable-next-line no-await-in-loop
        await settle();
    }
    expect(getCreation).toHaveBeenCalledTimes(2);
    expect(part(element, '[data-id="done"]')).not.toBeNull();
    part(element, '[data-action="open"]').click();
    expect(element.closeValue).toMatchObject({ open: true });
});

test('warnings are told in words beside the deal', async () => {
    const warnings = [{ code: 'x', message: 'One contact is missing.', field: null }];
    createDeal.mockResolvedValue({ ...example('creation'), status: 'created_with_warnings', warnings });
    const element = await shown();
    await submit(element);
    expect(part(element, '[data-id="done"]').textContent).toContain('One contact is missing.');
});

test('where the org did not say whether it was made, the person looks first', async () => {
    const error = { code: 'outcome_unknown', message: 'x', errors: [], candidates: [], candidates_hidden: 0 };
    createDeal.mockResolvedValueOnce({ ...example('creation'), status: 'outcome_unknown', error });
    createDeal.mockResolvedValueOnce(example('creation'));
    const element = await shown();
    await submit(element);
    expect(part(element, '[data-id="duplicates"]').textContent).toContain('did not say whether the deal was made');
    part(element, '[data-action="again"]').click();
    await settle();
    giveValidity(element);
    await submit(element);
    expect(sent(1).confirm_duplicate).toBe(true);
});

test('a deal that failed later comes back as the form with its faults', async () => {
    const error = {
        code: 'value_refused',
        message: 'The CRM refused it.',
        errors: [{ field: 'stage', message: 'is closed' }],
        candidates: []
    };
    createDeal.mockResolvedValue({ ...example('creation'), status: 'failed', error });
    const element = await shown();
    await submit(element);
    expect(part(element, 'c-pandora-error-panel').problem.text).toBe('The CRM refused it.');
    expect(part(element, '[data-id="form"]')).not.toBeNull();
});

test('another contact is found and added', async () => {
    jest.useFakeTimers();
    searchRecords.mockResolvedValue(example('crm-search-contacts'));
    createDeal.mockResolvedValue(example('creation'));
    const element = await shown();
    enter(part(element, '[data-id="contact-search"]'), 'ma');
    jest.runOnlyPendingTimers();
    await settle();
    part(element, '[data-action="add-contact"]').click();
    await settle();
    await submit(element);
    expect(sent().contacts_to_associate).toEqual([example('crm-search-contacts').items[0].crm_id]);
});

test('what could not be loaded is loaded again', async () => {
    getDealOptions.mockRejectedValueOnce(down);
    const element = await shown();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    expect(part(element, '[data-id="form"]')).not.toBeNull();
});
