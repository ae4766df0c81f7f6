/** Answers `@salesforce/apex/…`: the preview's server stands in for Apex. */
import { base } from './base.js';

export async function callApex(method, params) {
    let answer;
    try {
        answer = await fetch(`${base}/apex/${method}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(params ?? {})
        });
    } catch {
        throw refusal('The request did not reach the org.');
    }
    const body = await answer.json().catch(() => ({ message: 'The org gave an answer that is no JSON.' }));
    if (!answer.ok) throw refusal(body.message);
    return body.value;
}

/** As an AuraHandledException arrives. */
function refusal(message) {
    return { status: 500, body: { message, exceptionType: 'System.AuraHandledException', isUserDefinedException: true } };
}
