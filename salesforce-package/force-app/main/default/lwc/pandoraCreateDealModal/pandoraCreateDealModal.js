import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import createDeal from '@salesforce/apex/PandoraApi.createDeal';
import getCreation from '@salesforce/apex/PandoraApi.getCreation';
import getDealOptions from '@salesforce/apex/PandoraApi.getDealOptions';
import linkDeal from '@salesforce/apex/PandoraApi.linkDeal';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import { ago, day, money } from 'c/pandoraFormat';
import { poll } from 'c/pandoraPolling';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, words } from 'c/pandoraWords';
import { formOf, foundContact, requestOf, requiredView, stagesOf } from './dealForm';

const SEARCH_DELAY_MS = 300;

/**
 * The form of a new deal, filled from a call. Closes with { creation, open } once it is made, with { linkedTo, dealId }
 * when an existing one was linked instead, and with nothing otherwise.
 */
export default class PandoraCreateDealModal extends LightningModal {
    @api gap;

    words = words;
    /** loading, form, progress, unsure, done */
    step = 'loading';
    options;
    form;
    creation;
    problem;
    duplicates = [];
    found = null;
    search = '';
    isBusy = false;
    isLookedFor = false;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    disconnectedCallback() {
        this.stopPolling?.();
        clearTimeout(this.timer);
    }

