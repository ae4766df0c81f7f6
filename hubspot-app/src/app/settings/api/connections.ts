/** The connection to HubSpot, and what needs a look. */
import type { Alert, Client, Connection, FilterChoices, ImportProgress, ListOf, Once } from "@pandora/hs-shared";

/** Both CRMs may be connected to one workspace; this page is HubSpot's. */
export const crm = "hubspot" as const;

export function getConnection(client: Client) {
  return client.get<Connection>(`connections/${crm}`);
}

export function getImport(client: Client) {
  return client.get<ImportProgress>(`connections/${crm}/import`);
}

export function startConnect(client: Client, body: Once) {
  return client.send<{ url: string }>("POST", `connections/${crm}/start`, body);
}

export function disconnect(client: Client, { request_id, deleteData }: Once & { deleteData: boolean }) {
  return client.remove<{ deleted: true }>(`connections/${crm}`, { request_id, delete_data: deleteData ? 1 : 0 });
}

export function listAlerts(client: Client) {
  return client.get<ListOf<Alert>>("alerts", { state: "open", limit: 20 });
}

export function filterChoices(client: Client) {
  return client.get<FilterChoices>("crm-writeback/filter-choices", { crm });
}
