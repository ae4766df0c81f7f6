import { LightningElement } from 'lwc';
import getConnectUrl from '@salesforce/apex/PandoraApi.getConnectUrl';
import getSession from '@salesforce/apex/PandoraApi.getSession';
import { problemOf } from 'c/pandoraProblems';
import { words } from 'c/pandoraWords';

/** The admin's app: connection, mappings, sync, log and settings. */
export default class PandoraSetup extends LightningElement {
    words = words;
    session;
    problem;
    isLoading = true;
    tab = 'connection';

    connectedCallback() {
        this.load();
    }

    async load() {
        this.isLoading = true;
        try {
            this.session = await getSession();
            this.problem = this.session.abilities.includes('manage_mappings') ? undefined : noRight();
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    get isNotConnected() {
        return ['notConnected', 'unproven'].includes(this.problem?.kind);
    }
    get isFailed() {
        return this.problem && !this.isNotConnected;
    }

    async handleConnect() {
        try {
            window.open(await getConnectUrl(), '_blank', 'noopener');
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    handleTab(event) {
        this.tab = event.target.value;
    }

    handleStarted() {
        this.tab = 'sync';
    }
}

function noRight() {
    const message = JSON.stringify({ status: 403, code: 'forbidden' });
    return problemOf({ body: { message } });
}
