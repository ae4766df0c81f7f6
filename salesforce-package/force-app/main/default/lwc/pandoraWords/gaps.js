import beingCreatedBy_ from '@salesforce/label/c.Pandora_gaps_beingCreatedBy';
import byRep_ from '@salesforce/label/c.Pandora_gaps_byRep';
import byRepRow_ from '@salesforce/label/c.Pandora_gaps_byRepRow';
import byWeek_ from '@salesforce/label/c.Pandora_gaps_byWeek';
import createDeal_ from '@salesforce/label/c.Pandora_gaps_createDeal';
import createDealFor_ from '@salesforce/label/c.Pandora_gaps_createDealFor';
import createdThisMonth_ from '@salesforce/label/c.Pandora_gaps_createdThisMonth';
import dealIs_ from '@salesforce/label/c.Pandora_gaps_dealIs';
import dismiss_ from '@salesforce/label/c.Pandora_gaps_dismiss';
import dismissedBy_ from '@salesforce/label/c.Pandora_gaps_dismissedBy';
import dismissFor_ from '@salesforce/label/c.Pandora_gaps_dismissFor';
import estimated_ from '@salesforce/label/c.Pandora_gaps_estimated';
import high_ from '@salesforce/label/c.Pandora_gaps_high';
import linkDeal_ from '@salesforce/label/c.Pandora_gaps_linkDeal';
import linkDealFor_ from '@salesforce/label/c.Pandora_gaps_linkDealFor';
import listen_ from '@salesforce/label/c.Pandora_gaps_listen';
import minutes_ from '@salesforce/label/c.Pandora_gaps_minutes';
import newAccount_ from '@salesforce/label/c.Pandora_gaps_newAccount';
import noAccount_ from '@salesforce/label/c.Pandora_gaps_noAccount';
import none_ from '@salesforce/label/c.Pandora_gaps_none';
import noneFiltered_ from '@salesforce/label/c.Pandora_gaps_noneFiltered';
import noneHere_ from '@salesforce/label/c.Pandora_gaps_noneHere';
import noneText_ from '@salesforce/label/c.Pandora_gaps_noneText';
import noRep_ from '@salesforce/label/c.Pandora_gaps_noRep';
import openDeals_ from '@salesforce/label/c.Pandora_gaps_openDeals';
import pending_ from '@salesforce/label/c.Pandora_gaps_pending';
import rep_ from '@salesforce/label/c.Pandora_gaps_rep';
import restore_ from '@salesforce/label/c.Pandora_gaps_restore';
import restored_ from '@salesforce/label/c.Pandora_gaps_restored';
import restoreFor_ from '@salesforce/label/c.Pandora_gaps_restoreFor';
import searchHint_ from '@salesforce/label/c.Pandora_gaps_searchHint';
import searchLabel_ from '@salesforce/label/c.Pandora_gaps_searchLabel';
import severity_ from '@salesforce/label/c.Pandora_gaps_severity';
import status_ from '@salesforce/label/c.Pandora_gaps_status';
import statusCreated_ from '@salesforce/label/c.Pandora_gaps_statusCreated';
import statusDismissed_ from '@salesforce/label/c.Pandora_gaps_statusDismissed';
import statusLinked_ from '@salesforce/label/c.Pandora_gaps_statusLinked';
import statusPending_ from '@salesforce/label/c.Pandora_gaps_statusPending';
import title_ from '@salesforce/label/c.Pandora_gaps_title';
import trendKey_ from '@salesforce/label/c.Pandora_gaps_trendKey';
import trendRow_ from '@salesforce/label/c.Pandora_gaps_trendRow';
import unlink_ from '@salesforce/label/c.Pandora_gaps_unlink';
import unlinked_ from '@salesforce/label/c.Pandora_gaps_unlinked';
import unlinkFor_ from '@salesforce/label/c.Pandora_gaps_unlinkFor';
import viewerNote_ from '@salesforce/label/c.Pandora_gaps_viewerNote';
import with_ from '@salesforce/label/c.Pandora_gaps_with';

export default {
    beingCreatedBy: beingCreatedBy_,
    byRep: byRep_,
    byRepRow: byRepRow_,
    byWeek: byWeek_,
    createDeal: createDeal_,
    createDealFor: createDealFor_,
    createdThisMonth: createdThisMonth_,
    dealIs: dealIs_,
    dismiss: dismiss_,
    dismissedBy: dismissedBy_,
    dismissFor: dismissFor_,
    estimated: estimated_,
    high: high_,
    linkDeal: linkDeal_,
    linkDealFor: linkDealFor_,
    listen: listen_,
    minutes: minutes_,
    newAccount: newAccount_,
    noAccount: noAccount_,
    none: none_,
    noneFiltered: noneFiltered_,
    noneHere: noneHere_,
    noneText: noneText_,
    noRep: noRep_,
    openDeals: openDeals_,
    pending: pending_,
    rep: rep_,
    restore: restore_,
    restored: restored_,
    restoreFor: restoreFor_,
    searchHint: searchHint_,
    searchLabel: searchLabel_,
    severity: severity_,
    status: status_,
    statusCreated: statusCreated_,
    statusDismissed: statusDismissed_,
    statusLinked: statusLinked_,
    statusPending: statusPending_,
    title: title_,
    trendKey: trendKey_,
    trendRow: trendRow_,
    unlink: unlink_,
    unlinked: unlinked_,
    unlinkFor: unlinkFor_,
    viewerNote: viewerNote_,
    with: with_
};
