/** What every suite needs: an element on the page, its parts, and the platform's way of failing. */
import { createElement } from 'lwc';

/** The API's real answers: test/examples of the repository, which the contract's tests parse. */
export function example(name) {
    return JSON.parse(JSON.stringify(require(`../../test/examples/${name}.json`)));
}

/** Answers of the doors that only the setup asks: tests/examples, held against the contract in test/salesforce-package. */
export function ownExample(name) {
    return JSON.parse(JSON.stringify(require(`./examples/${name}.json`)));
}

export function mount(tag, is, properties = {}) {
    const element = createElement(tag, { is });
    Object.assign(element, properties);
    document.body.appendChild(element);
    return element;
}

export function unmountAll() {
    while (document.body.firstChild) document.body.removeChild(document.body.firstChild);
    jest.clearAllMocks();
}

/** Everything that waits for an answer has gone on. */
export async function settle(rounds = 8) {
    for (let n = 0; n < rounds; n++) {
        // One round lets one promise go on.
        await Promise.resolve();
    }
}

/** A refusal as it arrives from Apex: JSON in the message. */
export function refusal(problem) {
    return { status: 500, body: { message: JSON.stringify(problem), exceptionType: 'System.AuraHandledException' } };
}

/** A problem document of the API, as PandoraClient passes it on. */
export function refusalOf({ status, code, detail, ...more }) {
    return refusal({ status, code, message: detail, ...more });
}

export const down = refusal({ status: 0, code: 'unreachable', message: 'x' });
export const notConnected = refusal({ status: 403, code: 'app_not_connected', message: 'x' });

export function part(element, selector) {
    return element.shadowRoot.querySelector(selector);
}

export function parts(element, selector) {
    return [...element.shadowRoot.querySelectorAll(selector)];
}

export function textOf(element, selector) {
    return part(element, selector)?.textContent.trim();
}

/** Changes an input as a person does. */
export function enter(input, value) {
    input.dispatchEvent(new CustomEvent('change', { detail: { value } }));
}

export function check(input, checked) {
    input.dispatchEvent(new CustomEvent('change', { detail: { checked } }));
}

/** The stubs of Lightning's inputs know no validity: each holds what is required, and what it was told. */
export function giveValidity(element, selector = '[data-field],[data-form],[data-new]') {
    for (const input of parts(element, selector)) {
        let told = '';
        input.setCustomValidity = jest.fn((text) => {
            told = text;
        });
        input.reportValidity = jest.fn(() => told === '' && !(input.required && !input.value));
    }
}
