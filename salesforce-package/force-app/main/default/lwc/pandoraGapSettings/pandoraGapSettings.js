import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getAutoCreate from '@salesforce/apex/PandoraApi.getAutoCreate';
import getSettings from '@salesforce/apex/PandoraApi.getSettings';
import saveAutoCreate from '@salesforce/apex/PandoraApi.saveAutoCreate';
import tryAutoCreate from '@salesforce/apex/PandoraApi.tryAutoCreate';
import updateSettings from '@salesforce/apex/PandoraApi.updateSettings';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, words } from 'c/pandoraWords';

/** Name → least, most. */
const NUMBERS = {
    days_back: [1, 730],
    aging_days: [1, 365],
    stale_days: [1, 365],
    short_minutes: [0, 600],
    long_minutes: [0, 600],
    group_minutes: [0, 600],
    group_people: [1, 50],
    few_people: [1, 50],
    deal_opened_within_days: [0, 365],
    deal_closed_before_days: [0, 365]
};
const LISTS = ['intro_words', 'internal_words', 'internal_domains', 'ignored_domains', 'ignored_company_types'];

/** What counts as a call without a deal, whose records a rep sees, and deals by themselves. */
export default class PandoraGapSettings extends LightningElement {
    words = words;
    settings;
    gaps;
    rule;
    tried;
    problem;
    actionProblem;
    isBusy = false;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            const [settings, rule] = await Promise.all([getSettings(), getAutoCreate()]);
            this.take(settings);
            this.rule = rule;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    take(settings) {
        this.settings = settings;
        const lists = Object.fromEntries(LISTS.map((name) => [name, settings.gaps[name].join(', ')]));
        this.gaps = { ...settings.gaps, ...lists };
    }

    get isLoading() {
        return !this.rule && !this.problem;
    }
    get numbers() {
        return Object.entries(NUMBERS).map(([name, [min, max]]) => ({
            ...{ name, min, max },
            label: words.settings[name],
            value: this.gaps[name],
            field: `gaps.${name}`
        }));
    }
    get lists() {
        return LISTS.map((name) => ({
            name,
            label: words.settings[name],
            value: this.gaps[name],
            field: `gaps.${name}`
        }));
    }
    get seeOptions() {
        return ['own', 'team', 'all'].map((value) => ({ value, label: words.settings[`see_${value}`] }));
    }
    get severityOptions() {
        return optionsOf('severity', ['high', 'medium', 'low']);
    }
    get triedText() {
        if (!this.tried) return null;
        const { would_create: would, skipped, made_today: made } = this.tried;
        return say(words.settings.autoWould, would.length, skipped.length, made);
    }

    handleGap(event) {
        this.gaps = { ...this.gaps, [event.target.name]: event.detail.value };
        event.target.setCustomValidity('');
    }

    handleSetting(event) {
        this.settings = { ...this.settings, [event.target.name]: event.detail.value };
        event.target.setCustomValidity?.('');
    }

    handleRule(event) {
        const { name, type } = event.target;
        this.rule = { ...this.rule, [name]: type === 'toggle' ? event.detail.checked : event.detail.value };
        this.tried = undefined;
    }

    async handleSave() {
        if (!this.isValid('settings')) return;
        const numbers = Object.keys(NUMBERS).map((name) => [name, Number(this.gaps[name])]);
        const lists = LISTS.map((name) => [name, partsOf(this.gaps[name])]);
        const content = {
            time_zone: this.settings.time_zone,
            reps_see: this.settings.reps_see,
            transcript_days: Number(this.settings.transcript_days),
            gaps: Object.fromEntries([...numbers, ...lists])
        };
        await this.act('settings', content, async (request) => this.take(await updateSettings({ request })));
    }

    async handleSaveRule() {
        if (!this.isValid('rule')) return;
        const content = ruleOf(this.rule);
        await this.act('rule', { ...content, enabled: this.rule.enabled }, async (request) => {
            this.rule = await saveAutoCreate({ request });
        });
    }

    async handleTry() {
        if (!this.isValid('rule') || this.isBusy) return;
        this.isBusy = true;
        try {
            this.tried = await tryAutoCreate({ request: { rule: ruleOf(this.rule) } });
            this.actionProblem = undefined;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
        this.isBusy = false;
    }

    async act(what, content, call) {
        if (this.isBusy) return;
        this.isBusy = true;
        try {
            await this.requests.send(what, content, call);
            this.actionProblem = undefined;
            this.dispatchEvent(new ShowToastEvent({ title: words.common.saved, variant: 'success' }));
        } catch (error) {
            this.actionProblem = problemOf(error);
            this.showFaults(this.actionProblem.fields);
        }
        this.isBusy = false;
    }

    isValid(form) {
        const inputs = [...this.template.querySelectorAll(`[data-form="${form}"]`)];
        return inputs.reduce((valid, input) => input.reportValidity() && valid, true);
    }

    showFaults(fields) {
        for (const input of this.template.querySelectorAll('[data-form]')) {
            const { field } = input.dataset;
            // A fault within a list names its place: gaps.internal_domains.0
            const [, fault] =
                Object.entries(fields).find(([name]) => name === field || name.startsWith(`${field}.`)) ?? [];
            if (fault) {
                input.setCustomValidity(fault);
                input.reportValidity();
            }
        }
    }
}

function partsOf(text) {
    return String(text)
        .split(/[,\n]/)
        .map((part) => part.trim())
        .filter(Boolean);
}

function ruleOf({ severity, causes, min_age_days: age, pipeline_id: pipeline, stage, daily_cap: cap }) {
    return { severity, causes, min_age_days: Number(age), pipeline_id: pipeline, stage, daily_cap: Number(cap) };
}
