/** A call without a deal as the list shows it. Pure. */
import { ago, day, number } from 'c/pandoraFormat';
import { say, wordOf, words } from 'c/pandoraWords';

const BADGES = {
    high: 'slds-badge slds-theme_error',
    medium: 'slds-badge slds-theme_warning',
    low: 'slds-badge'
};

/**
 * @param gap as the API tells it, without what the user can't see
 * @param mayAct whether the user's role may change it
 */
export function gapView(gap, mayAct) {
    const { conversation_id: id, title, status, decision } = gap;
    const account = gap.companies[0];
    const isPending = status === 'pending';
    return {
        id,
        title,
        callUrl: gap.url,
        severity: gap.severity ? wordOf('severity', gap.severity) : null,
        badgeClass: BADGES[gap.severity],
        accountName: account ? account.name : accountText(gap),
        accountUrl: account?.url,
        facts: factsOf(gap),
        people: peopleOf(gap),
        reason: gap.severity_reason,
        cause: gap.likely_cause ? wordOf('cause', gap.likely_cause) : null,
        openDeals: openDealsText(gap.open_deals),
        note: noteOf(gap),
        deal: gap.deal,
        dealText: gap.deal ? say(words.gaps.dealIs, gap.deal.name ?? '') : null,
        decided: decision?.decision === 'dismissed' && status === 'dismissed' ? dismissedText(decision) : null,
        canCreate: mayAct && isPending && !gap.being_created_by,
        canLink: mayAct && isPending,
        canDismiss: mayAct && isPending,
        canRestore: mayAct && status === 'dismissed',
        canUnlink: mayAct && (status === 'linked' || status === 'created') && gap.deal,
        createLabel: say(words.gaps.createDealFor, title),
        linkLabel: say(words.gaps.linkDealFor, title),
        dismissLabel: say(words.gaps.dismissFor, title),
        restoreLabel: say(words.gaps.restoreFor, title),
        unlinkLabel: say(words.gaps.unlinkFor, title)
    };
}

function accountText({ company, company_domain: domain }) {
    if (company) return company.name;
    return domain ? say(words.gaps.newAccount, domain) : words.gaps.noAccount;
}

function factsOf(gap) {
    const rep = gap.rep?.name ?? gap.rep?.email ?? words.gaps.noRep;
    const minutes = gap.duration_minutes === null ? [] : [say(words.gaps.minutes, number(gap.duration_minutes))];
    return [rep, day(gap.started_at), ...minutes].join(' · ');
}

function peopleOf(gap) {
    const names = gap.participants
        .filter((person) => person.is_internal === false)
        .map((person) => person.name ?? person.email)
        .filter(Boolean);
    return names.length > 0 ? say(words.gaps.with, names.slice(0, 4).join(', ')) : null;
}

function openDealsText(deals) {
    if (!deals || deals.length === 0) return null;
    return say(
        words.gaps.openDeals,
        deals
            .slice(0, 3)
            .map(({ name }) => name)
            .join(', ')
    );
}

function noteOf(gap) {
    return gap.being_created_by ? say(words.gaps.beingCreatedBy, gap.being_created_by) : null;
}

function dismissedText({ by, at, reason, note }) {
    const why = note || wordOf('reason', reason);
    return say(words.gaps.dismissedBy, by, ago(at), why);
}
