import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import createKey from '@salesforce/apex/PandoraApi.createKey';
import getKeys from '@salesforce/apex/PandoraApi.getKeys';
import revokeKey from '@salesforce/apex/PandoraApi.revokeKey';
import { ago, moment } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, wordOf, words } from 'c/pandoraWords';

const NONE = { name: '', role: 'viewer' };

/** API keys: made, shown once, revoked. */
export default class PandoraKeys extends LightningElement {
    words = words;
    keys;
    cursor = null;
    draft = NONE;
    /** Just made, until the person has put it away. */
    made;
    problem;
    actionProblem;
    isBusy = false;
    /** Does once more what failed; a change under the same id. */
    again;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            const page = await getKeys({ filters: { limit: 50 } });
            this.keys = page.items;
            this.cursor = page.next_cursor;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    async handleMore() {
        this.again = () => this.handleMore();
        try {
            const page = await getKeys({ filters: { limit: 50, cursor: this.cursor } });
            const known = new Set(this.keys.map(({ id }) => id));
            this.keys = [...this.keys, ...page.items.filter(({ id }) => !known.has(id))];
            this.cursor = page.next_cursor;
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    get isLoading() {
        return !this.keys && !this.problem;
    }
    get isEmpty() {
        return this.keys.length === 0;
    }
    get roleOptions() {
        return optionsOf('role', ['viewer', 'rep', 'admin']);
    }
    get madeText() {
        return this.made.key ? words.keys.madeText : words.keys.lost;
    }
    get rows() {
        return this.keys.map(({ id, name, role, prefix, last_used_at: used, revoked_at: revoked }) => ({
            ...{ id, name },
            role: wordOf('role', role),
            state: revoked ? say(words.keys.revokedAgo, ago(revoked)) : say(words.keys.beginsWith, prefix),
            used: used ? ago(used) : words.keys.never,
            usedExactly: used ? moment(used) : '',
            isInUse: !revoked,
            revokeLabel: say(words.keys.revokeNamed, name)
        }));
    }

    handleRetry() {
        return this.again();
    }

    handleDraft(event) {
        this.draft = { ...this.draft, [event.target.name]: event.detail.value };
        event.target.setCustomValidity?.('');
    }

    async handleAdd() {
        const inputs = [...this.template.querySelectorAll('[data-new]')];
        // Blanks alone are no name.
        const [nameInput] = inputs;
        nameInput.setCustomValidity(this.draft.name.trim() ? '' : words.keys.nameFault);
        if (!inputs.reduce((valid, input) => input.reportValidity() && valid, true)) return;
        const content = { name: this.draft.name.trim(), role: this.draft.role };
        await this.act('add', content, async (request) => {
            this.made = await createKey({ request });
            this.draft = NONE;
        });
    }

    handlePutAway() {
        this.made = undefined;
    }

    async handleRevoke(event) {
        const keyId = event.currentTarget.dataset.id;
        const { name } = this.keys.find(({ id }) => id === keyId);
        const label = say(words.keys.revokeTitle, name);
        if (!(await LightningConfirm.open({ label, message: words.keys.revokeText, theme: 'warning' }))) return;
        await this.act(`revoke:${keyId}`, {}, async (request) => {
            await revokeKey({ keyId, request });
            if (this.made?.id === keyId) this.made = undefined;
        });
    }

    async act(what, content, call) {
        if (this.isBusy) return;
        this.isBusy = true;
        this.again = () => this.act(what, content, call);
        try {
            await this.requests.send(what, content, call);
            this.actionProblem = undefined;
            await this.load();
        } catch (error) {
            this.actionProblem = problemOf(error);
            this.showFault(this.actionProblem.fields.name);
        }
        this.isBusy = false;
    }

    showFault(fault) {
        if (!fault) return;
        const input = this.template.querySelector('[data-new]');
        input.setCustomValidity(fault);
        input.reportValidity();
    }
}
