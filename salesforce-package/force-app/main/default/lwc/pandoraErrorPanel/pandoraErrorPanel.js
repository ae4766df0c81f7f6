import { LightningElement, api } from 'lwc';
import { say, words } from 'c/pandoraWords';

/** One face for every failure: what is so, and the way out. Fires `retry`. */
export default class PandoraErrorPanel extends LightningElement {
    /** As `problemOf` tells it; nothing is shown without one. */
    @api problem;
    /** Only the text and the button, in one line: where something else is on screen already. */
    @api isSmall = false;

    words = words;

    get text() {
        const { text, retryAfterS } = this.problem;
        return retryAfterS ? `${text} ${say(words.common.waitAbout, retryAfterS)}` : text;
    }

    get icon() {
        return ['notConnected', 'noPermission'].includes(this.problem.kind) ? 'utility:lock' : 'utility:warning';
    }

    get boxClass() {
        return this.isSmall
            ? 'slds-media slds-media_center slds-var-p-around_x-small panel'
            : 'slds-media slds-var-p-around_medium panel';
    }

    handleRetry() {
        this.dispatchEvent(new CustomEvent('retry'));
    }
}
