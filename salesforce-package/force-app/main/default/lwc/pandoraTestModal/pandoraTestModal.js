import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import testMapping from '@salesforce/apex/PandoraApi.testMapping';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { words } from 'c/pandoraWords';

/** Tries a saved mapping on one record; writes only when told to. Closes with true when something was written. */
export default class PandoraTestModal extends LightningModal {
    /** A saved mapping. */
    @api mapping;

    words = words;
    /** That stands on screen: what is written is what was looked at. */
    looked = null;
    outcome;
    problem;
    isBusy = false;
    wasWritten = false;
    requests = createRequests();

    get canWrite() {
        return !this.outcome && this.looked?.decision === 'write' && this.looked.crm_record_id !== null;
    }
    get recordUrl() {
        return this.looked?.record_url;
    }
    get isWritten() {
        return this.outcome?.written;
    }
    get isLeftAlone() {
        return this.outcome && !this.outcome.written;
    }
    get reason() {
        return this.outcome.reason_text;
    }

    handleLooked(event) {
        this.looked = event.detail;
        this.outcome = undefined;
        this.problem = undefined;
    }

    async handleWrite() {
        if (this.isBusy || !this.canWrite) return;
        this.isBusy = true;
        const { looked } = this;
        const content = { crm_record_id: looked.crm_record_id, write: true };
        try {
            const outcome = await this.requests.send('write', content, (request) =>
                testMapping({ mappingId: this.mapping.id, request })
            );
            this.wasWritten = this.wasWritten || outcome.written;
            // Another record may have been chosen meanwhile.
            if (looked === this.looked) this.outcome = outcome;
            this.problem = undefined;
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isBusy = false;
    }

    handleClose() {
        this.close(this.wasWritten);
    }
}
