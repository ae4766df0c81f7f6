import { LightningElement, api } from 'lwc';
import getRecordCard from '@salesforce/apex/PandoraApi.getRecordCard';
import { ago, day, moment, number, short, shown } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { say, words } from 'c/pandoraWords';
import { scoreView } from './scoreView';

const OBJECTS = { Opportunity: 'deal', Account: 'company', Contact: 'contact' };

/** Why a record scores as it does, what to do next, and what Pandora wrote to it. One read for all of it. */
export default class PandoraScoreCard extends LightningElement {
    @api objectApiName;
    @api cardTitle;
    @api hideFactors = false;
    @api hideWritten = false;

    words = words;
    card;
    problem;
    isLoading = true;
    shownField;
    _recordId;

    @api
    get recordId() {
        return this._recordId;
    }
    set recordId(id) {
        this._recordId = id;
        if (this.isConnected) this.load();
    }

    connectedCallback() {
        this.load();
    }

    async load() {
        if (!this.recordId) return;
        const asked = this.recordId;
        this.isLoading = true;
        try {
            const card = await getRecordCard({ objectType: OBJECTS[this.objectApiName], recordId: asked });
            if (asked !== this.recordId) return;
            this.card = card;
            this.problem = undefined;
        } catch (error) {
            if (asked !== this.recordId) return;
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    get title() {
        return this.cardTitle || words.card.title;
    }

    get isFirstLoad() {
        return this.isLoading && !this.card;
    }

    get isUnknown() {
        return this.problem?.kind === 'notFound';
    }

    get isFailed() {
        return this.problem && !this.isUnknown;
    }

    get isEmpty() {
        return this.card.scores.length === 0 && this.card.texts.length === 0 && this.card.values.length === 0;
    }

    get isWithdrawn() {
        return this.card.freshness.connection !== 'connected';
    }

    get score() {
        const { scores } = this.card;
        const chosen = scores.find(({ field }) => field === this.shownField) ?? scores[0];
        return chosen ? scoreView(chosen) : null;
    }

    get shownScore() {
        return this.shownField ?? this.card.scores[0].field;
    }

    get scoreOptions() {
        return this.card.scores.map(({ field, label }) => ({ value: field, label }));
    }

    get hasSeveralScores() {
        return this.card.scores.length > 1;
    }

    get openSections() {
        return this.hideFactors ? [] : ['why'];
    }

    get texts() {
        return this.card.texts;
    }

    get facts() {
        return this.card.values
            .filter(({ value }) => value !== null)
            .map(({ field, label, value }) => ({
                key: field,
                textKey: `${field} value`,
                label,
                text: factText(value)
            }));
    }

    get hasFacts() {
        return this.facts.length > 0;
    }

    get findings() {
        return this.card.findings.map((finding) => ({ ...finding, key: `${finding.kind} ${finding.found_at}` }));
    }

    get hasFindings() {
        return this.card.findings.length > 0;
    }

    get written() {
        return this.card.written.map((each) => ({
            key: each.mapping_id,
            label: each.crm_property_label,
            value: each.value === null ? '' : short(shown(each.value), 120),
            when: each.written_at ? say(words.card.writtenOn, ago(each.written_at)) : words.card.neverWritten,
            whenExactly: each.written_at ? moment(each.written_at) : '',
            why: each.last_decision === 'already_current' ? null : each.last_decision_text
        }));
    }

    get hasWritten() {
        return !this.hideWritten && this.card.written.length > 0;
    }

    get freshness() {
        const { analysed_at: analysed, mirrored_at: read } = this.card.freshness;
        const first = analysed ? say(words.card.analysed, ago(analysed)) : words.card.notAnalysedTitle;
        return `${first}, ${say(words.card.readFromCrm, ago(read))}`;
    }

    handleScore(event) {
        this.shownField = event.detail.value;
    }

    handleRefresh() {
        this.load();
    }
}

function factText(value) {
    if (typeof value === 'number') return number(value);
    return /^\d{4}-\d\d-\d\dT/.test(value) ? day(value) : value;
}
