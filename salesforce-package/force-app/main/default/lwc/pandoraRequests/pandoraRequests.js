/**
 * Sends what changes something. The same content keeps its id until its outcome is known, so pressing again after a lost
 * answer does it once; other content, or a certain refusal, begins anew.
 */
import { problemOf } from 'c/pandoraProblems';

export function createRequests() {
    const kept = new Map();

    return {
        /**
         * @param what names the thing that is done, like `dismiss:<call>`
         * @param content of the request, without its id
         * @param call gets the content with `request_id`
         * @returns the answer; throws what the call threw
         */
        async send(what, content, call) {
            const text = JSON.stringify(content ?? {});
            const earlier = kept.get(what);
            const id = earlier?.text === text ? earlier.id : newId();
            kept.set(what, { id, text });
            try {
                const answer = await call({ ...content, request_id: id });
                kept.delete(what);
                return answer;
            } catch (error) {
                if (problemOf(error).isOutcomeKnown) kept.delete(what);
                throw error;
            }
        }
    };
}

function newId() {
    return window.crypto.randomUUID();
}
