import { problemOf } from 'c/pandoraProblems';
import { example } from 'tests/elements';

const told = (problem) => problemOf({ body: { message: JSON.stringify(problem) } });

test.each([
    [{ status: 403, code: 'app_not_connected' }, 'notConnected', true],
    [{ status: 409, code: 'needs_reconnect' }, 'reconnect', true],
    [{ status: 403, code: 'forbidden' }, 'noPermission', true],
    [{ status: 401, code: 'unauthorized' }, 'unproven', true],
    [{ status: 404, code: 'not_found' }, 'notFound', true],
    [{ status: 409, code: 'duplicate_suspected' }, 'conflict', true],
    [{ status: 422, code: 'invalid_request' }, 'refused', true],
    [{ status: 429, code: 'rate_limited' }, 'busy', false],
    [{ status: 503, code: 'crm_busy' }, 'crmBusy', false],
    [{ status: 409, code: 'request_in_progress' }, 'slow', false],
    [{ status: 0, code: 'too_slow' }, 'slow', false],
    [{ status: 0, code: 'unreachable' }, 'down', false],
    [{ status: 500, code: 'internal_error' }, 'down', false]
])('%j is %s; outcome known: %s', (problem, kind, isOutcomeKnown) => {
    expect(told(problem)).toMatchObject({ kind, isOutcomeKnown });
    expect(told(problem).title).toBeTruthy();
});

test('what is no JSON is a failure of the platform, and shows nothing of it', () => {
    const problem = problemOf({ body: { message: 'Apex CPU time limit exceeded' } });
    expect(problem.kind).toBe('down');
    expect(problem.text).not.toContain('CPU');
});

test('faults become sentences at their fields, the first of each', () => {
    const { fields } = told(example('problem-refused'));
    for (const text of Object.values(fields)) expect(text).toMatch(/^[A-Z"].*[.!?]$/s);
    expect(Object.keys(fields).length).toBeGreaterThan(1);
});
