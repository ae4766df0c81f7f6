import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import applyTemplate from '@salesforce/apex/PandoraApi.applyTemplate';
import getTemplates from '@salesforce/apex/PandoraApi.getTemplates';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, wordOf, words } from 'c/pandoraWords';

/** Tested sets of mappings, applied in one step. Fires `applied`. */
export default class PandoraTemplates extends LightningElement {
    words = words;
    templates;
    problem;
    actionProblem;
    busyKey;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            this.templates = (await getTemplates()).items;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    get isLoading() {
        return !this.templates && !this.problem;
    }

    get cards() {
        return this.templates.map((template) => ({
            key: template.key,
            label: template.label,
            description: template.description,
            object: wordOf('object', template.object_type),
            isApplied: template.mappings.every((mapping) => mapping.already_mapped),
            isBusy: this.busyKey === template.key,
            applyLabel: say(words.mappings.applyNamed, template.label),
            mappings: template.mappings.map((mapping) => ({
                key: mapping.crm_property_name,
                label: mapping.crm_property_label,
                note: mapping.creates_property ? `(${words.mappings.createsField})` : ''
            }))
        }));
    }

    async handleApply(event) {
        const { key } = event.currentTarget.dataset;
        if (this.busyKey) return;
        this.busyKey = key;
        try {
            const applied = await this.requests.send(`template:${key}`, { crm: 'salesforce' }, (request) =>
                applyTemplate({ key, request })
            );
            const { created_mappings: mappings, created_properties: fields } = applied;
            const title = say(words.mappings.appliedDone, mappings.length, fields.length);
            this.dispatchEvent(new ShowToastEvent({ title, variant: 'success' }));
            this.dispatchEvent(new CustomEvent('applied'));
            this.actionProblem = undefined;
            await this.load();
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.busyKey = undefined;
    }
}
