import PandoraNotices from 'c/pandoraNotices';
import getNotifications from '@salesforce/apex/PandoraApi.getNotifications';
import updateNotifications from '@salesforce/apex/PandoraApi.updateNotifications';
import { check, down, example, mount, part, parts, settle, unmountAll } from 'tests/elements';

jest.mock('@salesforce/apex/PandoraApi.getNotifications', () => ({ default: jest.fn() }), { virtual: true });
jest.mock('@salesforce/apex/PandoraApi.updateNotifications', () => ({ default: jest.fn() }), { virtual: true });

const TAG = 'c-pandora-notices';

afterEach(unmountAll);

const mine = { ...example('notifications').workspace, email: 'ada@acme.example', unsubscribed_at: null };

test('what is sent at all, and what the person wants; one switch at a time', async () => {
    getNotifications.mockResolvedValue({ ...example('notifications'), me: mine });
    updateNotifications.mockResolvedValue({ ...example('notifications'), me: mine });
    const element = mount(TAG, PandoraNotices);
    await settle();
    const own = parts(element, '[data-whose="me"]');
    expect(own).toHaveLength(5);
    check(own[0], false);
    await settle();
    expect(updateNotifications.mock.calls[0][0].request.me).toEqual({ weekly_digest: false });
    await expect(element).toBeAccessible();
});

test('a refused switch is shown as it is', async () => {
    getNotifications.mockResolvedValue(example('notifications'));
    updateNotifications.mockRejectedValue(down);
    const element = mount(TAG, PandoraNotices);
    await settle();
    check(part(element, '[data-whose="workspace"]'), false);
    await settle();
    expect(part(element, 'c-pandora-error-panel').problem.kind).toBe('down');
    expect(getNotifications).toHaveBeenCalledTimes(2);
});
