import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import createSource from '@salesforce/apex/PandoraApi.createSource';
import updateSource from '@salesforce/apex/PandoraApi.updateSource';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, words } from 'c/pandoraWords';

/** Which secrets each kind of source knows. */
const SECRETS = {
    generic: ['hook_secret'],
    gong: ['access_key', 'access_key_secret', 'public_key'],
    fireflies: ['api_key', 'hook_secret'],
    zoom: ['hook_secret', 'account_id', 'client_id', 'client_secret'],
    hubspot: [],
    salesforce: []
};
const KINDS = ['salesforce', 'gong', 'zoom', 'fireflies', 'generic'];

/** A source and its secrets, which are never shown again. Closes with the saved source. */
export default class PandoraSourceModal extends LightningModal {
    /** That is changed; absent: a new one. */
    @api source;

    words = words;
    kind = 'salesforce';
    name = '';
    baseUrl = '';
    secrets = {};
    problem;
    isBusy = false;
    requests = createRequests();

    connectedCallback() {
        if (!this.source) return;
        this.kind = this.source.kind;
        this.name = this.source.name;
        this.baseUrl = this.source.settings.base_url ?? '';
    }

    get isNew() {
        return !this.source;
    }
    get title() {
        return this.source ? this.source.name : words.sources.add;
    }
    get kindOptions() {
        return optionsOf('source', KINDS);
    }
    get isGong() {
        return this.kind === 'gong';
    }
    get secretFields() {
        return SECRETS[this.kind].map((name) => ({
            name,
            label: words.sources[name],
            hint: this.source?.secrets_set.includes(name) ? words.sources.secretKeep : '',
            field: `secrets.${name}`
        }));
    }

    handleKind(event) {
        this.kind = event.detail.value;
        this.secrets = {};
    }

    handleValue(event) {
        this[event.target.name] = event.detail.value;
        event.target.setCustomValidity('');
    }

    handleSecret(event) {
        this.secrets = { ...this.secrets, [event.target.name]: event.detail.value };
        event.target.setCustomValidity('');
    }

    handleCancel() {
        this.close();
    }

    async handleSave() {
        if (this.isBusy) return;
        this.isBusy = true;
        try {
            const { source } = this;
            const saved = await this.requests.send('save', this.content, (request) => {
                if (source) return updateSource({ sourceId: source.id, request });
                return createSource({ request });
            });
            this.close(saved);
        } catch (error) {
            this.problem = problemOf(error);
            this.showFaults();
        }
        this.isBusy = false;
    }

    get content() {
        const given = Object.entries(this.secrets).filter(([, secret]) => secret.trim() !== '');
        const name = this.name.trim();
        const baseUrl = this.baseUrl.trim();
        return {
            ...(this.isNew ? { kind: this.kind } : {}),
            ...(name ? { name } : {}),
            ...(given.length > 0 ? { secrets: Object.fromEntries(given) } : {}),
            ...(this.isGong && baseUrl ? { settings: { base_url: baseUrl } } : {})
        };
    }

    showFaults() {
        for (const input of this.template.querySelectorAll('[data-field]')) {
            const fault = this.problem.fields[input.dataset.field];
            if (fault) {
                input.setCustomValidity(fault);
                input.reportValidity();
            }
        }
    }
}
