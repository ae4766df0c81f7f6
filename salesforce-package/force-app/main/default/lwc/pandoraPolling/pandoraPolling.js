/** Asks again until something is done; slower when it takes long, and on after a failure that passes. */
import { problemOf } from 'c/pandoraProblems';

const FIRST_MS = 700;
const MAX_MS = 5000;

/**
 * @param ask asks once
 * @param take gets each answer; true: go on
 * @param fail gets the problem of a failed ask; it goes on when the problem passes by itself
 * @returns stop()
 */
export function poll({ ask, take, fail }) {
    let timer = null;
    let isStopped = false;

    async function once(waitMs) {
        let goesOn = true;
        let nextMs = Math.min(MAX_MS, waitMs * 1.3);
        try {
            const answer = await ask();
            if (isStopped) return;
            goesOn = take(answer);
        } catch (error) {
            if (isStopped) return;
            const problem = problemOf(error);
            fail?.(problem);
            goesOn = problem.isRetryable && problem.kind !== 'notFound';
            nextMs = Math.max(MAX_MS, (problem.retryAfterS ?? 0) * 1000);
        }
        if (goesOn && !isStopped) after(nextMs);
    }
    function after(waitMs) {
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        timer = setTimeout(() => once(waitMs), waitMs);
    }
    after(FIRST_MS);

    return function stop() {
        isStopped = true;
        clearTimeout(timer);
    };
}
