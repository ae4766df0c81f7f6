/** Calls without a deal: read them, decide about them, make the deal. */
import type { Client, Once } from "../client.ts";
import type {
  CreateDealRequest,
  Creation,
  CrmSearchResult,
  DealOptions,
  DismissReason,
  Gap,
  GapStatus,
  GapSummary,
  GapTrend,
  ListOf,
  ObjectType,
} from "../dto.ts";

/** Both CRMs may be connected; inside HubSpot only HubSpot's records are meant. */
const crm = "hubspot" as const;
const place = "conversations/without-deals";

export type GapsAsked = {
  status?: GapStatus;
  limit?: number;
  cursor?: string;
  record?: { objectType: ObjectType; id: string };
};

export function listGaps(client: Client, { status = "pending", limit = 10, cursor, record }: GapsAsked) {
  return client.get<ListOf<Gap>>(place, {
    ...{ status, limit, cursor, crm },
    ...(record ? { object_type: record.objectType, crm_record_id: record.id } : {}),
  });
}

export function getGap(client: Client, conversationId: string) {
  return client.get<Gap>(`${place}/${conversationId}`);
}

export function gapSummary(client: Client) {
  return client.get<GapSummary>(`${place}/summary`);
}

export function gapTrend(client: Client, weeks: number) {
  return client.get<GapTrend>(`${place}/trend`, { weeks });
}

export type DismissBody = { reason: DismissReason; note?: string };
export type LinkBody = { deal_crm_id: string };
export type CreateDealBody = Omit<CreateDealRequest, "request_id">;

export function dismissGap(client: Client, id: string, body: Once & DismissBody) {
  return client.send<Gap>("POST", `${place}/${id}/dismiss`, body);
}

export function restoreGap(client: Client, id: string, body: Once) {
  return client.send<Gap>("POST", `${place}/${id}/restore`, body);
}

export function linkGap(client: Client, id: string, body: Once & LinkBody) {
  return client.send<Gap>("POST", `${place}/${id}/link-deal`, { ...body, crm });
}

export function dealOptions(client: Client, conversationId: string) {
  return client.get<DealOptions>("deal-options", { conversation_id: conversationId, crm });
}

export function createDeal(client: Client, id: string, body: Once & CreateDealBody) {
  return client.send<Creation>("POST", `${place}/${id}/create-deal`, { ...body, crm });
}

export function getCreation(client: Client, creationId: string) {
  return client.get<Creation>(`creations/${creationId}`);
}

/** @param q beginning of a name, an address or a domain; at least one letter */
export function searchCrm(client: Client, objectType: ObjectType, q: string) {
  return client.get<CrmSearchResult>("crm-search", { objectType, q: q.slice(0, 100), crm });
}
