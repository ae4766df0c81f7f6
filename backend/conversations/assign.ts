/** Which row stands for which meeting, after tellings came, changed or were taken back. Pure. */
import { type LiveTelling, mergeTellings } from "./merge.ts";
import { groupMeetings } from "./same-meeting.ts";
import type { Telling } from "./telling.ts";

/** A row as it stands. */
export type Standing = {
  id: string;
  /** UTC ISO */
  createdAt: string;
  factsHash: string;
  /** A person decided something about it, or a deal was made of it: it is never dropped. */
  decided: boolean;
};

export type Assigned = {
  /** Rows to write: new ones, and those whose facts changed. */
  written: ({ id: string; isNew: boolean } & ReturnType<typeof mergeTellings>)[];
  /** The row of each telling, by index; null for the ones taken back. */
  rowOf: (string | null)[];
  /** Rows that went up in another one. */
  joined: { from: string; to: string }[];
  /** Rows nothing tells of any more. */
  dropped: string[];
};

/**
 * @param tellings all tellings of the rows concerned, as they are now
 * @param standing the rows concerned
 * @param newId makes the id of a new row
 */
export function assignRows(tellings: readonly Telling[], standing: readonly Standing[], newId: () => string): Assigned {
  const live = [...tellings.entries()].filter((entry): entry is [number, LiveTelling] => entry[1].told !== null);
  const groups = groupMeetings(
    live.map(([, { sourceId, externalId, told }]) => ({ ...told, sourceId, externalId })),
  ).map((group) => group.map((n) => live[n]!));
  const homes = homesOf(groups, standing);
  const assigned: Assigned = { written: [], rowOf: tellings.map(() => null), joined: [], dropped: [] };
  for (const [n, group] of groups.entries()) {
    const [keeper, ...others] = homes.get(n) ?? [];
    const id = keeper?.id ?? newId();
    // Two rows that people decided about stay two, even if they prove to be one meeting: neither decision is lost.
    const apart = others.filter((other) => other.decided);
    for (const other of others) {
      if (!other.decided) assigned.joined.push({ from: other.id, to: id });
    }
    for (const row of [keeper ?? null, ...apart]) {
      const members = group.filter(([, telling]) => rowIn(telling, apart, keeper?.id) === (row?.id ?? undefined));
      if (members.length > 0) write(assigned, members, row, row?.id ?? id);
    }
  }
  const used = new Set([...assigned.rowOf, ...assigned.joined.map(({ from }) => from)]);
  assigned.dropped = standing.filter((row) => !row.decided && !used.has(row.id)).map((row) => row.id);
  return assigned;
}

type Member = [number, LiveTelling];

function write(assigned: Assigned, members: Member[], row: Standing | null, id: string): void {
  for (const [n] of members) assigned.rowOf[n] = id;
  const merged = mergeTellings(members.map(([, telling]) => telling));
  if (row === null || row.factsHash !== merged.hash) assigned.written.push({ id, isNew: row === null, ...merged });
}

/** Within a group, rows that stay apart keep their own tellings; all others go to the keeper. */
function rowIn(telling: Telling, apart: readonly Standing[], keeper: string | undefined): string | undefined {
  return apart.some((row) => row.id === telling.conversationId) ? (telling.conversationId ?? undefined) : keeper;
}

/**
 * Each row lives on in the group that holds most of its tellings, for one meeting may prove to be two. Where several rows
 * meet in a group, the one a person decided about stays, else the oldest.
 */
function homesOf(groups: readonly Member[][], standing: readonly Standing[]): Map<number, Standing[]> {
  const held = new Map<string, { group: number; count: number }[]>();
  for (const [n, group] of groups.entries()) {
    for (const [id, members] of Map.groupBy(group, ([, telling]) => telling.conversationId)) {
      if (id !== null) held.set(id, [...(held.get(id) ?? []), { group: n, count: members.length }]);
    }
  }
  const homes = new Map<number, Standing[]>();
  for (const row of standing) {
    const most = held.get(row.id)?.reduce((best, one) => (one.count > best.count ? one : best));
    if (most) homes.set(most.group, [...(homes.get(most.group) ?? []), row]);
  }
  const rank = (row: Standing) => `${row.decided ? 0 : 1} ${row.createdAt} ${row.id}`;
  for (const rows of homes.values()) rows.sort((one, two) => (rank(one) < rank(two) ? -1 : 1));
  return homes;
}
