import PandoraTemplates from 'c/pandoraTemplates';
import applyTemplate from '@salesforce/apex/PandoraApi.applyTemplate';
import getTemplates from '@salesforce/apex/PandoraApi.getTemplates';
import { down, example, mount, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.applyTemplate', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getTemplates', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-templates';

afterEach(unmountAll);

test('applies one once, tells what was made, and says which are in use', async () => {
    const used = example('templates');
    for (const mapping of used.items[1].mappings) mapping.already_mapped = true;
    getTemplates.mockResolvedValueOnce(example('templates')).mockResolvedValue(used);
    applyTemplate.mockResolvedValue({ created_mappings: [1, 2], created_properties: ['x'], kept_mappings: [] });
    const element = mount(TAG, PandoraTemplates);
    const applied = jest.fn();
    element.addEventListener('applied', applied);
    await settle();
    expect(parts(element, '[data-id="template"]')).toHaveLength(example('templates').items.length);
    await expect(element).toBeAccessible();
    const button = part(element, '[data-action="apply"]');
    button.click();
    button.click();
    await settle();
    expect(applyTemplate).toHaveBeenCalledTimes(1);
    expect(applyTemplate.mock.calls[0][0].request.crm).toBe('salesforce');
    expect(applied).toHaveBeenCalled();
});

test('a refusal leaves the list, a failed list has a way out', async () => {
    getTemplates.mockRejectedValueOnce(down).mockResolvedValue(example('templates'));
    applyTemplate.mockRejectedValue(down);
    const element = mount(TAG, PandoraTemplates);
    await settle();
    part(element, 'c-pandora-error-panel').dispatchEvent(new CustomEvent('retry'));
    await settle();
    part(element, '[data-action="apply"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    expect(parts(element, '[data-id="template"]').length).toBeGreaterThan(0);
});
