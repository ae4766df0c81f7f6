/** What a simulator accepted, write by write: the auditor's source of truth. */

/** One accepted change of one property. */
export type HistoryRow = {
  /** Running number over all records; later is larger. */
  n: number;
  objectType: string;
  id: string;
  property: string;
  /** As stored after normalisation; null = cleared. */
  value: string | null;
  /** UTC ISO, by the simulator's clock. */
  at: string;
  /** Who changed it: the app over the API, or a person in the CRM. */
  by: "api" | "person";
};

export type HistoryFilter = { objectType?: string; id?: string; property?: string };

export type History = {
  push(row: Omit<HistoryRow, "n">): void;
  /** Rows in the order they were accepted; a filter by record does not scan the others. */
  rows(filter?: HistoryFilter): HistoryRow[];
  size(): number;
};

/** Keeps rows twice, whole and by record, so that an auditor of many thousand records stays fast. */
export function createHistory(): History {
  const all: HistoryRow[] = [];
  const byRecord = new Map<string, HistoryRow[]>();
  return {
    push(row) {
      const numbered = { n: all.length + 1, ...row };
      all.push(numbered);
      const key = `${row.objectType}/${row.id}`;
      const list = byRecord.get(key);
      if (list) list.push(numbered);
      else byRecord.set(key, [numbered]);
    },
    rows(filter = {}) {
      const pool =
        filter.objectType && filter.id !== undefined ? (byRecord.get(`${filter.objectType}/${filter.id}`) ?? []) : all;
      return pool.filter(
        (row) =>
          (!filter.objectType || row.objectType === filter.objectType) &&
          (filter.id === undefined || row.id === filter.id) &&
          (!filter.property || row.property === filter.property),
      );
    },
    size: () => all.length,
  };
}
