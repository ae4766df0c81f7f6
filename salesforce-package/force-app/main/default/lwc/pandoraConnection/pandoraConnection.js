import { LightningElement, api } from 'lwc';
import LightningConfirm from 'lightning/confirm';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import disconnect from '@salesforce/apex/PandoraApi.disconnect';
import getAlerts from '@salesforce/apex/PandoraApi.getAlerts';
import getConnection from '@salesforce/apex/PandoraApi.getConnection';
import getImport from '@salesforce/apex/PandoraApi.getImport';
import startConnect from '@salesforce/apex/PandoraApi.startConnect';
import { ago, day, moment, number } from 'c/pandoraFormat';
import { poll } from 'c/pandoraPolling';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, wordOf, words } from 'c/pandoraWords';

/** The connection of this org, its health, and what needs a look. Fires `disconnected`. */
export default class PandoraConnection extends LightningElement {
    /** Who calls, and what is connected. */
    @api session;

    words = words;
    connection;
    reading;
    alerts = [];
    problem;
    actionProblem;
    isLoading = true;
    deletesData = false;
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
            const [connection, reading, alerts] = await Promise.all([
                getConnection(),
                getImport(),
                getAlerts({ filters: { state: 'open', limit: 20 } })
            ]);
            this.connection = connection;
            this.alerts = alerts.items;
            this.problem = undefined;
            this.takeReading(reading);
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isLoading = false;
    }

    takeReading(reading) {
        this.reading = reading;
        const goes = reading.status === 'running' || reading.status === 'waiting';
        if (goes) {
            this.stopPolling ??= poll({ ask: () => getImport(), take: (answer) => this.takeReading(answer) });
        }
        return goes;
    }

    get facts() {
        const { status, account_name: org, connected_at: at, time_zone: zone, currency } = this.connection;
        return [
            { label: words.connection.status, value: wordOf('connection', status) },
            { label: words.connection.org, value: org },
            { label: words.connection.since, value: day(at) },
            { label: words.connection.zone, value: zone },
            { label: words.connection.currency, value: currency }
        ];
    }
    get statusReason() {
        return this.connection.status_reason;
    }
    get quiet() {
        const until = this.connection.quiet_until;
        return until ? say(words.connection.quiet, ago(until)) : null;
    }
    get missing() {
        const scopes = this.connection.missing_scopes;
        return scopes.length > 0 ? `${words.connection.missing}: ${scopes.join(', ')}` : null;
    }
    get steps() {
        const own = this.session.connections.find(({ crm }) => crm === 'salesforce');
        return own?.setup_needed ?? [];
    }
    get hasSteps() {
        return this.steps.length > 0;
    }
    get readings() {
        return this.reading.objects.map((each) => ({ key: each.object_type, text: readingText(each) }));
    }
    get alertRows() {
        return this.alerts.map(({ id, message, opened_at: at }) => ({
            id,
            message,
            when: ago(at),
            whenExactly: moment(at)
        }));
    }
    get hasAlerts() {
        return this.alerts.length > 0;
    }

    async handleReconnect() {
        try {
            const { url } = await this.requests.send('connect', {}, (request) => startConnect({ request }));
            window.open(url, '_blank', 'noopener');
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }

    handleDeletesData(event) {
        this.deletesData = event.detail.checked;
    }

    async handleDisconnect() {
        const asked = {
            label: words.connection.disconnectTitle,
            message: words.connection.disconnectText,
            theme: 'warning'
        };
        if (!(await LightningConfirm.open(asked))) return;
        const content = this.deletesData ? { delete_data: '1' } : {};
        try {
            await this.requests.send('disconnect', content, (request) => disconnect({ request }));
            this.dispatchEvent(new ShowToastEvent({ title: words.connection.disconnected, variant: 'success' }));
            this.dispatchEvent(new CustomEvent('disconnected'));
        } catch (error) {
            this.actionProblem = problemOf(error);
        }
    }
}

function readingText({ object_type: object, status, done, error }) {
    const name =
        { owners: words.connection.owners, stages: words.connection.stages }[object] ?? wordOf('object', object);
    if (status === 'failed') return say(words.connection.importFailed, name, error ?? '');
    if (status === 'waiting') return say(words.connection.importWaiting, name);
    const text = status === 'done' ? words.connection.importDone : words.connection.importRunning;
    return say(text, name, number(done));
}
