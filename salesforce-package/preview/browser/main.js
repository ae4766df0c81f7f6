/** Puts the package's components into the regions of the page, as App Builder's pages name them. */
import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import Toast from 'lightning/toast';
import PandoraConversationGaps from 'c/pandoraConversationGaps';
import PandoraScoreCard from 'c/pandoraScoreCard';
import PandoraSetup from 'c/pandoraSetup';

const COMPONENTS = {
    pandoraConversationGaps: PandoraConversationGaps,
    pandoraScoreCard: PandoraScoreCard,
    pandoraSetup: PandoraSetup
};

// ShowToastEvent and lightning/toast share the event's name, with different details.
window.addEventListener(
    'lightning__showtoast',
    (event) => {
        if (event.detail.toast) return;
        event.stopImmediatePropagation();
        const { title, message, variant } = event.detail;
        Toast.show({ label: title, message, variant: variant ?? 'info', mode: 'dismissible' });
    },
    true
);

// The platform shows a changed record anew by itself.
window.addEventListener('preview-records-changed', async () => {
    const details = document.querySelector('[data-details]');
    if (!details) return;
    const answer = await fetch(details.dataset.details);
    if (answer.ok) details.innerHTML = await answer.text();
});

for (const place of document.querySelectorAll('[data-component]')) {
    const { component, recordId, objectApiName, ...properties } = place.dataset;
    const name = component.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const element = createElement(`c-${name}`, { is: COMPONENTS[component] });
    if (recordId) Object.assign(element, { recordId, objectApiName });
    if (properties.pageSize) element.pageSize = Number(properties.pageSize);
    place.appendChild(element);
}
