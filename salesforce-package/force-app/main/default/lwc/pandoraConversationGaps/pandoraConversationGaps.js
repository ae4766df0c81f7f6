import { LightningElement, api } from 'lwc';
import { NavigationMixin } from 'lightning/navigation';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import getGaps from '@salesforce/apex/PandoraApi.getGaps';
import getGapSummary from '@salesforce/apex/PandoraApi.getGapSummary';
import getGapTrend from '@salesforce/apex/PandoraApi.getGapTrend';
import getSession from '@salesforce/apex/PandoraApi.getSession';
import restoreGap from '@salesforce/apex/PandoraApi.restoreGap';
import unlinkDeal from '@salesforce/apex/PandoraApi.unlinkDeal';
import CreateDealModal from 'c/pandoraCreateDealModal';
import DismissModal from 'c/pandoraDismissModal';
import LinkDealModal from 'c/pandoraLinkDealModal';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, words } from 'c/pandoraWords';
import { gapView } from './gapView';
import { byRep, byWeek, repOptions, tilesOf } from './summaryView';

const OBJECTS = { Opportunity: 'deal', Account: 'company', Contact: 'contact' };
const SEARCH_DELAY_MS = 350;

/** Calls that no deal accounts for: create the deal, link one, or dismiss the call. */
export default class PandoraConversationGaps extends NavigationMixin(LightningElement) {
    @api recordId;
    @api objectApiName;
    @api cardTitle;
    @api pageSize = 10;
    @api hideSummary = false;

    words = words;
    gaps = [];
    cursor = null;
    summary;
    trend;
    mayAct = false;
    problem;
    actionProblem;
    isLoading = true;
    isLoadingMore = false;
    status = 'pending';
    severity = '';
    rep = '';
    search = '';
    requests = createRequests();

    connectedCallback() {
        this.start();
    }

    disconnectedCallback() {
        clearTimeout(this.searchTimer);
    }

    async start() {
        this.isLoading = true;
        try {
            const [session] = await Promise.all([getSession(), this.load()]);
            this.mayAct = session.abilities.includes('act_on_gaps');
        } catch (error) {
            this.problem = problemOf(error);
            this.isLoading = false;
        }
        this.loadSummary();
    }

