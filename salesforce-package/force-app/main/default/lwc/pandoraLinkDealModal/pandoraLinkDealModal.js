import { api } from 'lwc';
import LightningModal from 'lightning/modal';
import linkDeal from '@salesforce/apex/PandoraApi.linkDeal';
import searchRecords from '@salesforce/apex/PandoraApi.searchRecords';
import { problemOf } from 'c/pandoraProblems';
import { createRequests } from 'c/pandoraRequests';
import { say, words } from 'c/pandoraWords';

const SEARCH_DELAY_MS = 300;

/** Which deal accounts for a call. Closes with { dealId, dealName } once it is linked. */
export default class PandoraLinkDealModal extends LightningModal {
    @api gap;

    words = words;
    search = '';
    found = null;
    problem;
    isSearching = false;
    isBusy = false;
    requests = createRequests();

    disconnectedCallback() {
        clearTimeout(this.timer);
    }

    get text() {
        return say(words.link.text, this.gap.title);
    }

    get deals() {
        return this.found ? this.found.map(foundDeal) : this.gap.open_deals.map(suggestedDeal);
    }

    get listTitle() {
        return this.found ? words.link.search : words.link.suggested;
    }

    get hasDeals() {
        return this.deals.length > 0;
    }

    get nothingFound() {
        return this.found && this.found.length === 0 ? say(words.link.nothingFound, this.search.trim()) : null;
    }

    get hidden() {
        return this.gap.open_deals_hidden > 0 ? say(words.link.hidden, this.gap.open_deals_hidden) : null;
    }

    handleSearch(event) {
        this.search = event.detail.value;
        clearTimeout(this.timer);
        // eslint-disable-next-line @lwc/lwc/no-async-operation
        this.timer = setTimeout(() => this.find(), SEARCH_DELAY_MS);
    }

    async find() {
        const q = this.search.trim();
        if (q === '') {
            this.found = null;
            return;
        }
        this.isSearching = true;
        try {
            const { items } = await searchRecords({ filters: { objectType: 'deal', q } });
            if (q === this.search.trim()) this.found = items;
            this.problem = undefined;
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isSearching = false;
    }

    async handleLink(event) {
        if (this.isBusy) return;
        const { id, name } = event.currentTarget.dataset;
        this.isBusy = true;
        const { conversation_id: conversationId } = this.gap;
        try {
            await this.requests.send('link', { crm: 'salesforce', deal_crm_id: id }, (request) =>
                linkDeal({ conversationId, request })
            );
            this.close({ dealId: id, dealName: name });
        } catch (error) {
            this.problem = problemOf(error);
        }
        this.isBusy = false;
    }

    handleCancel() {
        this.close();
    }
}

function suggestedDeal({ crm_id: id, name, stage, reason }) {
    return { id, name, detail: [stage, reason].filter(Boolean).join(' · '), label: say(words.link.linkTo, name) };
}

function foundDeal({ crm_id: id, name, detail, is_open: isOpen }) {
    const closed = isOpen === false ? words.link.closed : null;
    return { id, name, detail: [detail, closed].filter(Boolean).join(' · '), label: say(words.link.linkTo, name) };
}
