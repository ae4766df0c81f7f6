/** A score as the card draws it. Pure. */
import { day, number } from 'c/pandoraFormat';
import { say, words } from 'c/pandoraWords';

const STEPS = [
    { from: 90, label: words.card.excellent, theme: 'slds-badge slds-theme_success' },
    { from: 70, label: words.card.good, theme: 'slds-badge slds-theme_success' },
    { from: 50, label: words.card.fair, theme: 'slds-badge slds-theme_warning' },
    { from: 0, label: words.card.atRisk, theme: 'slds-badge slds-theme_error' }
];

/** @param score one of the card's scores */
export function scoreView(score) {
    const step = STEPS.find(({ from }) => score.value >= from) ?? STEPS[STEPS.length - 1];
    return {
        value: number(score.value),
        spoken: say(words.card.scoreOf, score.label, number(score.value)),
        label: step.label,
        badgeClass: step.theme,
        change: changeText(score.trend),
        bars: score.trend.length > 1 ? score.trend.map(bar) : null,
        factors: score.factors.filter(({ max }) => max > 0).map(factorView)
    };
}

function changeText(trend) {
    if (trend.length < 2) return null;
    const by = trend[trend.length - 1].value - trend[trend.length - 2].value;
    if (by === 0) return words.card.same;
    return say(by > 0 ? words.card.up : words.card.down, number(Math.abs(by)));
}

function bar({ at, value }, n) {
    return {
        key: `${at} ${n}`,
        style: `height:${Math.max(4, Math.min(100, value))}%`,
        title: say(words.card.trendPoint, number(value), day(at))
    };
}

function factorView({ key, label, points, max, sentence }) {
    const share = Math.round((points / max) * 100);
    return {
        key,
        label,
        sentence,
        points: say(words.card.pointsOf, number(points), number(max)),
        style: `width:${Math.max(0, Math.min(100, share))}%`,
        barClass: share < 40 ? 'fill fill_low' : 'fill'
    };
}
