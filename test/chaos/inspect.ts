/** Compares the CRM with what was asked and with the log. */
import type { ChaosWorld } from "./world.ts";

type LogRow = {
  crm_record_id: string;
  status: string;
  error_code: string | null;
  value_written: string | null;
  value: string | null;
};

/** @param versions how often every record got a new entry; the last one met no trouble */
export async function inspect(world: ChaosWorld, versions: number): Promise<{ rows: number; faults: string[] }> {
  const history = (await world.history()).filter((row) => row.by === "api");
  const log = await world.db.withWorkspace(
    world.workspaceId,
    (tx) => tx<LogRow[]>`
      select crm_record_id, status, error_code, value_written, value from crm_write_log
      where workspace_id = ${world.workspaceId} and crm_property_name = ${world.property} order by created_at, id`,
  );
  const [left] = await world.db.withWorkspace(
    world.workspaceId,
    (tx) => tx<{ pending: number; leased: number }[]>`
      select count(*) filter (where pending_log_id is not null)::int as pending,
        count(*) filter (where lease_until > now() + interval '10 seconds')::int as leased from crm_write_state`,
  );
  const faults: string[] = [];
  if (left!.pending > 0) faults.push(`${left!.pending} writes are still pending`);
  if (left!.leased > 0) faults.push(`${left!.leased} rows are still leased`);
  const writesOf = Map.groupBy(history, (row) => row.id);
  const logOf = Map.groupBy(log, (row) => row.crm_record_id);
  for (const id of world.ids) {
    const values = (writesOf.get(id) ?? []).map((row) => plain(row.value));
    faults.push(...faultsOf(values, logOf.get(id) ?? [], versions).map((fault) => `${id}: ${fault}`));
  }
  return { rows: history.length, faults };
}

function faultsOf(values: string[], log: LogRow[], versions: number): string[] {
  const faults: string[] = [];
  const final = values.at(-1) ?? "";
  for (let version = 1; version <= versions; version++) {
    const entry = `entry ${version};`;
    const times = Math.max(0, ...values.map((value) => value.split(entry).length - 1));
    if (times > 1) faults.push(`"${entry}" stood there ${times} times`);
    const stands = final.includes(entry);
    if (times === 1 && !stands) faults.push(`"${entry}" was lost again`);
    // Not written is right only where the log says that the CRM refused it, or that a later version came first.
    const refused = log.some((row) => row.value === entry && row.status === "error");
    const overtaken = version < versions && !log.some((row) => row.value === entry);
    if (!stands && !refused && !overtaken) faults.push(`"${entry}" is missing`);
  }
  if (!final.includes(`entry ${versions};`)) faults.push("the last entry is missing");
  if (log.some((row) => row.status === "pending")) faults.push("a log row is pending");
  const claimed = new Set(log.filter((row) => row.status === "success").map((row) => plain(row.value_written)));
  const reached = new Set(values);
  for (const value of claimed) if (!reached.has(value)) faults.push(`the log claims ${JSON.stringify(value)}`);
  for (const value of reached) {
    const known =
      claimed.has(value) ||
      log.some((row) => row.error_code === "outcome_unknown" && plain(row.value_written) === value);
    if (!known) faults.push(`the log does not know ${JSON.stringify(value)}`);
  }
  return faults;
}

function plain(value: string | null): string {
  return (value ?? "").replaceAll("\r\n", "\n");
}
