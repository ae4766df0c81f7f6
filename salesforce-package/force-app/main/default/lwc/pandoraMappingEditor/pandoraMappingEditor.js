import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import createMapping from '@salesforce/apex/PandoraApi.createMapping';
import createProperty from '@salesforce/apex/PandoraApi.createProperty';
import getFilterChoices from '@salesforce/apex/PandoraApi.getFilterChoices';
import getProperties from '@salesforce/apex/PandoraApi.getProperties';
import updateMapping from '@salesforce/apex/PandoraApi.updateMapping';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, wordOf, words } from 'c/pandoraWords';
import { draftOf, isAppend, modesOf, newMappingOf, rulesOf } from './mappingDraft';
import { conditions, transforms } from './ruleSteps';

/** A mapping, its rules, and what it would do. Closes with { mapping, syncs } once it is saved. */
export default class PandoraMappingEditor extends LightningModal {
    /** That is edited; absent: a new one. */
    @api mapping;
    /** The Pandora fields. */
    @api fields = [];

    words = words;
    draft;
    properties = [];
    choices = { pipelines: [], owners: [] };
    problem;
    isLoading = true;
    isBusy = false;
    makesField = false;
    newField = { label: '', name: '', type: '' };
    requests = createRequests();

    connectedCallback() {
        this.draft = draftOf(this.mapping);
        this.load();
    }

