import { ago, day, duration, money, percent, short, shown } from 'c/pandoraFormat';

test('a day without a time is that day everywhere', () => {
    expect(day('2026-11-12')).toBe('Nov 12, 2026');
});

test('spans are told in the largest unit that fits', () => {
    const before = (seconds) => ago(new Date(Date.now() - seconds * 1000).toISOString());
    expect([before(5), before(130), before(7300), before(3 * 86400 + 60)]).toEqual([
        '5 seconds ago',
        '2 minutes ago',
        '2 hours ago',
        '3 days ago'
    ]);
});

test('money in its currency, and with a code that is none', () => {
    expect(money(1200, 'EUR')).toBe('€1,200');
    expect(money(1200, 'pounds')).toBe('1,200 pounds');
    expect(money(5, null)).toBe('5');
});

test('moments among values read as moments, other values as they are', () => {
    expect(shown('2026-11-28T18:05:09.000Z')).toContain('2026');
    expect(shown('2026-11-28T18:05:09.000Z')).not.toContain('T18');
    expect([shown('61'), shown(null)]).toEqual(['61', '']);
});

test('a long text is cut at a line', () => {
    expect(short('a\n b', 10)).toBe('a b');
    expect(short('x'.repeat(30), 10)).toHaveLength(10);
});

test('shares of a hundred', () => {
    expect([percent(0.25), percent(0)]).toEqual(['25%', '0%']);
});

test('durations', () => {
    expect([duration(45), duration(120)]).toEqual(['45 sec', '2 min']);
});
