/** A mapping as the editor holds it, and what is sent. Pure. */
import { conditions, transforms } from './ruleSteps';

/** Target types that hold a history. */
const APPENDABLE = ['text', 'textarea', 'rich_text'];

/** @param mapping that is edited; absent: a new one, on open deals, keeping what people changed */
export function draftOf(mapping) {
    return {
        object: mapping?.crm_object_type ?? 'deal',
        field: mapping?.pandora_field ?? '',
        property: mapping?.crm_property_name ?? '',
        mode: mapping?.write_mode ?? 'overwrite',
        separator: mapping?.append_separator ?? '\n---\n',
        stamp: mapping?.append_timestamp_format ?? 'prefix',
        maxEntries: mapping?.append_max_entries ?? '',
        conditions: conditions.read(mapping?.write_condition),
        transforms: transforms.read(mapping?.value_transform),
        keepsEdits: mapping?.keep_human_edits ?? true,
        skipsRead: mapping?.skip_read ?? false,
        clears: mapping?.when_empty === 'clear',
        trigger: mapping?.sync_trigger ?? 'after_skill_run',
        schedule: mapping?.schedule ?? '',
        openOnly: mapping ? mapping.record_filter.open_deals === true : true,
        pipelines: mapping?.record_filter.pipelines ?? [],
        owners: mapping?.record_filter.owners ?? [],
        confirmsDuplicate: false
    };
}

/** @returns the members of the request that may change; a new mapping adds what it is about */
export function rulesOf(draft) {
    const overwrites = draft.mode === 'overwrite';
    const filter = {
        ...(draft.object === 'deal' && draft.openOnly ? { open_deals: true } : {}),
        ...(draft.object === 'deal' && draft.pipelines.length > 0 ? { pipelines: draft.pipelines } : {}),
        ...(draft.owners.length > 0 ? { owners: draft.owners } : {})
    };
    return {
        crm_property_name: draft.property,
        sync_trigger: draft.trigger,
        schedule: draft.trigger === 'scheduled' ? draft.schedule.trim() : null,
        write_mode: draft.mode,
        append_separator: draft.separator,
        append_timestamp_format: draft.stamp,
        append_max_entries: draft.maxEntries === '' || draft.maxEntries === null ? null : Number(draft.maxEntries),
        write_condition: conditions.write(draft.conditions),
        value_transform: transforms.write(draft.transforms),
        keep_human_edits: overwrites && draft.keepsEdits && !draft.skipsRead,
        skip_read: overwrites && draft.skipsRead,
        when_empty: overwrites && draft.clears ? 'clear' : 'keep',
        record_filter: filter,
        ...(draft.confirmsDuplicate ? { confirm_duplicate: true } : {})
    };
}

export function newMappingOf(draft) {
    return {
        crm_type: 'salesforce',
        pandora_field: draft.field,
        crm_object_type: draft.object,
        ...rulesOf(draft)
    };
}

/** Modes that the chosen property can have. */
export function modesOf(property) {
    const all = ['overwrite', 'never_overwrite', 'append', 'append_if_changed'];
    return property && !APPENDABLE.includes(property.type) ? all.slice(0, 2) : all;
}

export function isAppend(mode) {
    return mode.startsWith('append');
}
