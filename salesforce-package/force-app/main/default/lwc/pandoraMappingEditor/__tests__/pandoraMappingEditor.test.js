import PandoraMappingEditor from 'c/pandoraMappingEditor';
import createMapping from '@salesforce/apex/PandoraApi.createMapping';
import createProperty from '@salesforce/apex/PandoraApi.createProperty';
import getFilterChoices from '@salesforce/apex/PandoraApi.getFilterChoices';
import getProperties from '@salesforce/apex/PandoraApi.getProperties';
import previewMapping from '@salesforce/apex/PandoraApi.previewMapping';
import updateMapping from '@salesforce/apex/PandoraApi.updateMapping';
import {
    check,
    down,
    enter,
    example,
    giveValidity,
    mount,
    part,
    parts,
    refusal,
    settle,
    textOf,
    unmountAll
} from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.createMapping', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.createProperty', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getFilterChoices', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getProperties', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.previewMapping', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.searchRecords', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateMapping', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-mapping-editor';

afterEach(unmountAll);

const fields = example('fields').items;
const [mapping] = example('mappings').items;

beforeEach(() => {
    getProperties.mockResolvedValue(example('crm-properties'));
    getFilterChoices.mockResolvedValue(example('filter-choices'));
    previewMapping.mockResolvedValue(example('try-result'));
});

async function shown(properties = {}) {
    const element = mount(TAG, PandoraMappingEditor, { fields, ...properties });
    await settle();
    giveValidity(element);
    return element;
}
const field = (element, name) => part(element, `[data-field="${name}"]`);
const byPart = (element, name) => part(element, `[data-part="${name}"]`);
async function set(element, input, value) {
    enter(input, value);
    await settle();
    giveValidity(element);
}
async function save(element) {
    part(element, '[data-action="save"]').click();
    await settle();
}
const numberProperty = example('crm-properties').items.find(({ type }) => type === 'number').name;
const textProperty = example('crm-properties').items.find(({ type }) => type === 'textarea').name;

test('nothing is sent before field and target are chosen', async () => {
    const element = await shown();
    await save(element);
    expect(createMapping).not.toHaveBeenCalled();
    await expect(element).toBeAccessible();
});

test('a new mapping is on open deals, keeps what people changed, and offers only what fits', async () => {
    createMapping.mockResolvedValue(mapping);
    const element = await shown();
    await set(element, field(element, 'pandora_field'), 'deal_score');
    const { compatible_types: fits } = fields.find(({ name }) => name === 'deal_score');
    const offered = field(element, 'crm_property_name').options.map(({ value }) => value);
    const misfits = example('crm-properties').items.filter(({ type }) => !fits.includes(type));
    for (const { name } of misfits) expect(offered).not.toContain(name);
    await set(element, field(element, 'crm_property_name'), numberProperty);
    expect(field(element, 'write_mode').options.map(({ value }) => value)).toEqual(['overwrite', 'never_overwrite']);
    await save(element);
    expect(createMapping.mock.calls[0][0].request).toMatchObject({
        crm_type: 'salesforce',
        pandora_field: 'deal_score',
        crm_object_type: 'deal',
        crm_property_name: numberProperty,
        keep_human_edits: true,
        record_filter: { open_deals: true }
    });
    expect(element.closeValue).toEqual({ mapping, syncs: false });
});

test('conditions and steps are built from rows', async () => {
    createMapping.mockResolvedValue(mapping);
    const element = await shown();
    await set(element, field(element, 'pandora_field'), 'deal_score');
    await set(element, field(element, 'crm_property_name'), numberProperty);
    const add = (steps) => part(element, `lightning-button[data-steps="${steps}"]`).click();
    add('conditions');
    await settle();
    enter(part(element, '[data-steps="conditions"][data-member="amount"]'), '70');
    await settle();
    add('conditions');
    await settle();
    enter(parts(element, '[data-steps="conditions"][data-member="kind"]')[1], 'field_is_blank');
    add('transforms');
    await settle();
    giveValidity(element);
    await save(element);
    expect(createMapping.mock.calls[0][0].request).toMatchObject({
        write_condition: 'score_above:70 and field_is_blank',
        value_transform: 'round:0'
    });
});

test('a row is removed again', async () => {
    updateMapping.mockResolvedValue(mapping);
    const element = await shown({ mapping: { ...mapping, write_condition: 'score_below:40' } });
    part(element, 'lightning-button-icon[data-steps="conditions"]').click();
    await settle();
    await save(element);
    expect(updateMapping.mock.calls[0][0].request.write_condition).toBeNull();
});

test('appending has its own options', async () => {
    createMapping.mockResolvedValue(mapping);
    const element = await shown();
    await set(element, field(element, 'pandora_field'), 'deal_risk_summary');
    await set(element, field(element, 'crm_property_name'), textProperty);
    await set(element, field(element, 'write_mode'), 'append');
    expect(textOf(element, '[data-id="mode-help"]')).toContain('dated entry');
    await set(element, field(element, 'append_max_entries'), '20');
    await set(element, byPart(element, 'stamp'), 'suffix');
    await save(element);
    expect(createMapping.mock.calls[0][0].request).toMatchObject({
        write_mode: 'append',
        append_max_entries: 20,
        append_timestamp_format: 'suffix',
        keep_human_edits: false
    });
});

test('an existing mapping is changed, and synced when asked', async () => {
    updateMapping.mockResolvedValue(mapping);
    const element = await shown({ mapping });
    check(byPart(element, 'keepsEdits'), false);
    await settle();
    await set(element, byPart(element, 'trigger'), 'scheduled');
    await set(element, field(element, 'schedule'), '0 6 * * 1-5');
    part(element, '[data-action="save-and-sync"]').click();
    await settle();
    expect(updateMapping.mock.calls[0][0]).toMatchObject({
        mappingId: mapping.id,
        request: { sync_trigger: 'scheduled', schedule: '0 6 * * 1-5' }
    });
    expect(element.closeValue.syncs).toBe(true);
});

test('faults stand at their fields', async () => {
    const errors = [{ field: 'write_condition', code: 'x', message: 'is not a condition' }];
    updateMapping.mockRejectedValue(refusal({ status: 422, code: 'invalid_mapping', message: 'No.', errors }));
    const element = await shown({ mapping: { ...mapping, write_condition: 'score_above:1' } });
    await save(element);
    expect(field(element, 'write_condition').setCustomValidity).toHaveBeenCalledWith('Is not a condition.');
});

test('a missing field is made and chosen', async () => {
    createProperty.mockResolvedValue({ name: 'Pandora_Deal_Score__c' });
    const element = await shown();
    await set(element, field(element, 'pandora_field'), 'deal_score');
    part(element, '[data-action="make-field"]').click();
    await settle();
    giveValidity(element);
    part(element, '[data-action="create-field"]').click();
    await settle();
    expect(createProperty.mock.calls[0][0].request).toMatchObject({
        crm: 'salesforce',
        object_type: 'deal',
        name: 'Pandora_Deal_Score__c',
        type: 'number'
    });
    expect(getProperties.mock.lastCall[0].filters.refresh).toBe('1');
    expect(field(element, 'crm_property_name').value).toBe('Pandora_Deal_Score__c');
});

test('another object asks for its fields anew; a failure is told', async () => {
    const element = await shown();
    getProperties.mockRejectedValue(down);
    await set(element, field(element, 'crm_object_type'), 'company');
    expect(getProperties.mock.lastCall[0].filters.objectType).toBe('company');
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
});
