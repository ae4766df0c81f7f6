import { LightningElement, api } from 'lwc';
import previewMapping from '@salesforce/apex/PandoraApi.previewMapping';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import testMapping from '@salesforce/apex/PandoraApi.testMapping';
import { shown } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { say, words } from 'c/pandoraWords';

const DELAY_MS = 350;

/**
 * Before and after of a mapping: of an unsaved one on a real record or on a sample, of a saved one on a real record. Nothing
 * is written. Fires `looked` with the result, and with null as soon as it no longer holds.
 */
export default class PandoraPreview extends LightningElement {
    words = words;
    result;
    problem;
    search = '';
    found = [];
    record = null;
    isNothingFound = false;
    _draft;
    _mappingId;
    _objectType;

    /** What a new mapping would be sent as; absent while it is incomplete. */
    @api
    get draft() {
        return this._draft;
    }
    set draft(draft) {
        const isSame = JSON.stringify(draft) === JSON.stringify(this._draft);
        if (isSame) return;
        this._draft = draft;
        this.askSoon();
    }

    /** A saved mapping, instead of a draft. */
    @api
    get mappingId() {
        return this._mappingId;
    }
    set mappingId(mappingId) {
        if (mappingId === this._mappingId) return;
        this._mappingId = mappingId;
        this.askSoon();
    }

    @api
    get objectType() {
        return this._objectType;
    }
    set objectType(objectType) {
        if (objectType === this._objectType) return;
        this._objectType = objectType;
        this.record = null;
        this.found = [];
    }

    disconnectedCallback() {
        clearTimeout(this.askTimer);
        clearTimeout(this.searchTimer);
    }

    get mappingAsked() {
        return this.mappingId ?? this.draft;
    }
    get intro() {
        return this.mappingId ? words.mappings.testIntro : words.preview.intro;
    }
    get isWaiting() {
        return !this.mappingAsked;
    }
    get recordName() {
        return this.result.record_name ?? words.preview.sample;
    }
    get before() {
        return shown(this.result.before);
    }
    get after() {
        return this.result.decision === 'write' ? shown(this.result.after) : this.before;
    }
    get isBeforeBlank() {
        return this.before === '';
    }
    get isAfterBlank() {
        return this.after === '';
    }
    get isUnchanged() {
        return this.result.decision !== 'write';
    }
    get reason() {
        return this.result.reason_text ?? words.preview.noChange;
    }
    get nothingFound() {
        return this.isNothingFound ? say(words.preview.nothingFound, this.search.trim()) : null;
    }

    askSoon() {
        clearTimeout(this.askTimer);
        if (this.isWaiting) {
            this.show(undefined);
            return;
        }
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        this.askTimer = setTimeout(() => this.ask(), DELAY_MS);
    }

    async ask() {
        const { mappingAsked, record } = this;
        const isOutdated = () => mappingAsked !== this.mappingAsked || record !== this.record;
        try {
            const result = await this.tryOn(record?.crm_id ?? null);
            if (isOutdated()) return;
            this.problem = undefined;
            this.show(result);
        } catch (error) {
            if (isOutdated()) return;
            this.problem = problemOf(error);
            this.show(undefined);
        }
    }

    tryOn(recordId) {
        const { mappingId, draft } = this;
        if (mappingId) return testMapping({ mappingId, request: { crm_record_id: recordId, write: false } });
        return previewMapping({ request: { mapping: draft, crm_record_id: recordId } });
    }

    show(result) {
        this.result = result;
        this.dispatchEvent(new CustomEvent('looked', { detail: result ?? null }));
    }

    handleSearch(event) {
        this.search = event.detail.value;
        clearTimeout(this.searchTimer);
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        this.searchTimer = setTimeout(() => this.find(), DELAY_MS);
    }

    async find() {
        const q = this.search.trim();
        this.isNothingFound = false;
        if (q === '') {
            this.found = [];
            return;
        }
        try {
            const { items } = await searchRecords({ filters: { objectType: this.objectType, q } });
            if (q !== this.search.trim()) return;
            this.found = items.slice(0, 6);
            this.isNothingFound = items.length === 0;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    handleChoose(event) {
        this.record = this.found.find(({ crm_id: id }) => id === event.currentTarget.dataset.id);
        this.found = [];
        this.search = this.record.name;
        // What is on screen is of another record.
        this.problem = undefined;
        this.show(undefined);
        this.askSoon();
    }
}
