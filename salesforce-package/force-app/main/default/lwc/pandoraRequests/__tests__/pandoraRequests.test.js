import { createRequests } from 'c/pandoraRequests';
import { refusal } from 'tests/elements';

const lost = () => Promise.reject(refusal({ status: 0, code: 'unreachable' }));
const refused = () => Promise.reject(refusal({ status: 422, code: 'invalid_request' }));

test('keeps the id of the same content until the outcome is known', async () => {
    const requests = createRequests();
    const ids = [];
    const call = (answer) => (request) => {
        ids.push(request.request_id);
        return answer();
    };
    const content = { a: 1 };
    await requests.send('x', content, call(lost)).catch(() => {});
    await requests.send(
        'x',
        content,
        call(() => Promise.resolve(1))
    );
    await requests.send('x', content, call(refused)).catch(() => {});
    await requests.send(
        'x',
        content,
        call(() => Promise.resolve(1))
    );
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
});

test('other content, or another thing, has an id of its own', async () => {
    const requests = createRequests();
    const ids = [];
    const call = (request) => {
        ids.push(request.request_id);
        return lost();
    };
    await requests.send('x', { a: 1 }, call).catch(() => {});
    await requests.send('x', { a: 2 }, call).catch(() => {});
    await requests.send('y', { a: 2 }, call).catch(() => {});
    expect(new Set(ids).size).toBe(3);
});
