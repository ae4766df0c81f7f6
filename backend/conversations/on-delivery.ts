/** Job source.delivery: what a vendor's webhook brought. Fetches what the delivery only points at, then takes it in. */
import { unseal } from "../connections/vault.ts";
import { AppError } from "../errors.ts";
import type { JobPayload } from "../jobs/kinds.ts";
import { firefliesMeetingOf, fromFireflies } from "./fireflies.ts";
import { firefliesClient } from "./fireflies-client.ts";
import { fromGeneric } from "./generic.ts";
import { fromGong } from "./gong.ts";
import { ingest } from "./ingest.ts";
import type { Converted } from "./shape.ts";
import { deliveryPlace, openSecrets, type Secrets, type SourceRow, vendorName } from "./source-rules.ts";
import { readSource } from "./sources.ts";
import { SourceFault, type SourceHouse } from "./vendor-http.ts";
import { fromZoom, zoomRecordingOf } from "./zoom.ts";
import { zoomFile, zoomParticipants, zoomToken } from "./zoom-client.ts";

export async function onDelivery(house: SourceHouse, payload: JobPayload<"source.delivery">): Promise<void> {
  const found = await open(house, payload);
  if (!found) return;
  const { source, secrets, delivery } = found;
  try {
    const items = await itemsOf(house, payload.workspace_id, source, secrets, delivery);
    await ingest(house, payload.workspace_id, { id: source.id, kind: source.kind }, items);
    await noteFault(house, payload.workspace_id, source.id, null);
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    await noteFault(house, payload.workspace_id, source.id, error.message);
    // Asked again a few times by the job engine; what will not come by waiting is listed as refused at once.
    if (error.kind === "key_refused" || error.kind === "not_set_up" || error.kind === "rejected") {
      return refuse(house, payload.workspace_id, source, delivery, error.message);
    }
    throw error;
  }
}

/** It was asked for again and again: listed, so that an admin knows which one is missing. */
export async function deliveryGivenUp(
  house: SourceHouse,
  payload: JobPayload<"source.delivery">,
  error: unknown,
): Promise<void> {
  const found = await open(house, payload);
  if (!found) return;
  const says = error instanceof SourceFault ? error.message : "Something went wrong on our side.";
  await refuse(house, payload.workspace_id, found.source, found.delivery, says);
}

async function itemsOf(
  house: SourceHouse,
  workspaceId: string,
  source: SourceRow,
  secrets: Secrets,
  delivery: unknown,
): Promise<Converted[]> {
  switch (source.kind) {
    case "generic":
      return listIn(delivery).flatMap((item) => fromGeneric(item) ?? []);
    case "gong":
      return [fromGong((delivery as { callData?: unknown }).callData)];
    case "fireflies": {
      const id = firefliesMeetingOf(delivery);
      if (id === null) return [];
      if (!secrets.api_key)
        throw new SourceFault("not_set_up", "Enter Fireflies' API key, so that meetings can be fetched.");
      return [fromFireflies(await firefliesClient(house, secrets.api_key).transcript(id))];
    }
    case "zoom":
      return zoomItems(house, workspaceId, source, secrets, delivery);
    case "hubspot":
    case "salesforce":
      return [];
    default:
      return source.kind satisfies never;
  }
}

async function zoomItems(
  house: SourceHouse,
  workspaceId: string,
  source: SourceRow,
  secrets: Secrets,
  delivery: unknown,
): Promise<Converted[]> {
  const recording = zoomRecordingOf(delivery);
  if (!recording) return [];
  const { account_id: accountId, client_id: clientId, client_secret: clientSecret } = secrets;
  let token: string | null = null;
  let people: unknown[] = [];
  let note: string | null =
    "Zoom tells who took part only through an app: enter account id, client id and client secret.";
  if (accountId && clientId && clientSecret) {
    note = null;
    try {
      token = await zoomToken(house, { accountId, clientId, clientSecret });
      people = await zoomParticipants(house, token, recording.uuid);
    } catch (error) {
      // Without its participants it still is a meeting with a host and a transcript.
      if (!(error instanceof SourceFault) || error.kind !== "key_refused") throw error;
      note = error.message;
    }
  }
  await setNote(house, workspaceId, source.id, "participants", note);
  const speech = recording.transcriptUrl;
  const vtt = speech === null ? null : await zoomFile(house, speech, recording.downloadToken ?? token);
  return [fromZoom(delivery, people, vtt)];
}

async function open(house: SourceHouse, payload: JobPayload<"source.delivery">) {
  const { workspace_id: workspaceId, source_id: sourceId, sealed } = payload;
  try {
    const source = await house.db.withWorkspace(workspaceId, (tx) => readSource(tx, workspaceId, sourceId));
    if (source.status === "paused") return null;
    const { keys } = house.config;
    const delivery = JSON.parse(unseal(keys, deliveryPlace(workspaceId), sealed)) as unknown;
    return { source, secrets: openSecrets(keys, workspaceId, source.secrets_sealed), delivery };
  } catch (error) {
    // Deleted while the job waited.
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

async function refuse(house: SourceHouse, workspaceId: string, source: SourceRow, delivery: unknown, says: string) {
  const externalId = firefliesMeetingOf(delivery) ?? zoomRecordingOf(delivery)?.uuid ?? null;
  const reason = `${vendorName[source.kind]} told us of it, and it could not be fetched: ${says}`;
  await ingest(house, workspaceId, { id: source.id, kind: source.kind }, [{ ok: false, externalId, reason }]);
}

/** @param says null: it works; what a pull has to say stays until a pull succeeds */
async function noteFault(
  house: SourceHouse,
  workspaceId: string,
  sourceId: string,
  says: string | null,
): Promise<void> {
  const at = says === null ? null : house.clock.now();
  await house.db.withWorkspace(
    workspaceId,
    (tx) => tx`
      update sources set last_error = ${says}, last_error_at = ${at}
      where workspace_id = ${workspaceId} and id = ${sourceId} and (${says !== null} or status <> 'failing')`,
  );
}

async function setNote(
  house: SourceHouse,
  workspaceId: string,
  sourceId: string,
  feature: string,
  note: string | null,
) {
  await house.db.withWorkspace(workspaceId, (tx) => {
    const kept = tx`coalesce(settings->'off', '{}') - ${feature}::text`;
    const off = note === null ? kept : tx`${kept} || ${tx.json({ [feature]: note })}`;
    return tx`
      update sources set settings = settings || jsonb_build_object('off', ${off})
      where workspace_id = ${workspaceId} and id = ${sourceId}`;
  });
}

/** One conversation, or several under `conversations`. */
function listIn(delivery: unknown): unknown[] {
  const many = (delivery as { conversations?: unknown } | null)?.conversations;
  return Array.isArray(many) ? many : [delivery];
}
