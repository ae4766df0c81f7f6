/** One cheap question to a source, answered in words: does it work, and if not, what is there to do. */
import type { SourceTest } from "../contract/sources.ts";
import { AppError } from "../errors.ts";
import { firefliesClient } from "./fireflies-client.ts";
import { gongBaseUrl, gongClient } from "./gong-client.ts";
import { openSecrets, type Secrets, type SourceRow, vendorName } from "./source-rules.ts";
import { readSource } from "./sources.ts";
import { SourceFault, type SourceHouse } from "./vendor-http.ts";
import { zoomToken } from "./zoom-client.ts";

/** @throws AppError not_found (404); what is wrong with the source is an answer */
export async function testSource(house: SourceHouse, workspaceId: string, id: string): Promise<SourceTest> {
  const source = await house.db.withWorkspace(workspaceId, (tx) => readSource(tx, workspaceId, id));
  const secrets = openSecrets(house.config.keys, workspaceId, source.secrets_sealed);
  try {
    return { ok: true, message: await ask(house, workspaceId, source, secrets) };
  } catch (error) {
    if (error instanceof SourceFault) return { ok: false, message: error.message };
    if (error instanceof AppError) return { ok: false, message: error.public };
    throw error;
  }
}

async function ask(house: SourceHouse, workspaceId: string, source: SourceRow, secrets: Secrets): Promise<string> {
  const { kind } = source;
  const seen = source.last_seen_at
    ? `Something last came in on ${source.last_seen_at.toISOString().slice(0, 10)}.`
    : "Nothing has come in yet.";
  switch (kind) {
    case "generic":
      return `It waits for deliveries. ${seen}`;
    case "gong": {
      if (!secrets.access_key || !secrets.access_key_secret) return `It waits for Gong's webhook. ${seen}`;
      const keys = { accessKey: secrets.access_key, accessKeySecret: secrets.access_key_secret };
      await gongClient(house, { ...keys, baseUrl: gongBaseUrl(house, source.settings.base_url)! }).users(null);
      return `Gong answers. ${seen}`;
    }
    case "fireflies":
      await firefliesClient(house, secrets.api_key ?? "").user();
      return `Fireflies answers. ${seen}`;
    case "zoom": {
      const { account_id: accountId, client_id: clientId, client_secret: clientSecret } = secrets;
      if (!accountId || !clientId || !clientSecret) {
        return `It waits for Zoom's webhook, and does not learn who took part: enter account id, client id and client secret. ${seen}`;
      }
      await zoomToken(house, { accountId, clientId, clientSecret });
      return `Zoom answers. ${seen}`;
    }
    case "hubspot":
    case "salesforce": {
      const crm = await house.openCrm(workspaceId, kind, "waiting");
      if (!crm.activities) throw new SourceFault("not_set_up", "This connection does not list calls and meetings yet.");
      await crm.account();
      return `${vendorName[kind]} answers. ${seen}`;
    }
    default:
      return kind satisfies never;
  }
}
