/** A score's weights and limits as they are typed. Pure. */
import { say, words } from 'c/pandoraWords';

const PARTS = ['weights', 'thresholds'];
const WEIGHT = { min: 0, max: 100 };

/** What is typed at first: what is stored. */
export function formOf(item) {
    return filled(item, ({ value }) => value);
}

/** Everything at what it is by default. */
export function usualOf(item) {
    return filled(item, (one) => one.default);
}

/** @returns only what differs from what is stored, as the API takes it; null: nothing does */
export function changeOf(form, item) {
    const differing = PARTS.map((part) => [
        part,
        Object.fromEntries(
            item[part]
                .filter(({ key, value }) => Number(form[part][key]) !== value)
                .map(({ key }) => [key, Number(form[part][key])])
        )
    ]);
    if (differing.every(([, values]) => Object.keys(values).length === 0)) return null;
    return { [item.score]: Object.fromEntries(differing) };
}

/** By place: "weights.activity", "thresholds.…"; of each the first. */
export function faultsOf(form, item) {
    const faults = {};
    for (const { key } of item.weights) {
        if (!isBetween(form.weights[key], WEIGHT)) faults[`weights.${key}`] = rangeFault(WEIGHT);
    }
    for (const limit of item.thresholds) {
        const place = `thresholds.${limit.key}`;
        if (!isBetween(form.thresholds[limit.key], limit)) faults[place] = rangeFault(limit);
        else if (!isInOrder(form.thresholds, limit.key)) faults[place] = words.scoring.orderFault;
    }
    return faults;
}

/** Weights are shares of their sum, so not all of them can be nothing. */
export function isAllZero(form, item) {
    return item.weights.every(({ key }) => Number(form.weights[key]) === 0);
}

/** 0 … 1: how much of the score a weight is. */
export function shareOf(form, key) {
    const sum = Object.values(form.weights).reduce((all, text) => all + amount(text), 0);
    return sum > 0 ? amount(form.weights[key]) / sum : 0;
}

function filled(item, pick) {
    const textsOf = (list) => Object.fromEntries(list.map((one) => [one.key, String(pick(one))]));
    return Object.fromEntries(PARTS.map((part) => [part, textsOf(item[part])]));
}

/** `…_full_…` gives all points and has to lie before its `…_none_…`. */
function isInOrder(thresholds, key) {
    const none = key.replace('_full_', '_none_');
    if (none === key || thresholds[none] === undefined) return true;
    return Number(thresholds[key]) < Number(thresholds[none]);
}

function isBetween(text, { min, max }) {
    return /^\d{1,4}(\.\d{1,3})?$/.test(String(text).trim()) && Number(text) >= min && Number(text) <= max;
}

function rangeFault({ min, max }) {
    return say(words.scoring.numberFault, min, max);
}

function amount(text) {
    return Math.max(0, Number(text) || 0);
}