    /** The first page with the chosen filters. */
    async load() {
        const asked = this.filters;
        this.latest = asked;
        this.isLoading = true;
        this.actionProblem = undefined;
        try {
            const page = await getGaps({ filters: asked });
            if (this.latest !== asked) return;
            this.gaps = page.items;
            this.cursor = page.next_cursor;
            this.problem = undefined;
        } catch (error) {
            if (this.latest !== asked) return;
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    async loadMore() {
        this.isLoadingMore = true;
        try {
            const page = await getGaps({ filters: { ...this.filters, cursor: this.cursor } });
            const known = new Set(this.gaps.map((gap) => gap.conversation_id));
            this.gaps = [...this.gaps, ...page.items.filter((gap) => !known.has(gap.conversation_id))];
            this.cursor = page.next_cursor;
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.isLoadingMore = false;
    }

    async loadSummary() {
        if (this.recordId) return;
        try {
            const [summary, trend] = await Promise.all([getGapSummary(), getGapTrend()]);
            this.summary = summary;
            this.trend = trend;
        } catch {
            // The list says what is wrong; without figures it is still of use.
            this.summary = undefined;
        }
    }

    get filters() {
        const record = this.recordId
            ? { object_type: OBJECTS[this.objectApiName], crm_record_id: this.recordId }
            : { sort: 'severity' };
        return {
            crm: 'salesforce',
            status: this.status,
            severity: this.severity,
            rep: this.rep,
            q: this.search.trim(),
            limit: this.pageSize,
            ...record
        };
    }

    get title() {
        return this.cardTitle || words.gaps.title;
    }

    get rows() {
        return this.gaps.map((gap) => gapView(gap, this.mayAct));
    }

    get isFirstLoad() {
        return this.isLoading && this.gaps.length === 0;
    }

    get isEmpty() {
        return !this.isLoading && this.gaps.length === 0 && !this.cursor;
    }

    get emptyTitle() {
        if (this.isFiltered) return words.gaps.noneFiltered;
        return this.recordId ? words.gaps.noneHere : words.gaps.none;
    }

    get emptyText() {
        return this.isFiltered || this.recordId ? '' : words.gaps.noneText;
    }

    get isFiltered() {
        return Boolean(this.severity || this.rep || this.search.trim()) || this.status !== 'pending';
    }

    get isWide() {
        return !this.recordId;
    }

    get filterClass() {
        return this.isWide ? 'slds-col slds-size_1-of-2 slds-medium-size_3-of-12' : 'slds-col slds-size_1-of-2';
    }
    get gapClass() {
        return this.isWide ? 'gap gap_wide' : 'gap';
    }

    get tiles() {
        return this.isWide && !this.hideSummary && this.summary ? tilesOf(this.summary) : null;
    }

    get reps() {
        return byRep(this.summary);
    }

    get weeks() {
        return byWeek(this.trend);
    }

    get statusOptions() {
        return [
            { value: 'pending', label: words.gaps.statusPending },
            { value: 'dismissed', label: words.gaps.statusDismissed },
            { value: 'linked', label: words.gaps.statusLinked },
            { value: 'created', label: words.gaps.statusCreated }
        ];
    }

    get severityOptions() {
        return [{ value: '', label: words.common.all }, ...optionsOf('severity', ['high', 'medium', 'low'])];
    }

    get repOptions() {
        return repOptions(this.summary);
    }

    get isViewer() {
        return !this.mayAct && !this.isLoading && !this.problem;
    }

    handleFilter(event) {
        this[event.target.name] = event.detail.value;
        this.load();
    }

    handleSearch(event) {
        this.search = event.detail.value;
        clearTimeout(this.searchTimer);
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        this.searchTimer = setTimeout(() => this.load(), SEARCH_DELAY_MS);
    }

    handleRefresh() {
        this.start();
    }

    async handleCreate(event) {
        const gap = this.gapOf(event);
        const result = await CreateDealModal.open({ size: 'medium', label: words.create.title, gap });
        if (!result) return;
        if (result.linkedTo) this.tell(say(words.link.done, result.linkedTo));
        else this.tell(say(words.create.done, result.creation.deal_name));
        this.afterWrite(result.dealId ?? result.creation.deal_crm_id);
        if (result.open) this.open(result.creation.deal_crm_id);
    }

    async handleLink(event) {
        const gap = this.gapOf(event);
        const result = await LinkDealModal.open({ size: 'small', label: words.link.title, gap });
        if (!result) return;
        this.tell(say(words.link.done, result.dealName));
        this.afterWrite(result.dealId);
    }

    async handleDismiss(event) {
        const gap = this.gapOf(event);
        const result = await DismissModal.open({ size: 'small', label: words.dismiss.title, gap });
        if (!result) return;
        this.tell(say(words.dismiss.done, gap.title));
        this.afterWrite();
    }

    async handleRestore(event) {
        const gap = this.gapOf(event);
        await this.act(`restore:${gap.conversation_id}`, {}, (request) =>
            restoreGap({ conversationId: gap.conversation_id, request })
        );
        if (!this.actionProblem) this.tell(say(words.gaps.restored, gap.title));
    }

    async handleUnlink(event) {
        const gap = this.gapOf(event);
        await this.act(`unlink:${gap.conversation_id}`, { deal_crm_id: gap.deal.crm_id }, (request) =>
            unlinkDeal({ conversationId: gap.conversation_id, request })
        );
        if (!this.actionProblem) this.tell(say(words.gaps.unlinked, gap.title));
    }

    async act(what, content, call) {
        try {
            await this.requests.send(what, content, call);
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
            return;
        }
        this.afterWrite();
    }

    /** What is on the page is read anew, and so is whatever else shows these records. */
    afterWrite(dealId) {
        const ids = [this.recordId, dealId].filter(Boolean);
        if (ids.length > 0) notifyRecordUpdateAvailable(ids.map((recordId) => ({ recordId })));
        this.load();
        this.loadSummary();
    }

    open(recordId) {
        this[NavigationMixin.Navigate]({
            type: 'standard__recordPage',
            attributes: { recordId, objectApiName: 'Opportunity', actionName: 'view' }
        });
    }

    gapOf(event) {
        const { id } = event.currentTarget.dataset;
        return this.gaps.find((gap) => gap.conversation_id === id);
    }

    tell(title) {
        this.dispatchEvent(new ShowToastEvent({ title, variant: 'success' }));
    }
}
