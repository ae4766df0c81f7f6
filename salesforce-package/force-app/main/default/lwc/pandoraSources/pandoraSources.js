import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import deleteSource from '@salesforce/apex/PandoraApi.deleteSource';
import getSources from '@salesforce/apex/PandoraApi.getSources';
import testSource from '@salesforce/apex/PandoraApi.testSource';
import updateSource from '@salesforce/apex/PandoraApi.updateSource';
import SourceModal from 'c/pandoraSourceModal';
import { ago, number } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, wordOf, words } from 'c/pandoraWords';

/** Where conversations come from, and how each is doing. */
export default class PandoraSources extends LightningElement {
    words = words;
    sources;
    problem;
    actionProblem;
    newSecret;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            this.sources = (await getSources()).items;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    get isLoading() {
        return !this.sources && !this.problem;
    }
    get isEmpty() {
        return this.sources?.length === 0;
    }
    get secretText() {
        return this.newSecret ? say(words.sources.secretOnce, this.newSecret) : null;
    }
    get rows() {
        return this.sources.map((source) => ({
            id: source.id,
            name: source.name,
            kind: wordOf('source', source.kind),
            status: wordOf('sourceStatus', source.status),
            badgeClass: source.status === 'failing' ? 'slds-theme_error' : '',
            seen: source.last_seen_at ? ago(source.last_seen_at) : words.sources.never,
            received: number(source.received),
            address: source.hook_url,
            error: source.last_error,
            notes: source.notes.join(' '),
            pauseLabel: source.status === 'paused' ? words.sources.resume : words.sources.pause
        }));
    }

    async handleAdd() {
        await this.openModal(undefined);
    }

    async openModal(source) {
        const label = source ? source.name : words.sources.add;
        const saved = await SourceModal.open({ size: 'small', label, source });
        if (!saved) return;
        this.newSecret = saved.hook_secret ?? undefined;
        this.tell(words.common.saved);
        await this.load();
    }

    async handleMenu(event) {
        const source = this.sources.find(({ id }) => id === event.currentTarget.dataset.id);
        const sourceId = source.id;
        const chosen = event.detail.value;
        if (chosen === 'edit') await this.openModal(source);
        if (chosen === 'test') {
            await this.act(`test:${sourceId}`, {}, async (request) => {
                const { ok, message } = await testSource({ sourceId, request });
                this.dispatchEvent(new ShowToastEvent({ title: message, variant: ok ? 'success' : 'warning' }));
            });
        }
        if (chosen === 'pause') {
            const status = source.status === 'paused' ? 'connected' : 'paused';
            await this.act(`status:${sourceId}`, { status }, (request) => updateSource({ sourceId, request }));
        }
        if (chosen === 'delete') {
            const message = say(words.sources.deleteText, source.name);
            const asked = { label: words.sources.deleteTitle, message, theme: 'warning' };
            if (!(await LightningConfirm.open(asked))) return;
            await this.act(`delete:${sourceId}`, {}, (request) => deleteSource({ sourceId, request }));
        }
    }

    async act(what, content, call) {
        try {
            await this.requests.send(what, content, call);
            this.actionProblem = undefined;
            await this.load();
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    tell(title) {
        this.dispatchEvent(new ShowToastEvent({ title, variant: 'success' }));
    }
}
