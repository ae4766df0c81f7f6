import PandoraMembers from 'c/pandoraMembers';
import createMember from '@salesforce/apex/PandoraApi.createMember';
import deleteMember from '@salesforce/apex/PandoraApi.deleteMember';
import getMembers from '@salesforce/apex/PandoraApi.getMembers';
import updateMember from '@salesforce/apex/PandoraApi.updateMember';
import LightningConfirm from 'lightning/confirm';
import { enter, example, giveValidity, mount, part, parts, refusal, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.createMember', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.deleteMember', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.getMembers', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateMember', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-members';

afterEach(unmountAll);

const [member] = example('members').items;

beforeEach(() => {
    getMembers.mockResolvedValue({ ...example('members'), next_cursor: 'n' });
    LightningConfirm.open = jest.fn().mockResolvedValue(true);
});

async function shown() {
    const element = mount(TAG, PandoraMembers);
    await settle();
    giveValidity(element);
    return element;
}

test('people with their roles, and where these come from', async () => {
    const element = await shown();
    expect(parts(element, '[data-id="member"]')).toHaveLength(example('members').items.length);
    parts(element, 'lightning-button')
        .find(({ label }) => label === 'Show more')
        .click();
    await settle();
    expect(getMembers.mock.lastCall[0].filters.cursor).toBe('n');
    await expect(element).toBeAccessible();
});

test('a role is changed; a refused change does not stay on screen', async () => {
    updateMember.mockRejectedValue(refusal({ status: 409, code: 'last_admin', message: 'The last admin stays.' }));
    const element = await shown();
    enter(part(element, '[data-id="member"] lightning-combobox'), 'viewer');
    await settle();
    expect(updateMember.mock.calls[0][0]).toMatchObject({ memberId: member.id, request: { role: 'viewer' } });
    expect(part(element, 'c-pandora-error-panel').problem.text).toBe('The last admin stays.');
    expect(getMembers).toHaveBeenCalledTimes(2);
});

test('a person is added, and refused at the field', async () => {
    createMember.mockResolvedValueOnce(member);
    const errors = [{ field: 'email', code: 'x', message: 'is here already' }];
    const element = await shown();
    const [email] = parts(element, '[data-new]');
    part(element, '[data-action="add"]').click();
    await settle();
    expect(createMember).not.toHaveBeenCalled();
    enter(email, 'ada@acme.example');
    await settle();
    part(element, '[data-action="add"]').click();
    await settle();
    expect(createMember.mock.calls[0][0].request).toMatchObject({ email: 'ada@acme.example', role: 'rep' });
    expect(email.value).toBe('');
    createMember.mockRejectedValue(refusal({ status: 422, code: 'invalid_request', errors }));
    enter(email, 'ada@acme.example');
    await settle();
    part(element, '[data-action="add"]').click();
    await settle();
    expect(email.setCustomValidity).toHaveBeenLastCalledWith('Is here already.');
    expect(email.value).toBe('ada@acme.example');
});

test('removing asks first', async () => {
    deleteMember.mockResolvedValue({ deleted: true });
    const element = await shown();
    LightningConfirm.open.mockResolvedValueOnce(false);
    part(element, '[data-action="remove"]').click();
    await settle();
    expect(deleteMember).not.toHaveBeenCalled();
    part(element, '[data-action="remove"]').click();
    await settle();
    expect(deleteMember.mock.calls[0][0].memberId).toBe(member.id);
});
