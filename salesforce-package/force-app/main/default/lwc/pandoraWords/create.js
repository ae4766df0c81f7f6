import account_ from '@salesforce/label/c.Pandora_create_account';
import accountDomain_ from '@salesforce/label/c.Pandora_create_accountDomain';
import accountKnown_ from '@salesforce/label/c.Pandora_create_accountKnown';
import accountMissing_ from '@salesforce/label/c.Pandora_create_accountMissing';
import accountName_ from '@salesforce/label/c.Pandora_create_accountName';
import accountNew_ from '@salesforce/label/c.Pandora_create_accountNew';
import amount_ from '@salesforce/label/c.Pandora_create_amount';
import busy_ from '@salesforce/label/c.Pandora_create_busy';
import closeDate_ from '@salesforce/label/c.Pandora_create_closeDate';
import contacts_ from '@salesforce/label/c.Pandora_create_contacts';
import contactSearch_ from '@salesforce/label/c.Pandora_create_contactSearch';
import contactSearchHint_ from '@salesforce/label/c.Pandora_create_contactSearchHint';
import contactsOnIt_ from '@salesforce/label/c.Pandora_create_contactsOnIt';
import currency_ from '@salesforce/label/c.Pandora_create_currency';
import done_ from '@salesforce/label/c.Pandora_create_done';
import doneTitle_ from '@salesforce/label/c.Pandora_create_doneTitle';
import duplicateText_ from '@salesforce/label/c.Pandora_create_duplicateText';
import duplicateTitle_ from '@salesforce/label/c.Pandora_create_duplicateTitle';
import existed_ from '@salesforce/label/c.Pandora_create_existed';
import failed_ from '@salesforce/label/c.Pandora_create_failed';
import isLead_ from '@salesforce/label/c.Pandora_create_isLead';
import linkInstead_ from '@salesforce/label/c.Pandora_create_linkInstead';
import linkInsteadTo_ from '@salesforce/label/c.Pandora_create_linkInsteadTo';
import loading_ from '@salesforce/label/c.Pandora_create_loading';
import missing_ from '@salesforce/label/c.Pandora_create_missing';
import name_ from '@salesforce/label/c.Pandora_create_name';
import nameMissing_ from '@salesforce/label/c.Pandora_create_nameMissing';
import noContactFound_ from '@salesforce/label/c.Pandora_create_noContactFound';
import noOwner_ from '@salesforce/label/c.Pandora_create_noOwner';
import noRole_ from '@salesforce/label/c.Pandora_create_noRole';
import note_ from '@salesforce/label/c.Pandora_create_note';
import openDeal_ from '@salesforce/label/c.Pandora_create_openDeal';
import owner_ from '@salesforce/label/c.Pandora_create_owner';
import progressText_ from '@salesforce/label/c.Pandora_create_progressText';
import progressTitle_ from '@salesforce/label/c.Pandora_create_progressTitle';
import progressWaiting_ from '@salesforce/label/c.Pandora_create_progressWaiting';
import recordType_ from '@salesforce/label/c.Pandora_create_recordType';
import role_ from '@salesforce/label/c.Pandora_create_role';
import roleOf_ from '@salesforce/label/c.Pandora_create_roleOf';
import stage_ from '@salesforce/label/c.Pandora_create_stage';
import submit_ from '@salesforce/label/c.Pandora_create_submit';
import submitAnyway_ from '@salesforce/label/c.Pandora_create_submitAnyway';
import title_ from '@salesforce/label/c.Pandora_create_title';
import unsureAgain_ from '@salesforce/label/c.Pandora_create_unsureAgain';
import unsureText_ from '@salesforce/label/c.Pandora_create_unsureText';
import unsureTitle_ from '@salesforce/label/c.Pandora_create_unsureTitle';
import withWarnings_ from '@salesforce/label/c.Pandora_create_withWarnings';

export default {
    account: account_,
    accountDomain: accountDomain_,
    accountKnown: accountKnown_,
    accountMissing: accountMissing_,
    accountName: accountName_,
    accountNew: accountNew_,
    amount: amount_,
    busy: busy_,
    closeDate: closeDate_,
    contacts: contacts_,
    contactSearch: contactSearch_,
    contactSearchHint: contactSearchHint_,
    contactsOnIt: contactsOnIt_,
    currency: currency_,
    done: done_,
    doneTitle: doneTitle_,
    duplicateText: duplicateText_,
    duplicateTitle: duplicateTitle_,
    existed: existed_,
    failed: failed_,
    isLead: isLead_,
    linkInstead: linkInstead_,
    linkInsteadTo: linkInsteadTo_,
    loading: loading_,
    missing: missing_,
    name: name_,
    nameMissing: nameMissing_,
    noContactFound: noContactFound_,
    noOwner: noOwner_,
    noRole: noRole_,
    note: note_,
    openDeal: openDeal_,
    owner: owner_,
    progressText: progressText_,
    progressTitle: progressTitle_,
    progressWaiting: progressWaiting_,
    recordType: recordType_,
    role: role_,
    roleOf: roleOf_,
    stage: stage_,
    submit: submit_,
    submitAnyway: submitAnyway_,
    title: title_,
    unsureAgain: unsureAgain_,
    unsureText: unsureText_,
    unsureTitle: unsureTitle_,
    withWarnings: withWarnings_
};
