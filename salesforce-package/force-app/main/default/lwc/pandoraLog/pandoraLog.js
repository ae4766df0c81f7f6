import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import getLog from '@salesforce/apex/PandoraApi.getLog';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import undoWrite from '@salesforce/apex/PandoraApi.undoWrite';
import { ago, moment, shown } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, wordOf, words } from 'c/pandoraWords';
import { csvOf } from './logFile';

const PAGE = 25;
const FILE_MAX = 2000;

/** Every write and every changed decision, with its reason, and undo. */
export default class PandoraLog extends LightningElement {
    words = words;
    entries = [];
    cursor = null;
    mappings = [];
    status = '';
    mapping = '';
    object = '';
    problem;
    actionProblem;
    isLoading = true;
    isBusy = false;
    requests = createRequests();

    connectedCallback() {
        this.load();
        this.loadMappings();
    }

    async loadMappings() {
        try {
            this.mappings = (await getMappings()).items;
        } catch {
            // Without names for the filter the log is still of use.
            this.mappings = [];
        }
    }

    async load() {
        const asked = this.filters;
        this.latest = asked;
        this.isLoading = true;
        try {
            const page = await getLog({ filters: { ...asked, limit: PAGE } });
            if (this.latest !== asked) return;
            this.entries = page.items;
            this.cursor = page.next_cursor;
            this.problem = undefined;
        } catch (error) {
            if (this.latest !== asked) return;
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    async handleMore() {
        try {
            const page = await getLog({ filters: { ...this.filters, limit: PAGE, cursor: this.cursor } });
            this.entries = [...this.entries, ...page.items];
            this.cursor = page.next_cursor;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    get filters() {
        return { crm: 'salesforce', status: this.status, mapping_id: this.mapping, object_type: this.object };
    }
    get isFirstLoad() {
        return this.isLoading && this.entries.length === 0;
    }
    get isEmpty() {
        return !this.isLoading && this.entries.length === 0;
    }
    get isFiltered() {
        return Boolean(this.status || this.mapping || this.object);
    }
    get emptyTitle() {
        return this.isFiltered ? words.log.noneFiltered : words.log.none;
    }
    get emptyText() {
        return this.isFiltered ? '' : words.log.noneText;
    }
    get statusOptions() {
        return withAll(optionsOf('logStatus', ['success', 'skipped', 'error', 'pending', 'cancelled']));
    }
    get objectOptions() {
        return withAll(optionsOf('object', ['deal', 'company', 'contact']));
    }
    get mappingOptions() {
        return withAll(
            this.mappings.map(({ id, crm_property_label: label, crm_object_type: object }) => ({
                value: id,
                label: `${label} (${wordOf('object', object)})`
            }))
        );
    }
    get rows() {
        return this.entries.map((entry) => {
            const field = this.labelOf(entry);
            return {
                id: entry.id,
                when: ago(entry.created_at),
                whenExactly: moment(entry.created_at),
                record: entry.record_name ?? '',
                url: entry.record_url,
                object: wordOf('object', entry.crm_object_type),
                field,
                before: shown(entry.previous_value),
                after: entry.status === 'skipped' ? '' : shown(entry.value_written),
                result: wordOf('logStatus', entry.status),
                reason: entry.reason_text ?? entry.error_message,
                canUndo: entry.can_undo,
                isUndone: entry.undone_by !== null,
                undoLabel: say(words.log.undoOf, field, entry.record_name ?? '')
            };
        });
    }

    labelOf({ mapping_id: id, crm_property_name: name }) {
        return this.mappings.find((mapping) => mapping.id === id)?.crm_property_label ?? name;
    }

    handleFilter(event) {
        this[event.target.name] = event.detail.value;
        this.load();
    }

    async handleUndo(event) {
        if (this.isBusy) return;
        const entryId = event.currentTarget.dataset.id;
        const entry = this.entries.find(({ id }) => id === entryId);
        this.isBusy = true;
        try {
            const undone = await this.requests.send(`undo:${entryId}`, {}, (request) =>
                undoWrite({ entryId, request })
            );
            const isDone = undone.status === 'success';
            const title = isDone ? words.log.undone : undone.reason_text;
            this.dispatchEvent(new ShowToastEvent({ title, variant: isDone ? 'success' : 'warning' }));
            notifyRecordUpdateAvailable([{ recordId: entry.crm_record_id }]);
            this.actionProblem = undefined;
            await this.load();
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.isBusy = false;
    }

    async handleDownload() {
        if (this.isBusy) return;
        this.isBusy = true;
        try {
            const entries = await this.readAll();
            const link = document.createElement('a');
            link.href = `data:text/csv;charset=utf-8,${encodeURIComponent(`\ufeff${csvOf(entries)}`)}`;
            link.download = 'pandora-write-log.csv';
            link.click();
            const title = say(words.log.downloaded, entries.length);
            this.dispatchEvent(new ShowToastEvent({ title, variant: 'success' }));
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.isBusy = false;
    }

    async readAll() {
        const entries = [];
        let cursor = '';
        do {
            // Each page begins where the one before ended.
            // eslint-disable-next-line no-await-in-loop
            const page = await getLog({ filters: { ...this.filters, limit: 200, cursor } });
            entries.push(...page.items);
            cursor = page.next_cursor;
        } while (cursor && entries.length < FILE_MAX);
        return entries;
    }
}

function withAll(options) {
    return [{ value: '', label: words.common.all }, ...options];
}
