/** Stands in for the platform's navigation: record pages of the preview. */
import { base } from './base.js';

const Navigate = Symbol('Navigate');
const GenerateUrl = Symbol('GenerateUrl');

function urlOf({ type, attributes }) {
    if (type === 'standard__recordPage') return `${base}/r/${attributes.objectApiName}/${attributes.recordId}/view`;
    if (type === 'standard__navItemPage') return `${base}/n/${attributes.apiName}`;
    return attributes?.url ?? base;
}

export const NavigationMixin = (Base) =>
    class extends Base {
        [Navigate](reference) {
            window.location.assign(urlOf(reference));
        }
        [GenerateUrl](reference) {
            return Promise.resolve(urlOf(reference));
        }
    };
NavigationMixin.Navigate = Navigate;
NavigationMixin.GenerateUrl = GenerateUrl;

export class CurrentPageReference {
    constructor(callback) {
        callback({ type: 'standard__recordPage', attributes: {}, state: {} });
    }
    connect() {}
    update() {}
    disconnect() {}
}
