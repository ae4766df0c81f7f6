/** Conditions and transforms as rows a person can fill in, and back to the texts the API takes. Pure. */
import { words } from 'c/pandoraWords';

/** Kinds that a field's type of value can have; those with `amount` take a number. */
const CONDITIONS = [
    { kind: 'score_above', label: words.editor.conditionAbove, amount: true, of: ['number'] },
    { kind: 'score_below', label: words.editor.conditionBelow, amount: true, of: ['number'] },
    { kind: 'score_changed_by', label: words.editor.conditionChanged, amount: true, of: ['number'] },
    { kind: 'field_is_blank', label: words.editor.conditionBlank, of: ['number', 'text', 'long_text', 'datetime'] }
];
const TRANSFORMS = [
    { kind: 'round', label: words.editor.transformRound, amount: true, of: ['number'] },
    { kind: 'score_label', label: words.editor.transformLabel, of: ['number'] },
    { kind: 'truncate', label: words.editor.transformCut, amount: true, of: ['text', 'long_text'] },
    { kind: 'uppercase', label: words.editor.transformUpper, of: ['text', 'long_text'] },
    { kind: 'date_only', label: words.editor.transformDate, of: ['datetime'] }
];

export const conditions = stepsOf(CONDITIONS, ' and ', /\s+and\s+/, null);
export const transforms = stepsOf(TRANSFORMS, ' | ', /\s*\|\s*/, 'raw');

function stepsOf(kinds, joint, split, none) {
    const known = (kind) => kinds.find((each) => each.kind === kind);
    return {
        /** "score_above:70 and field_is_blank" → rows */
        read(text) {
            if (!text || text === none) return [];
            return text
                .trim()
                .split(split)
                .map((part) => {
                    const [kind, amount = ''] = part.split(':').map((each) => each.trim());
                    return { kind, amount };
                });
        },
        write(rows) {
            const parts = rows.map(({ kind, amount }) => (known(kind)?.amount ? `${kind}:${Number(amount)}` : kind));
            return parts.length > 0 ? parts.join(joint) : none;
        },
        options(valueType) {
            return kinds.filter(({ of }) => of.includes(valueType)).map(({ kind, label }) => ({ value: kind, label }));
        },
        /** Rows that still make sense when another field is chosen. */
        fitting(rows, valueType) {
            return rows.filter(({ kind }) => known(kind)?.of.includes(valueType));
        },
        takesAmount(kind) {
            return Boolean(known(kind)?.amount);
        },
        first(valueType) {
            const kind = kinds.find(({ of }) => of.includes(valueType));
            return { kind: kind.kind, amount: kind.amount ? (none === 'raw' ? '0' : '50') : '' };
        }
    };
}
