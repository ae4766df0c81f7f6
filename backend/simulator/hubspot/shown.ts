/** Records as the portal shows them: stored values, and what is computed from them. */
import { type HsObjectType, modifiedProperty, objectTypeIds } from "./catalogue.ts";
import { type HsRecord, type HsStage, linksOf, type Portal } from "./state.ts";
import { isoTime } from "./values.ts";

/** One property as the portal shows it; null when blank or unknown. */
export function shownValue(portal: Portal, record: HsRecord, name: string): string | null {
  switch (name) {
    case "hs_object_id":
      return record.id;
    case "createdate":
    case "hs_createdate":
      return isoTime(record.createdAt);
    case "hs_merged_object_ids":
      return record.mergedIds.length > 0 ? record.mergedIds.join(";") : null;
    case "hs_deal_stage_probability":
      return stageOf(portal, record)?.probability.toString() ?? null;
    case "hs_is_closed":
      return record.type === "deals" ? String(stageOf(portal, record)?.isClosed ?? false) : null;
    case "hs_is_closed_won":
      return record.type === "deals" ? String(stageOf(portal, record)?.isWon ?? false) : null;
    case "num_associated_contacts":
      return String(linksOf(portal, record.type, record.id, "contacts").length);
    case "num_associated_deals":
      return String(linksOf(portal, record.type, record.id, "deals").length);
    case "associatedcompanyid": {
      const companies = linksOf(portal, record.type, record.id, "companies");
      const primary = companies.find(([, types]) => types.some((type) => type.typeId === 1));
      return (primary ?? companies[0])?.[0] ?? null;
    }
    case "amount_in_home_currency":
    case "hs_forecast_amount":
      return record.values.amount ?? null;
    default:
      if (name === modifiedProperty(record.type)) return isoTime(record.updatedAt);
      return portal.properties[record.type].has(name) ? (record.values[name] ?? null) : null;
  }
}

function stageOf(portal: Portal, record: HsRecord): HsStage | undefined {
  for (const pipeline of portal.pipelines) {
    const stage = pipeline.stages.find((each) => each.id === record.values.dealstage);
    if (stage) return stage;
  }
  return undefined;
}

const always = ["hs_object_id", "createdate"];
const defaults: Partial<Record<HsObjectType, string[]>> = {
  deals: ["amount", "closedate", "dealname", "dealstage", "pipeline"],
  companies: ["name", "domain"],
  contacts: ["email", "firstname", "lastname"],
};

/** A record in the wire's shape. Properties nobody knows are left out without a word, as HubSpot does. */
export function shownRecord(portal: Portal, record: HsRecord, wanted: string[] | null, more: object = {}): object {
  const names = wanted && wanted.length > 0 ? wanted : (defaults[record.type] ?? []);
  const properties: Record<string, string | null> = Object.create(null);
  for (const name of [...always, modifiedProperty(record.type), ...names]) {
    if (name in properties || !portal.properties[record.type].has(name)) continue;
    properties[name] = shownValue(portal, record, name);
  }
  return {
    id: record.id,
    properties,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    url: `https://app.hubspot.com/contacts/${portal.portalId}/record/${objectTypeIds[record.type]}/${record.id}`,
    ...more,
  };
}

/** What happened to some properties, newest first. A person's entries name them, the app's name the app. */
export function historyOf(portal: Portal, record: HsRecord, names: string[]): object {
  if (names.length === 0) return {};
  const propertiesWithHistory = Object.fromEntries(
    names
      .filter((name) => portal.properties[record.type].has(name))
      .map((property) => [
        property,
        portal.history
          .rows({ objectType: record.type, id: record.id, property })
          .map(({ value, at, by }) => ({
            value: value ?? "",
            timestamp: at,
            ...(by === "api"
              ? { sourceType: "INTEGRATION", sourceId: "1234567" }
              : { sourceType: "CRM_UI", sourceId: `userId:${colleague(portal)}`, updatedByUserId: colleague(portal) }),
          }))
          .reverse(),
      ]),
  );
  return { propertiesWithHistory };
}

/** Who edits in the CRM: not the one who installed the app, where there is anybody else. */
function colleague(portal: Portal): number {
  return (portal.owners[1] ?? portal.owners[0])?.userId ?? 0;
}
