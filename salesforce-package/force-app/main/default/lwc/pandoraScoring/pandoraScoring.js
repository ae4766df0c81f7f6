import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getScoring from '@salesforce/apex/PandoraApi.getScoring';
import previewScoring from '@salesforce/apex/PandoraApi.previewScoring';
import updateScoring from '@salesforce/apex/PandoraApi.updateScoring';
import { number, percent } from 'c/pandoraFormat';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, words } from 'c/pandoraWords';
import { changeOf, faultsOf, formOf, isAllZero, shareOf, usualOf } from './scoringForm';

/** Weights and limits of the scores, and what a change of them would do. */
export default class PandoraScoring extends LightningElement {
    words = words;
    items;
    score;
    form;
    effect;
    problem;
    actionProblem;
    isBusy = false;
    isPreviewing = false;
    /** The handler whose call failed. */
    tried;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            const { items } = await getScoring();
            this.items = items;
            this.choose(this.score ?? items[0].score);
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    choose(score) {
        this.score = score;
        this.type(formOf(this.item));
        this.actionProblem = undefined;
    }

    /** What was looked at is of other numbers then. */
    type(form) {
        this.form = form;
        this.effect = undefined;
    }

    get isLoading() {
        return !this.items && !this.problem;
    }
    get item() {
        return this.items.find(({ score }) => score === this.score);
    }
    get scoreOptions() {
        return this.items.map(({ score: value, label }) => ({ value, label }));
    }
    get weights() {
        return this.item.weights.map((weight) => ({
            ...this.fieldOf('weights', weight),
            ...{ min: 0, max: 100, help: weight.explanation },
            hint: say(words.scoring.hintWeight, percent(shareOf(this.form, weight.key)), number(weight.default))
        }));
    }
    get limits() {
        return this.item.thresholds.map((limit) => ({
            ...this.fieldOf('thresholds', limit),
            ...{ min: limit.min, max: limit.max, help: limit.explanation },
            hint: say(limit.unit === 'days' ? words.scoring.hintDays : words.scoring.hint, number(limit.default))
        }));
    }
    get hasLimits() {
        return this.item.thresholds.length > 0;
    }
    get isAllZero() {
        return isAllZero(this.form, this.item);
    }
    get cannotSend() {
        return this.isBusy || this.isAllZero || !changeOf(this.form, this.item);
    }
    get effectText() {
        return say(words.scoring.effectRecords, number(this.effect.records));
    }
    get hasEffect() {
        return this.effect.up + this.effect.down > 0;
    }
    get figures() {
        const { up, down, mean_before: before, mean_after: after } = this.effect;
        const mean = before === null || after === null ? [] : [[words.scoring.mean, meanText(before, after)]];
        return [[words.scoring.scoresUp, number(up)], [words.scoring.scoresDown, number(down)], ...mean].map(
            ([label, value]) => ({ label, value })
        );
    }
    get hasSamples() {
        return this.effect.samples.length > 0;
    }
    get samples() {
        return this.effect.samples.map(({ crm_record_id: id, record_name: name, before, after }) => ({
            ...{ id, name },
            before: number(before),
            after: number(after)
        }));
    }

    fieldOf(part, { key, label }) {
        return { key, label, part, value: this.form[part][key], place: `${part}.${key}` };
    }

    async handleScore(event) {
        this.choose(event.detail.value);
        await this.clearFaults();
    }

    handleNumber(event) {
        const { part } = event.target.dataset;
        this.type({ ...this.form, [part]: { ...this.form[part], [event.target.name]: event.detail.value } });
        event.target.setCustomValidity('');
    }

    async handleReset() {
        this.type(usualOf(this.item));
        await this.clearFaults();
    }

    handleRetry() {
        return this[this.tried]();
    }

    async handlePreview() {
        if (this.cannotSend || !this.isValid()) return;
        const { score, form } = this;
        const request = { score, crm: 'salesforce', scoring: changeOf(form, this.item) };
        this.isPreviewing = true;
        await this.act('handlePreview', async () => {
            const effect = await previewScoring({ request });
            // Of numbers that stand there no more it would say nothing.
            if (form === this.form) this.effect = effect;
        });
        this.isPreviewing = false;
    }

    async handleSave() {
        if (this.cannotSend || !this.isValid()) return;
        const { form } = this;
        const content = { scoring: changeOf(form, this.item) };
        const asked = { label: words.scoring.saveTitle, message: words.scoring.saveText };
        if (!(await LightningConfirm.open(asked))) return;
        await this.act('handleSave', async () => {
            const { items } = await this.requests.send('save', content, (request) => updateScoring({ request }));
            this.items = items;
            // What was typed since is the person's.
            if (form === this.form) this.choose(this.score);
            this.dispatchEvent(new ShowToastEvent({ title: words.scoring.saved, variant: 'success' }));
        });
    }

    async act(tried, work) {
        if (this.isBusy) return;
        this.isBusy = true;
        this.tried = tried;
        try {
            await work();
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
            const own = `scoring.${this.score}.`;
            const told = Object.entries(this.actionProblem.fields).filter(([name]) => name.startsWith(own));
            this.showFaults(Object.fromEntries(told.map(([name, fault]) => [name.slice(own.length), fault])));
        }
        this.isBusy = false;
    }

    isValid() {
        const faults = faultsOf(this.form, this.item);
        this.showFaults(faults);
        return Object.keys(faults).length === 0;
    }

    /** Once the fields hold what they are to show. */
    async clearFaults() {
        await Promise.resolve();
        this.showFaults({});
    }

    /** Puts each at its field, and takes away what was there. */
    showFaults(faults) {
        for (const input of this.template.querySelectorAll('[data-field]')) {
            input.setCustomValidity(faults[input.dataset.field] ?? '');
            input.reportValidity();
        }
    }
}

function meanText(before, after) {
    return say(words.scoring.meanFromTo, number(before), number(after));
}
