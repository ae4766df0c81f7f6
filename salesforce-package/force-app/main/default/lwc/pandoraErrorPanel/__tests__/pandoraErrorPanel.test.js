import PandoraErrorPanel from 'c/pandoraErrorPanel';

import { problemOf } from 'c/pandoraProblems';
import { mount, part, refusal, textOf, unmountAll } from 'tests/elements';

const TAG = 'c-pandora-error-panel';

afterEach(unmountAll);

const problem = (told) => problemOf(refusal(told));

test('says what is so and offers to try again', async () => {
    const element = mount(TAG, PandoraErrorPanel, { problem: problem({ status: 0, code: 'unreachable' }) });
    const retry = jest.fn();
    element.addEventListener('retry', retry);
    expect(textOf(element, '[data-id="title"]')).toBe("Pandora can't be reached");
    part(element, 'lightning-button').click();
    expect(retry).toHaveBeenCalledTimes(1);
    await expect(element).toBeAccessible();
});

test('what trying again does not help gets no button', () => {
    const element = mount(TAG, PandoraErrorPanel, { problem: problem({ status: 403, code: 'forbidden' }) });
    expect(textOf(element, '[data-id="title"]')).toBe("You don't have access");
    expect(part(element, 'lightning-button')).toBeNull();
});

test('says how long to wait when there were too many calls', () => {
    const told = { status: 429, code: 'rate_limited', retry_after_s: 12 };
    const element = mount(TAG, PandoraErrorPanel, { problem: problem(told), isSmall: true });
    expect(textOf(element, '[data-id="text"]')).toContain('about 12 seconds');
});

test('nothing is shown without a problem', () => {
    const element = mount(TAG, PandoraErrorPanel);
    expect(part(element, '[data-id="problem"]')).toBeNull();
});