    async load(refresh = '0') {
        this.isLoading = true;
        const asked = this.draft.object;
        try {
            const [properties, choices] = await Promise.all([
                getProperties({ filters: { objectType: asked, refresh } }),
                getFilterChoices()
            ]);
            if (asked !== this.draft.object) return;
            this.properties = properties.items;
            this.choices = choices;
            this.problem = undefined;
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    get isNew() {
        return !this.mapping;
    }
    get title() {
        return this.isNew ? words.editor.titleNew : words.editor.titleEdit;
    }
    get objectOptions() {
        return optionsOf('object', ['deal', 'company', 'contact']);
    }
    get fieldOptions() {
        return this.fields
            .filter((field) => field.object_types.includes(this.draft.object))
            .map(({ name, label }) => ({ value: name, label }));
    }
    get field() {
        return this.fields.find(({ name }) => name === this.draft.field);
    }
    get fieldHelp() {
        return this.field?.description;
    }
    get propertyOptions() {
        const fits = this.field?.compatible_types;
        return this.properties
            .filter(({ type }) => !fits || fits.includes(type))
            .map(({ name, label, mapped_by: writer }) => ({
                value: name,
                label: writer && writer !== this.mapping?.id ? say(words.editor.taken, label) : label
            }));
    }
    get isWithoutProperties() {
        return !this.isLoading && this.propertyOptions.length === 0;
    }
    get property() {
        return this.properties.find(({ name }) => name === this.draft.property);
    }
    get modeOptions() {
        return modesOf(this.property).map((mode) => ({ value: mode, label: wordOf('mode', mode) }));
    }
    get modeHelp() {
        return wordOf('modeHelp', this.draft.mode);
    }
    get isAppend() {
        return isAppend(this.draft.mode);
    }
    get isOverwrite() {
        return this.draft.mode === 'overwrite';
    }
    get isScheduled() {
        return this.draft.trigger === 'scheduled';
    }
    get isDeal() {
        return this.draft.object === 'deal';
    }
    get separatorOptions() {
        const known = [
            { value: '\n---\n', label: words.editor.separatorLine },
            { value: '\n\n', label: words.editor.separatorBlank },
            { value: '\n', label: words.editor.separatorNone }
        ];
        const own = this.draft.separator;
        return known.some(({ value }) => value === own) ? known : [...known, { value: own, label: own.trim() }];
    }
    get stampOptions() {
        return [
            { value: 'prefix', label: words.editor.stampPrefix },
            { value: 'suffix', label: words.editor.stampSuffix },
            { value: 'none', label: words.editor.stampNone }
        ];
    }
    get triggerOptions() {
        return optionsOf('trigger', ['after_skill_run', 'scheduled', 'manual']);
    }
    get conditionOptions() {
        return conditions.options(this.field?.value_type ?? 'text');
    }
    get conditionRows() {
        return rowsOf(this.draft.conditions, conditions);
    }
    get transformOptions() {
        return transforms.options(this.field?.value_type ?? 'text');
    }
    get transformRows() {
        return rowsOf(this.draft.transforms, transforms);
    }
    get pipelineOptions() {
        return this.choices.pipelines.map(({ id, label }) => ({ value: id, label }));
    }
    get hasPipelines() {
        return this.isDeal && this.choices.pipelines.length > 1;
    }
    get ownerOptions() {
        return this.choices.owners.map(({ id, label }) => ({ value: id, label }));
    }
    get typeOptions() {
        const types = (this.field?.compatible_types ?? []).filter((type) =>
            ['number', 'text', 'textarea', 'date', 'datetime'].includes(type)
        );
        return types.map((type) => ({ value: type, label: wordOf('type', type) }));
    }
    get isDuplicate() {
        return Boolean(this.problem?.fields?.confirm_duplicate) || this.problem?.code === 'duplicate_mapping';
    }
    get previewDraft() {
        return this.draft.field && this.draft.property ? newMappingOf(this.draft) : undefined;
    }
    get isNoField() {
        return !this.draft.field;
    }

    change(part) {
        this.draft = { ...this.draft, ...part };
        this.problem = undefined;
    }

    handleObject(event) {
        this.change({ object: event.detail.value, field: '', property: '', conditions: [], transforms: [] });
        this.load();
    }

    handleField(event) {
        this.change({ field: event.detail.value });
        const type = this.field.value_type;
        const fits = this.propertyOptions.some(({ value }) => value === this.draft.property);
        this.change({
            property: fits ? this.draft.property : '',
            conditions: conditions.fitting(this.draft.conditions, type),
            transforms: transforms.fitting(this.draft.transforms, type)
        });
    }

    handleProperty(event) {
        this.change({ property: event.detail.value });
        if (!modesOf(this.property).includes(this.draft.mode)) this.change({ mode: 'overwrite' });
        clearFault(event.target);
    }

    handleValue(event) {
        const { part } = event.target.dataset;
        const isCheck = event.target.type === 'checkbox';
        this.change({ [part]: isCheck ? event.detail.checked : event.detail.value });
        clearFault(event.target);
    }

    handleAddStep(event) {
        const { steps } = event.currentTarget.dataset;
        const first = rulesFor(steps).first(this.field.value_type);
        this.change({ [steps]: [...this.draft[steps], first] });
    }

    handleStep(event) {
        const { steps, at, member } = event.target.dataset;
        const change = { [member]: event.detail.value };
        const rows = this.draft[steps].map((row, n) => ({ ...row, ...(n === Number(at) ? change : {}) }));
        this.change({ [steps]: rows });
    }

    handleRemoveStep(event) {
        const { steps, at } = event.currentTarget.dataset;
        this.change({ [steps]: this.draft[steps].filter((_row, n) => n !== Number(at)) });
    }

    handleMakesField() {
        this.makesField = !this.makesField;
        const label = `Pandora ${(this.field?.label ?? '').toLowerCase()}`;
        this.newField = { label, name: nameFrom(label), type: this.typeOptions[0]?.value ?? 'text' };
    }

    handleNewField(event) {
        const { part } = event.target.dataset;
        const value = event.detail.value;
        const name = part === 'label' ? { name: nameFrom(value) } : {};
        this.newField = { ...this.newField, [part]: value, ...name };
        clearFault(event.target);
    }

    async handleCreateField() {
        if (this.isBusy || !allValid(this.inputsOf('[data-new]'))) return;
        this.isBusy = true;
        const { label, name, type } = this.newField;
        const content = { crm: 'salesforce', object_type: this.draft.object, name, label, type };
        try {
            const made = await this.requests.send('property', content, (request) => createProperty({ request }));
            this.makesField = false;
            await this.load('1');
            this.change({ property: made.name });
        } catch (error) {
            this.problem = problemOf(error);
            this.showFaults(this.inputsOf('[data-new]'), this.problem.fields);
        }
        this.isBusy = false;
    }

    handleSave() {
        return this.save(false);
    }

    handleSaveAndSync() {
        return this.save(true);
    }

    async save(syncs) {
        if (this.isBusy || !allValid(this.inputsOf('[data-field]'))) return;
        this.isBusy = true;
        try {
            const mapping = this.isNew
                ? await this.requests.send('new', newMappingOf(this.draft), (request) => createMapping({ request }))
                : await this.requests.send('edit', rulesOf(this.draft), (request) =>
                      updateMapping({ mappingId: this.mapping.id, request })
                  );
            this.close({ mapping, syncs });
        } catch (error) {
            this.problem = problemOf(error);
            this.showFaults(this.inputsOf('[data-field]'), this.problem.fields);
        }
        this.isBusy = false;
    }

    handleCancel() {
        this.close();
    }

    inputsOf(selector) {
        return [...this.template.querySelectorAll(selector)];
    }

    showFaults(inputs, fields) {
        for (const input of inputs) {
            const fault = fields[input.dataset.field ?? input.dataset.new];
            if (fault) {
                input.setCustomValidity(fault);
                input.reportValidity();
            }
        }
    }
}

/** What the number of a row is. */
const AMOUNTS = { round: words.editor.digits, truncate: words.editor.transformValue };

function rulesFor(steps) {
    return steps === 'conditions' ? conditions : transforms;
}

function rowsOf(rows, rules) {
    return rows.map((row, at) => ({
        ...row,
        at,
        key: `${at} ${row.kind}`,
        takesAmount: rules.takesAmount(row.kind),
        amountLabel: AMOUNTS[row.kind] ?? words.editor.conditionValue
    }));
}

function allValid(inputs) {
    return inputs.reduce((valid, input) => input.reportValidity() && valid, true);
}

function clearFault(input) {
    input.setCustomValidity?.('');
}

/** "Pandora deal score" → Pandora_Deal_Score__c */
function nameFrom(label) {
    const parts = label.split(/[^A-Za-z0-9]+/).filter(Boolean);
    const name = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('_');
    return name === '' ? '' : `${name.replace(/^[^A-Za-z]+/, '').slice(0, 37)}__c`;
}
