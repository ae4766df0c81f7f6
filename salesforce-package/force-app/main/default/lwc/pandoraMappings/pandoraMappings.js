import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import adoptValues from '@salesforce/apex/PandoraApi.adoptValues';
import deleteMapping from '@salesforce/apex/PandoraApi.deleteMapping';
import getFields from '@salesforce/apex/PandoraApi.getFields';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import startSync from '@salesforce/apex/PandoraApi.startSync';
import updateMapping from '@salesforce/apex/PandoraApi.updateMapping';
import MappingEditor from 'c/pandoraMappingEditor';
import TestModal from 'c/pandoraTestModal';
import { ago, moment } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, wordOf, words } from 'c/pandoraWords';

/** Which Pandora field goes to which Salesforce field. Fires `started` when a sync was begun from here. */
export default class PandoraMappings extends LightningElement {
    words = words;
    mappings = [];
    fields = [];
    problem;
    actionProblem;
    isLoading = true;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.isLoading = true;
        try {
            const [mappings, fields] = await Promise.all([getMappings(), getFields({ filters: {} })]);
            this.mappings = mappings.items;
            this.fields = fields.items;
            this.problem = undefined;
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    get isFirstLoad() {
        return this.isLoading && this.mappings.length === 0;
    }

    get isEmpty() {
        return !this.isLoading && this.mappings.length === 0;
    }

    get rows() {
        return this.mappings.map((mapping) => {
            const field = this.labelOf(mapping.pandora_field);
            const target = mapping.crm_property_label;
            return {
                id: mapping.id,
                field,
                object: wordOf('object', mapping.crm_object_type),
                target,
                mode: wordOf('mode', mapping.write_mode),
                trigger: wordOf('trigger', mapping.sync_trigger),
                isActive: mapping.status === 'active',
                isBroken: mapping.status === 'broken',
                reason: mapping.status_reason,
                result: mapping.last_synced_at
                    ? say(words.mappings.syncedAgo, ago(mapping.last_synced_at))
                    : words.mappings.neverSynced,
                resultExactly: mapping.last_synced_at ? moment(mapping.last_synced_at) : '',
                error: mapping.last_sync_error,
                toggleLabel: say(words.mappings.activeOf, field, target)
            };
        });
    }

    labelOf(name) {
        return this.fields.find((field) => field.name === name)?.label ?? wordOf('field', name);
    }

    async handleNew() {
        await this.edit(undefined);
    }

    async handleMenu(event) {
        const mapping = this.mappings.find(({ id }) => id === event.currentTarget.dataset.id);
        const chosen = event.detail.value;
        if (chosen === 'edit') await this.edit(mapping);
        if (chosen === 'test') await this.test(mapping);
        if (chosen === 'sync') await this.sync([mapping.id]);
        if (chosen === 'adopt') await this.adopt(mapping);
        if (chosen === 'delete') await this.remove(mapping);
    }

    async edit(mapping) {
        const label = mapping ? words.editor.titleEdit : words.editor.titleNew;
        const result = await MappingEditor.open({ size: 'large', label, mapping, fields: this.fields });
        if (!result) return;
        this.tell(words.mappings.saved);
        await this.load();
        if (result.syncs) await this.sync([result.mapping.id]);
    }

    async test(mapping) {
        const label = say(words.mappings.testTitle, this.labelOf(mapping.pandora_field));
        if (await TestModal.open({ size: 'small', label, mapping })) await this.load();
    }

    async sync(ids) {
        await this.act('sync', { mapping_ids: ids }, (request) => startSync({ request }));
        if (!this.actionProblem) this.dispatchEvent(new CustomEvent('started'));
    }

    async adopt(mapping) {
        const message = say(words.mappings.adoptText, mapping.crm_property_label);
        if (!(await LightningConfirm.open({ label: words.mappings.adoptTitle, message }))) return;
        await this.act(`adopt:${mapping.id}`, {}, (request) => adoptValues({ mappingId: mapping.id, request }));
        if (!this.actionProblem) this.tell(words.mappings.adopted);
    }

    async remove(mapping) {
        const message = say(words.mappings.deleteText, this.labelOf(mapping.pandora_field), mapping.crm_property_label);
        if (!(await LightningConfirm.open({ label: words.mappings.deleteTitle, message, theme: 'warning' }))) return;
        await this.act(`delete:${mapping.id}`, {}, (request) => deleteMapping({ mappingId: mapping.id, request }));
        if (!this.actionProblem) this.tell(words.mappings.deleted);
        await this.load();
    }

    async handleActive(event) {
        const { id } = event.target.dataset;
        const status = event.detail.checked ? 'active' : 'paused';
        await this.act(`status:${id}`, { status }, (request) => updateMapping({ mappingId: id, request }));
        await this.load();
    }

    async handleApplied() {
        await this.load();
    }

    async act(what, content, call) {
        try {
            await this.requests.send(what, content, call);
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    tell(title) {
        this.dispatchEvent(new ShowToastEvent({ title, variant: 'success' }));
    }
}
