import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import cancelRun from '@salesforce/apex/PandoraApi.cancelRun';
import getMappings from '@salesforce/apex/PandoraApi.getMappings';
import getRun from '@salesforce/apex/PandoraApi.getRun';
import getRunChanges from '@salesforce/apex/PandoraApi.getRunChanges';
import getRuns from '@salesforce/apex/PandoraApi.getRuns';
import resumeRun from '@salesforce/apex/PandoraApi.resumeRun';
import retryFailed from '@salesforce/apex/PandoraApi.retryFailed';
import startDryRun from '@salesforce/apex/PandoraApi.startDryRun';
import startSync from '@salesforce/apex/PandoraApi.startSync';
import undoRun from '@salesforce/apex/PandoraApi.undoRun';
import { poll } from 'c/pandoraPolling';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, words } from 'c/pandoraWords';
import { changeView, isGoing, isOfThisOrg, runView } from './runView';

const ACTIONS = { cancel: cancelRun, resume: resumeRun, undo: undoRun, retry: retryFailed };

/** Syncs and dry runs: progress, report, what changed, undo. */
export default class PandoraSyncStatus extends LightningElement {
    words = words;
    runs = [];
    mappings = [];
    shownId;
    changes = null;
    changesCursor = null;
    decision = 'write';
    problem;
    actionProblem;
    isLoading = true;
    isBusy = false;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    disconnectedCallback() {
        this.stopPolling?.();
    }

    async load() {
        this.isLoading = true;
        try {
            const [runs, mappings] = await Promise.all([getRuns({ filters: { limit: 8 } }), getMappings()]);
            this.runs = runs.items.filter(isOfThisOrg);
            this.mappings = mappings.items;
            this.problem = undefined;
            this.watch();
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    /** Follows the shown run while it goes. */
    watch() {
        this.stopPolling?.();
        this.stopPolling = undefined;
        const { current } = this;
        if (!current) return;
        if (!isGoing(current)) {
            if (!this.changes) this.loadChanges();
            return;
        }
        this.stopPolling = poll({
            ask: () => getRun({ runId: current.id }),
            take: (run) => this.take(run),
            fail: (problem) => {
                this.actionProblem = problem;
            }
        });
    }

    take(run) {
        this.actionProblem = undefined;
        this.replace(run);
        if (isGoing(run)) return true;
        if (run.id === this.current.id) this.loadChanges();
        return false;
    }

    replace(run) {
        const isKnown = this.runs.some(({ id }) => id === run.id);
        this.runs = isKnown ? this.runs.map((each) => (each.id === run.id ? run : each)) : [run, ...this.runs];
    }

    async loadChanges() {
        const runId = this.current.id;
        try {
            const page = await getRunChanges({
                runId,
                filters: { crm: 'salesforce', decision: this.decision, limit: 20 }
            });
            if (runId !== this.current?.id) return;
            this.changes = page.items;
            this.changesCursor = page.next_cursor;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    async handleMoreChanges() {
        const filters = { crm: 'salesforce', decision: this.decision, limit: 20, cursor: this.changesCursor };
        try {
            const page = await getRunChanges({ runId: this.current.id, filters });
            const known = new Set(this.changes.map(({ id }) => id));
            this.changes = [...this.changes, ...page.items.filter(({ id }) => !known.has(id))];
            this.changesCursor = page.next_cursor;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    get current() {
        return this.runs.find(({ id }) => id === this.shownId) ?? this.runs[0];
    }
    get run() {
        return this.current ? runView(this.current) : null;
    }
    get earlier() {
        return this.runs.filter(({ id }) => id !== this.current?.id).map(runView);
    }
    get hasEarlier() {
        return this.runs.length > 1;
    }
    get isFirstLoad() {
        return this.isLoading && this.runs.length === 0;
    }
    get isEmpty() {
        return !this.isLoading && this.runs.length === 0;
    }
    get cannotStart() {
        return this.isBusy || this.isLoading || this.activeIds.length === 0;
    }
    get activeIds() {
        return this.mappings.filter(({ status }) => status === 'active').map(({ id }) => id);
    }
    get decisionOptions() {
        return optionsOf('decision', ['write', 'skip', 'error']);
    }
    get changeRows() {
        return (this.changes ?? []).map((change) => changeView(change, (each) => this.labelOf(each)));
    }
    get hasChanges() {
        return this.changeRows.length > 0;
    }
    get showsChanges() {
        return this.run?.isOver && this.changes;
    }

    labelOf({ mapping_id: id, crm_property_name: name }) {
        return this.mappings.find((mapping) => mapping.id === id)?.crm_property_label ?? name;
    }

    handleDecision(event) {
        this.decision = event.detail.value;
        this.loadChanges();
    }

    handleDryRun() {
        return this.start('dry-run', startDryRun);
    }

    handleSync() {
        return this.start('sync', startSync);
    }

    /** This org's mappings only: another CRM's are not this page's business. */
    start(what, call) {
        return this.act(what, { mapping_ids: this.activeIds }, (request) => call({ request }));
    }

    async handleAction(event) {
        const { action } = event.currentTarget.dataset;
        if (action === 'undo') {
            const asked = { label: words.runs.undoTitle, message: words.runs.undoText, theme: 'warning' };
            if (!(await LightningConfirm.open(asked))) return;
        }
        const runId = this.current.id;
        await this.act(`${action}:${runId}`, {}, (request) => ACTIONS[action]({ runId, request }));
    }

    handleShow(event) {
        this.show(event.currentTarget.dataset.id);
    }

    show(id) {
        this.shownId = id;
        this.changes = null;
        this.watch();
    }

    async act(what, content, call) {
        if (this.isBusy) return;
        this.isBusy = true;
        try {
            const run = await this.requests.send(what, content, call);
            this.actionProblem = undefined;
            this.replace(run);
            this.show(run.id);
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.isBusy = false;
    }
}
