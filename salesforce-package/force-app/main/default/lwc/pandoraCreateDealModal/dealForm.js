/** The form of a new deal: filled from what Pandora knows of the call, and turned into what is sent. Pure. */
import { wordOf, words } from 'c/pandoraWords';

const INPUT_TYPES = { number: 'number', currency: 'number', date: 'date', datetime: 'datetime', boolean: 'checkbox' };

/** @returns what the form holds at first */
export function formOf({ prefill, required }, gap) {
    const account = prefill.company_to_create;
    return {
        deal_name: prefill.deal_name,
        pipeline_id: prefill.pipeline_id ?? '',
        stage: prefill.stage ?? '',
        owner_email: prefill.owner_email ?? '',
        amount: prefill.amount ?? '',
        currency: prefill.currency,
        close_date: prefill.close_date,
        notes: prefill.notes,
        makesAccount: account !== null,
        accountName: account?.name ?? '',
        accountDomain: account?.domain ?? '',
        contacts: [
            ...prefill.contacts_to_associate.map((id) => knownContact(id, gap)),
            ...prefill.contacts_to_create.map(newContact)
        ],
        custom: Object.fromEntries(required.map(({ name, type }) => [name, type === 'boolean' ? false : '']))
    };
}

/** @returns the body of the request, without its id */
export function requestOf(form, options, confirmDuplicate) {
    const chosen = form.contacts.filter(({ isChosen }) => isChosen);
    const roles = chosen.filter(({ role }) => role).map(({ key, role }) => [key, role]);
    return {
        crm: 'salesforce',
        deal_name: form.deal_name.trim(),
        amount: form.amount === '' || form.amount === null ? null : Number(form.amount),
        currency: form.currency || null,
        pipeline_id: form.pipeline_id || null,
        stage: form.stage || null,
        close_date: form.close_date || null,
        owner_email: form.owner_email || null,
        contacts_to_associate: chosen.filter(({ isNew }) => !isNew).map(({ key }) => key),
        contacts_to_create: chosen.filter(({ isNew }) => isNew).map(newContactRequest),
        ...(roles.length > 0 ? { contact_roles: Object.fromEntries(roles) } : {}),
        company_to_create:
            form.makesAccount && options.prefill.company_to_create
                ? { name: form.accountName.trim(), domain: form.accountDomain.trim() || null }
                : null,
        notes: form.notes.trim() || null,
        ...(options.required.length > 0 ? { custom_properties: customOf(form, options.required) } : {}),
        ...(confirmDuplicate ? { confirm_duplicate: true } : {})
    };
}

/** Stages of the chosen record type, for a combobox. */
export function stagesOf(options, pipelineId) {
    const pipeline = options.pipelines.find(({ id }) => id === pipelineId) ?? options.pipelines[0];
    return (pipeline?.stages ?? []).map(({ id, label }) => ({ value: id, label }));
}

/** The field as Lightning's input or combobox shows it. */
export function requiredView({ name, label, type, options }, form) {
    return {
        name,
        label,
        field: `custom_properties.${name}`,
        isChoice: options.length > 0,
        isCheckbox: type === 'boolean',
        options,
        type: INPUT_TYPES[type] ?? 'text',
        step: type === 'number' || type === 'currency' ? 'any' : undefined,
        value: form.custom[name],
        isChecked: form.custom[name] === true
    };
}

export function foundContact({ crm_id: key, name, detail }) {
    return { key, name, detail, isNew: false, isChosen: true, isLead: false, role: '' };
}

function knownContact(id, gap) {
    const person = gap.participants.find((each) => each.contact_crm_id === id);
    const name = person?.name ?? person?.email ?? wordOf('object', 'contact');
    return { key: id, name, detail: person?.email ?? '', isNew: false, isChosen: true, isLead: false, role: '' };
}

function newContact({ name, email, title, is_lead: isLead }) {
    // A live lead is converted, not doubled, unless the person says so.
    const detail = isLead ? `${email}. ${words.create.isLead}` : email;
    return {
        key: email,
        email,
        name: name ?? email,
        givenName: name,
        title,
        detail,
        isNew: true,
        isChosen: !isLead,
        isLead,
        role: ''
    };
}

function newContactRequest({ givenName, email, title, isLead }) {
    return { name: givenName ?? null, email, title: title ?? null, ...(isLead ? { confirm_lead: true } : {}) };
}

function customOf(form, required) {
    return Object.fromEntries(
        required.map(({ name, type }) => {
            const value = form.custom[name];
            const isNumber = (type === 'number' || type === 'currency') && value !== '';
            return [name, isNumber ? Number(value) : value];
        })
    );
}
