import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import dismissGap from '@salesforce/apex/PandoraApi.dismissGap';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, words } from 'c/pandoraWords';

const REASONS = [
    'not_a_prospect',
    'customer_call',
    'already_covered',
    'not_qualified',
    'partner_or_vendor',
    'duplicate',
    'other'
];

/** Why a call leaves the list. Closes with true once it has left. */
export default class PandoraDismissModal extends LightningModal {
    @api gap;

    words = words;
    reason = '';
    note = '';
    problem;
    isBusy = false;
    requests = createRequests();

    get text() {
        return say(words.dismiss.text, this.gap.title);
    }

    get reasons() {
        return optionsOf('reason', REASONS);
    }

    handleReason(event) {
        this.reason = event.detail.value;
    }

    handleNote(event) {
        this.note = event.detail.value;
    }

    handleCancel() {
        this.close();
    }

    async handleConfirm() {
        const reason = this.template.querySelector('[data-field="reason"]');
        if (!this.reason) {
            reason.reportValidity();
            return;
        }
        if (this.isBusy) return;
        this.isBusy = true;
        const { conversation_id: conversationId } = this.gap;
        const note = this.note.trim();
        try {
            await this.requests.send('dismiss', { reason: this.reason, ...(note ? { note } : {}) }, (request) =>
                dismissGap({ conversationId, request })
            );
            this.close(true);
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isBusy = false;
    }
}
