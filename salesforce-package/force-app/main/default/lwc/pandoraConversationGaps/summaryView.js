/** The figures above the list. Pure. */
import { day, money, number } from 'c/pandoraFormat';
import { say, words } from 'c/pandoraWords';

export function tilesOf(summary) {
    const estimate = summary.estimated_pipeline?.by_currency ?? [];
    return [
        { key: 'pending', label: words.gaps.pending, value: number(summary.pending) },
        { key: 'high', label: words.gaps.high, value: number(summary.by_severity.high) },
        ...(estimate.length > 0
            ? [
                  {
                      key: 'worth',
                      label: words.gaps.estimated,
                      value: worth(estimate),
                      help: summary.estimated_pipeline_text
                  }
              ]
            : []),
        { key: 'created', label: words.gaps.createdThisMonth, value: number(summary.this_month.created) }
    ];
}

/** Who has how many calls without a deal. */
export function byRep({ by_rep: reps }) {
    return reps.map(({ rep, email, pending, high }) => ({
        key: email ?? 'none',
        name: rep ?? email ?? words.gaps.noRep,
        text: say(words.gaps.byRepRow, number(pending), number(high))
    }));
}

/** Week over week: how much of what was found is still open. */
export function byWeek({ weeks }) {
    const most = Math.max(1, ...weeks.map(({ found }) => found));
    return weeks.map(({ week, found, still_open: open }) => ({
        key: week,
        text: say(words.gaps.trendRow, day(week), number(found), number(open)),
        foundStyle: `height:${Math.round((found / most) * 100)}%`,
        openStyle: `height:${found > 0 ? Math.round((open / found) * 100) : 0}%`
    }));
}

/** Reps who have calls without a deal, for the filter. */
export function repOptions(summary) {
    const reps = (summary?.by_rep ?? []).filter(({ email }) => email);
    return [
        { value: '', label: words.common.all },
        ...reps.map(({ rep, email, pending }) => ({ value: email, label: `${rep ?? email} (${number(pending)})` }))
    ];
}

function worth(byCurrency) {
    return byCurrency.map(({ amount, currency }) => money(amount, currency)).join(' + ');
}
