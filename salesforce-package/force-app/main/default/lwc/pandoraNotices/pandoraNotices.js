import { LightningElement } from 'lwc';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getNotifications from '@salesforce/apex/PandoraApi.getNotifications';
import updateNotifications from '@salesforce/apex/PandoraApi.updateNotifications';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { words } from 'c/pandoraWords';

const SWITCHES = ['weekly_digest', 'gap_alerts', 'sync_reports', 'problem_alerts', 'created_deals'];

/** Who is told what by e-mail: what Pandora sends at all, and what you want. */
export default class PandoraNotices extends LightningElement {
    words = words;
    notifications;
    problem;
    actionProblem;
    requests = createRequests();

    connectedCallback() {
        this.load();
    }

    async load() {
        this.problem = undefined;
        try {
            this.notifications = await getNotifications();
        } catch (error) {
            this.problem = problemOf(error);
        }
    }

    get isLoading() {
        return !this.notifications && !this.problem;
    }
    get isWithoutMail() {
        return !this.notifications.mail_set_up;
    }
    get forAll() {
        return switchesOf(this.notifications.workspace);
    }
    get mine() {
        return this.notifications.me ? switchesOf(this.notifications.me) : null;
    }

    async handleSwitch(event) {
        const { name } = event.target;
        const { whose } = event.target.dataset;
        const content = { [whose]: { [name]: event.detail.checked } };
        try {
            this.notifications = await this.requests.send(`${whose} ${name}`, content, (request) =>
                updateNotifications({ request })
            );
            this.actionProblem = undefined;
            this.dispatchEvent(new ShowToastEvent({ title: words.common.saved, variant: 'success' }));
        } catch (error) {
            this.actionProblem = problemOf(error);
            await this.load();
        }
    }
}

function switchesOf(states) {
    return SWITCHES.map((name) => ({ name, label: words.notices[name], isOn: states[name] }));
}
