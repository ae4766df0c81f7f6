import { poll } from 'c/pandoraPolling';
import { down, refusal, settle } from 'tests/elements';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function rounds(count) {
    for (let n = 0; n < count; n++) {
        jest.runOnlyPendingTimers();
        // One round after the other.
        // eslint-disable-next-line no-await-in-loop
        await settle();
    }
}

test('asks until it is done', async () => {
    const ask = jest.fn().mockResolvedValue('answer');
    const take = jest.fn().mockReturnValueOnce(true).mockReturnValueOnce(true).mockReturnValue(false);
    poll({ ask, take });
    await rounds(6);
    expect(ask).toHaveBeenCalledTimes(3);
});

test('goes on after a failure that passes, and not after one that does not', async () => {
    const fail = jest.fn();
    const ask = jest
        .fn()
        .mockRejectedValueOnce(down)
        .mockRejectedValue(refusal({ status: 404, code: 'not_found' }));
    poll({ ask, take: () => true, fail });
    await rounds(5);
    expect(ask).toHaveBeenCalledTimes(2);
    expect(fail.mock.calls.map(([problem]) => problem.kind)).toEqual(['down', 'notFound']);
});

test('stops when told to, even while it waits for an answer', async () => {
    const take = jest.fn();
    const stop = poll({ ask: () => Promise.resolve(1), take });
    jest.runOnlyPendingTimers();
    stop();
    await rounds(3);
    expect(take).not.toHaveBeenCalled();
});
