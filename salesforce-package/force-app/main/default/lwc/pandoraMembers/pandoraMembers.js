import { LightningElement } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import createMember from '@salesforce/apex/PandoraApi.createMember';
import deleteMember from '@salesforce/apex/PandoraApi.deleteMember';
import getMembers from '@salesforce/apex/PandoraApi.getMembers';
import updateMember from '@salesforce/apex/PandoraApi.updateMember';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { optionsOf, say, words } from 'c/pandoraWords';

const NOBODY = { email: '', name: '', role: 'rep' };

/** The people of the workspace and their roles. */
export default class PandoraMembers extends LightningElement {
    words = words;
    members;
    cursor = null;
    draft = NOBODY;
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
            const page = await getMembers({ filters: { limit: 50 } });
            this.members = page.items;
            this.cursor = page.next_cursor;
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    async handleMore() {
        try {
            const page = await getMembers({ filters: { limit: 50, cursor: this.cursor } });
            const known = new Set(this.members.map(({ id }) => id));
            this.members = [...this.members, ...page.items.filter(({ id }) => !known.has(id))];
            this.cursor = page.next_cursor;
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    get isLoading() {
        return !this.members && !this.problem;
    }
    get roleOptions() {
        return optionsOf('role', ['admin', 'rep', 'viewer']);
    }
    get rows() {
        return this.members.map(({ id, name, email, role, role_source: source }) => ({
            id,
            name: name || email,
            email,
            role,
            source: sourceText(source),
            roleLabel: say(words.members.roleOf, name || email)
        }));
    }

    async handleRole(event) {
        const memberId = event.target.dataset.id;
        const role = event.detail.value;
        await this.act(`role:${memberId}`, { role }, (request) => updateMember({ memberId, request }));
    }

    async handleRemove(event) {
        const memberId = event.currentTarget.dataset.id;
        const member = this.members.find(({ id }) => id === memberId);
        const message = say(words.members.deleteText, member.name || member.email);
        const asked = { label: words.members.deleteTitle, message, theme: 'warning' };
        if (!(await LightningConfirm.open(asked))) return;
        await this.act(`delete:${memberId}`, {}, (request) => deleteMember({ memberId, request }));
    }

    handleDraft(event) {
        this.draft = { ...this.draft, [event.target.name]: event.detail.value };
        event.target.setCustomValidity?.('');
    }

    async handleAdd() {
        const inputs = [...this.template.querySelectorAll('[data-new]')];
        if (!inputs.reduce((valid, input) => input.reportValidity() && valid, true)) return;
        await this.act('add', this.draft, (request) => createMember({ request }));
        if (!this.actionProblem) {
            this.draft = NOBODY;
            return;
        }
        for (const input of inputs) {
            const fault = this.actionProblem.fields[input.name];
            if (fault) {
                input.setCustomValidity(fault);
                input.reportValidity();
            }
        }
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
        }
        // A refused change must not stay on screen as if it had been made.
        await this.load();
        this.isBusy = false;
    }
}

function sourceText(source) {
    if (source === 'crm') return words.members.fromCrm;
    return source === 'install' ? words.members.fromInstall : words.members.fromAdmin;
}
