import PandoraDismissModal from 'c/pandoraDismissModal';
import dismissGap from '@salesforce/apex/PandoraApi.dismissGap';
import { down, enter, example, giveValidity, mount, part, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.dismissGap', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-dismiss-modal';

afterEach(unmountAll);

const [gap] = example('gaps').items;

test('without a reason nothing is sent', async () => {
    const element = mount(TAG, PandoraDismissModal, { gap });
    giveValidity(element);
    part(element, '[data-action="confirm"]').click();
    await settle();
    expect(dismissGap).not.toHaveBeenCalled();
    expect(part(element, '[data-field="reason"]').reportValidity).toHaveBeenCalled();
    await expect(element).toBeAccessible();
});

test('sends reason and note, and closes', async () => {
    dismissGap.mockResolvedValue(example('gap-dismissed'));
    const element = mount(TAG, PandoraDismissModal, { gap });
    enter(part(element, '[data-field="reason"]'), 'other');
    enter(part(element, 'lightning-textarea'), ' a friend ');
    part(element, '[data-action="confirm"]').click();
    await settle();
    expect(dismissGap).toHaveBeenCalledWith({
        conversationId: gap.conversation_id,
        request: { reason: 'other', note: 'a friend', request_id: expect.any(String) }
    });
    expect(element.closeValue).toBe(true);
});

test('after a failure what was typed is kept, and the same request goes again', async () => {
    dismissGap.mockRejectedValueOnce(down).mockResolvedValue({});
    const element = mount(TAG, PandoraDismissModal, { gap });
    enter(part(element, '[data-field="reason"]'), 'other');
    part(element, '[data-action="confirm"]').click();
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    expect(part(element, '[data-field="reason"]').value).toBe('other');
    part(element, '[data-action="confirm"]').click();
    await settle();
    const [one, two] = dismissGap.mock.calls.map(([{ request }]) => request.request_id);
    expect(one).toBe(two);
});