    async load() {
        this.step = 'loading';
        this.problem = undefined;
        try {
            this.options = await getDealOptions({ conversationId: this.gap.conversation_id });
            this.form = formOf(this.options, this.gap);
            this.step = 'form';
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    get isLoading() {
        return this.step === 'loading' && !this.problem;
    }
    get isNotLoaded() {
        return this.step === 'loading' && this.problem;
    }
    get isForm() {
        return this.step === 'form';
    }
    get isProgress() {
        return this.step === 'progress';
    }
    get isUnsure() {
        return this.step === 'unsure';
    }
    get isDone() {
        return this.step === 'done';
    }

    get recordTypes() {
        return this.options.pipelines.map(({ id, label }) => ({ value: id, label }));
    }
    get hasRecordTypes() {
        return this.options.pipelines.length > 1;
    }
    get stages() {
        return stagesOf(this.options, this.form.pipeline_id);
    }
    get owners() {
        const known = this.options.owners.map(({ email, name }) => ({ value: email, label: name }));
        return [{ value: '', label: words.create.noOwner }, ...known];
    }
    get currencies() {
        return this.options.currencies.map((code) => ({ value: code, label: code }));
    }
    get required() {
        return this.options.required.map((field) => requiredView(field, this.form));
    }
    get roles() {
        const known = this.options.contact_roles ?? [];
        return known.length > 0 ? [{ value: '', label: words.create.noRole }, ...known] : null;
    }
    get contacts() {
        return this.form.contacts.map((contact) => ({
            ...contact,
            label: contact.detail ? `${contact.name} (${contact.detail})` : contact.name,
            roleLabel: say(words.create.roleOf, contact.name)
        }));
    }
    get hasContacts() {
        return this.form.contacts.length > 0;
    }
    get foundContacts() {
        const known = new Set(this.form.contacts.map(({ key }) => key));
        return (this.found ?? []).filter(({ crm_id: id }) => !known.has(id)).slice(0, 5);
    }
    get noContactFound() {
        return this.found && this.found.length === 0 ? say(words.create.noContactFound, this.search.trim()) : null;
    }
    get mayMakeAccount() {
        return this.options.prefill.company_to_create !== null;
    }
    get accountText() {
        const account = this.gap.companies[0];
        return account ? say(words.create.accountKnown, account.name) : null;
    }
    get hasDuplicates() {
        return this.duplicates.length > 0;
    }
    get showsDeals() {
        return (this.isForm && this.hasDuplicates) || this.isUnsure;
    }
    get duplicateTitle() {
        return this.isUnsure ? words.create.unsureTitle : words.create.duplicateTitle;
    }
    get duplicateText() {
        return this.isUnsure ? words.create.unsureText : words.create.duplicateText;
    }
    get closeLabel() {
        return this.isForm || this.isLoading ? words.common.cancel : words.common.close;
    }
    get submitLabel() {
        if (this.isBusy) return words.create.busy;
        return this.hasDuplicates ? words.create.submitAnyway : words.create.submit;
    }
    get candidates() {
        return this.duplicates.map((deal) => ({
            id: deal.crm_id,
            name: deal.name,
            url: deal.url,
            label: say(words.create.linkInsteadTo, deal.name),
            detail: [
                deal.stage,
                deal.amount === null ? null : money(deal.amount, null),
                deal.close_date && day(deal.close_date),
                deal.owner
            ]
                .filter(Boolean)
                .join(' · ')
        }));
    }
    get progressText() {
        const next = this.creation?.next_try_at;
        return next ? say(words.create.progressWaiting, ago(next)) : words.create.progressText;
    }
    get doneTitle() {
        return this.creation.existing ? words.create.existed : words.create.doneTitle;
    }
    get warnings() {
        return this.creation.warnings.map((warning) => ({ ...warning, key: `${warning.code} ${warning.field}` }));
    }
    get hasWarnings() {
        return this.creation.warnings.length > 0;
    }
    get contactsText() {
        return say(words.create.contactsOnIt, this.creation.contacts_associated.length);
    }

    handleValue(event) {
        const { field } = event.target.dataset;
        this.form = { ...this.form, [field]: event.detail.value };
        this.clearFault(event.target);
    }

    handleRecordType(event) {
        const pipelineId = event.detail.value;
        const stages = stagesOf(this.options, pipelineId);
        const stage = stages.some(({ value }) => value === this.form.stage)
            ? this.form.stage
            : (stages[0]?.value ?? '');
        this.form = { ...this.form, pipeline_id: pipelineId, stage };
    }

    handleCustom(event) {
        const { name } = event.target;
        const value = event.target.type === 'checkbox' ? event.detail.checked : event.detail.value;
        this.form = { ...this.form, custom: { ...this.form.custom, [name]: value } };
        this.clearFault(event.target);
    }

    handleMakesAccount(event) {
        this.form = { ...this.form, makesAccount: event.detail.checked };
    }

    handleContact(event) {
        this.changeContact(event.target.dataset.key, { isChosen: event.detail.checked });
    }

    handleRole(event) {
        this.changeContact(event.target.dataset.key, { role: event.detail.value });
    }

    changeContact(key, change) {
        const contacts = this.form.contacts.map((contact) => ({ ...contact, ...(contact.key === key ? change : {}) }));
        this.form = { ...this.form, contacts };
    }

    handleContactSearch(event) {
        this.search = event.detail.value;
        clearTimeout(this.timer);
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        this.timer = setTimeout(() => this.findContacts(), SEARCH_DELAY_MS);
    }

    async findContacts() {
        const q = this.search.trim();
        if (q === '') {
            this.found = null;
            return;
        }
        try {
            const { items } = await searchRecords({ filters: { objectType: 'contact', q } });
            if (q === this.search.trim()) this.found = items;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    handleAddContact(event) {
        const added = this.found.find(({ crm_id: id }) => id === event.currentTarget.dataset.id);
        this.form = { ...this.form, contacts: [...this.form.contacts, foundContact(added)] };
        this.found = null;
        this.search = '';
    }

    async handleSubmit() {
        if (this.isBusy || !this.isFilled()) return;
        this.isBusy = true;
        this.problem = undefined;
        const { conversation_id: conversationId } = this.gap;
        const content = requestOf(this.form, this.options, this.hasDuplicates || this.isLookedFor);
        try {
            this.take(
                await this.requests.send('create', content, (request) => createDeal({ conversationId, request }))
            );
        } catch (error) {
            this.refuse(problemOf(error));
        }
        this.isBusy = false;
    }

    async handleLinkInstead(event) {
        if (this.isBusy) return;
        this.isBusy = true;
        const { id, name } = event.currentTarget.dataset;
        const { conversation_id: conversationId } = this.gap;
        try {
            await this.requests.send('link', { crm: 'salesforce', deal_crm_id: id }, (request) =>
                linkDeal({ conversationId, request })
            );
            this.close({ linkedTo: name, dealId: id });
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isBusy = false;
    }

    /** The person looked: the same form once more, in view of what was found. */
    handleAgain() {
        this.step = 'form';
        this.isLookedFor = true;
    }

    handleRetry() {
        if (this.isForm) this.handleSubmit();
        else this.load();
    }

    handleCancel() {
        this.close(this.isDone ? { creation: this.creation, open: false } : undefined);
    }

    handleOpenDeal() {
        this.close({ creation: this.creation, open: true });
    }

    /** What became of it so far. @returns true while it goes on */
    take(creation) {
        this.creation = creation;
        if (creation.status === 'in_progress') {
            this.step = 'progress';
            this.stopPolling ??= poll({
                ask: () => getCreation({ creationId: creation.creation_id }),
                take: (answer) => this.take(answer),
                fail: (problem) => {
                    this.problem = problem;
                }
            });
            return true;
        }
        this.stopPolling = undefined;
        this.problem = undefined;
        if (creation.status === 'created' || creation.status === 'created_with_warnings') this.step = 'done';
        else if (creation.status === 'outcome_unknown') this.doubt(creation.error);
        else this.fail(creation.error);
        return false;
    }

    doubt(error) {
        this.duplicates = error?.candidates ?? [];
        this.step = 'unsure';
    }

    fail(error) {
        const said = { status: 422, code: error?.code, message: error?.message ?? words.create.failed };
        this.step = 'form';
        this.refuse(problemOf({ body: { message: JSON.stringify({ ...said, errors: error?.errors ?? [] }) } }));
    }

    refuse(problem) {
        if (problem.code === 'duplicate_suspected') {
            this.duplicates = problem.candidates;
            if (this.hasDuplicates) return;
        }
        this.problem = problem;
        this.showFaults(problem.fields);
    }

    isFilled() {
        return this.inputs.reduce((isFilled, input) => input.reportValidity() && isFilled, true);
    }

    showFaults(fields) {
        for (const input of this.inputs) {
            const fault = fields[input.dataset.fault ?? input.dataset.field];
            if (fault) {
                input.setCustomValidity(fault);
                input.reportValidity();
            }
        }
    }

    clearFault(input) {
        input.setCustomValidity?.('');
    }

    get inputs() {
        return [...this.template.querySelectorAll('[data-field]')];
    }
}
