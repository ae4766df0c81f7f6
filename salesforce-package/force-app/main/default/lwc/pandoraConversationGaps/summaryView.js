/** The figures above the list. Pure. */
import { money, number } from 'c/pandoraFormat';
import { words } from 'c/pandoraWords';

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
