/** Where a record opens in the CRM, from what the connection remembers; no call, no open connection needed. Pure. */
import type { CrmType, ObjectType } from "../contract/common.ts";

/**
 * @param uiUrl the connection's `ui_url`, with `{objectType}` and `{id}`; empty: not known
 * Source: HubSpot object type ids, developers.hubspot.com/docs (0-1 contacts, 0-2 companies, 0-3 deals)
 */
export function recordLink(
  uiUrl: string | null | undefined,
  crm: CrmType,
  objectType: ObjectType,
  id: string,
): string | null {
  if (!uiUrl) return null;
  return uiUrl.replace("{objectType}", names[crm][objectType]).replace("{id}", encodeURIComponent(id));
}

const names: Record<CrmType, Record<ObjectType, string>> = {
  hubspot: { deal: "0-3", company: "0-2", contact: "0-1" },
  salesforce: { deal: "Opportunity", company: "Account", contact: "Contact" },
};
