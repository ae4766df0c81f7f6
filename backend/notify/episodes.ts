/** Which changes of a matter's state are worth a notice. Pure. */

export type AlertRow = { id: string; kind: string; subject: string; opened_at: Date; resolved_at: Date | null };

export type Telling = {
  /** The event, claimed once. */
  key: string;
  state: "open" | "over";
  kind: string;
  subject: string;
  /** The newest alert of the episode: its words are told. */
  alertId: string;
  since: Date;
  until: Date | null;
};

/** What works again for less than this, or failed for a moment in between, is one matter. */
const settleMs = 10 * 60_000;

/**
 * Alerts of one matter (kind and subject) that follow each other within ten minutes are one episode. An episode is told
 * when it begins, and once more when it has been over for ten minutes; one that was over before anybody was told is
 * told once.
 * @param told event keys claimed so far
 */
export function alertsToTell(alerts: readonly AlertRow[], told: ReadonlySet<string>, now: Date): Telling[] {
  const matters = Map.groupBy(alerts, ({ kind, subject }) => `${kind}|${subject}`);
  return [...matters.values()]
    .flatMap((rows) => episodesOf(rows, told))
    .map((episode) => tellingOf(episode, now))
    .filter((telling) => telling !== null)
    .filter(({ key }) => !told.has(key));
}

/** All keys that an alert can have been told under. */
export function keysOf(alert: Pick<AlertRow, "id">): string[] {
  return [keyOf(alert, "open"), keyOf(alert, "over")];
}

function keyOf({ id }: Pick<AlertRow, "id">, state: "open" | "over"): string {
  return `alert:${id}:${state}`;
}

function episodesOf(rows: readonly AlertRow[], told: ReadonlySet<string>): AlertRow[][] {
  const episodes: AlertRow[][] = [];
  for (const row of [...rows].sort((one, two) => one.opened_at.getTime() - two.opened_at.getTime())) {
    const current = episodes.at(-1);
    const before = current?.at(-1);
    // Told as over, it is over, however soon it begins again.
    const goesOn = before && !told.has(keyOf(before, "over")) && msBetween(before.resolved_at, row) < settleMs;
    if (current && goesOn) current.push(row);
    else episodes.push([row]);
  }
  return episodes;
}

function msBetween(resolved: Date | null, next: AlertRow): number {
  return resolved === null ? 0 : next.opened_at.getTime() - resolved.getTime();
}

/** null: it has ended just now, and may begin again. */
function tellingOf(episode: AlertRow[], now: Date): Telling | null {
  const first = episode[0]!;
  const last = episode.at(-1)!;
  const { kind, subject } = last;
  const about = { kind, subject, alertId: last.id, since: first.opened_at, until: last.resolved_at };
  if (last.resolved_at === null) return { ...about, key: keyOf(first, "open"), state: "open" };
  if (now.getTime() - last.resolved_at.getTime() < settleMs) return null;
  return { ...about, key: keyOf(last, "over"), state: "over" };
}
