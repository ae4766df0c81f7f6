/** Why a call gave nothing, in the terms of what a person can do about it. */
import { words } from 'c/pandoraWords';

/** Code of a refusal → what kind of trouble it is for the person. */
const KINDS = {
    app_not_connected: 'notConnected',
    not_connected: 'notConnected',
    needs_reconnect: 'reconnect',
    missing_scope: 'reconnect',
    no_permission: 'noPermission',
    not_a_member: 'noPermission',
    forbidden: 'noPermission',
    unauthorized: 'unproven',
    crm_busy: 'crmBusy',
    crm_unreachable: 'crmBusy',
    crm_quota_exhausted: 'crmBusy',
    crm_unexpected: 'crmBusy',
    outcome_unknown: 'crmBusy',
    request_in_progress: 'slow',
    too_slow: 'slow',
    unreachable: 'down'
};

/** Whose own sentence says more than ours. */
const SAYS_MORE = new Set(['crmBusy', 'conflict', 'refused', 'noPermission']);

/**
 * @param error as Apex or the platform throws it
 * @returns { kind, title, text, code, status, fields, candidates, retryAfterS, connectUrl, isOutcomeKnown, isRetryable }
 */
export function problemOf(error) {
    const told = toldBy(error);
    const kind = kindOf(told);
    // Of a malformed request the server names fields as the API calls them; the form shows each at its place.
    const says = SAYS_MORE.has(kind) && told.code !== 'invalid_request' ? told.message : null;
    return {
        kind,
        title: words.failures[`${kind}Title`],
        text: says || words.failures[`${kind}Text`],
        code: told.code ?? null,
        status: told.status ?? 0,
        fields: fieldsOf(told.errors),
        candidates: told.candidates ?? [],
        retryAfterS: told.retry_after_s ?? null,
        connectUrl: told.connect_url ?? null,
        // False: it may have been done, so it is sent again under the same id.
        isOutcomeKnown:
            told.status > 0 && told.status < 500 && told.status !== 429 && told.code !== 'request_in_progress',
        isRetryable: !['notConnected', 'noPermission', 'refused'].includes(kind)
    };
}

function toldBy(error) {
    const message = error?.body?.message ?? error?.message ?? '';
    try {
        const told = JSON.parse(message);
        if (told && typeof told === 'object') return told;
    } catch {
        // The platform's own words: offline, a limit, a class that is missing.
    }
    return { status: 0, code: null, message };
}

function kindOf({ code, status }) {
    if (KINDS[code]) return KINDS[code];
    if (status === 429) return 'busy';
    if (status === 401) return 'unproven';
    if (status === 403) return 'noPermission';
    if (status === 404) return 'notFound';
    if (status === 409) return 'conflict';
    return status >= 400 && status < 500 ? 'refused' : 'down';
}

/** Field of the request → its first fault, as a sentence. */
function fieldsOf(errors) {
    const fields = {};
    for (const { field, message } of errors ?? []) fields[field] ??= sentence(message);
    return fields;
}

function sentence(text) {
    const trimmed = String(text).trim();
    const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
    return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
