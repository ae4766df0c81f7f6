/**
 * Sealing of secrets at rest: AES-256-GCM with a key ring. A sealed text names its key, and is bound to the place it
 * was made for (workspace, CRM, column), so that a row copied to another tenant or column does not open.
 *
 * Form: `v1:<key id>:<nonce>:<ciphertext and tag>`, the last two base64url. Key ids hold no colon (config.ts).
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Db, Tx } from "../db.ts";
import { AppError } from "../errors.ts";

/** The first key seals, all of them open. Keys are 32 bytes. */
export type KeyRing = readonly { id: string; key: Buffer }[];

/** Where a secret stands. */
export type SealPlace = { workspaceId: string; crm: string; column: string };

export function seal(keys: KeyRing, place: SealPlace, plain: string): string {
  const first = keys[0];
  if (!first) throw new AppError("no_key", { status: 500, public: "PANDORA_KEYS holds no key to seal with." });
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", first.key, nonce).setAAD(aad(place, first.id));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${first.id}:${nonce.toString("base64url")}:${body.toString("base64url")}`;
}

/**
 * @throws AppError sealed_by_unknown_key when the key is not in the ring (retired too early)
 * @throws AppError sealed_value_refused when it was made for another place, or changed
 */
export function unseal(keys: KeyRing, place: SealPlace, sealed: string): string {
  const [version, keyId = "", nonce = "", body = ""] = sealed.split(":");
  const bytes = Buffer.from(body, "base64url");
  if (version !== "v1" || bytes.length < 16) throw refused(place);
  const held = keys.find((key) => key.id === keyId);
  if (!held) {
    throw new AppError("sealed_by_unknown_key", {
      status: 500,
      public:
        `A secret is sealed with key "${keyId}", which PANDORA_KEYS does not hold. ` +
        "Add that key to the end of the ring, run `npm run admin -- reseal`, then remove it.",
    });
  }
  try {
    const decipher = createDecipheriv("aes-256-gcm", held.key, Buffer.from(nonce, "base64url"), { authTagLength: 16 });
    decipher.setAAD(aad(place, keyId)).setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  } catch {
    // The cause is left out on purpose: it says nothing that helps, and sits next to a secret.
    throw refused(place);
  }
}

/** Id of the key that sealed this. */
export function keyIdOf(sealed: string): string {
  return sealed.split(":")[1] ?? "";
}

/**
 * Seals everything anew with the first key of the ring, after which older keys can be removed from it.
 * Safe beside running processes: rows are locked while they are changed, tokens stay the same.
 * @returns how many workspaces were looked at, and how many secrets were sealed anew
 */
export async function reseal(db: Db, keys: KeyRing): Promise<{ workspaces: number; resealed: number }> {
  const workspaces = await db.outside(
    (tx) => tx<{ workspace_id: string }[]>`select * from directory_list_workspaces()`,
  );
  let resealed = 0;
  for (const { workspace_id } of workspaces) {
    resealed += await db.withWorkspace(workspace_id, (tx) => resealConnections(tx, keys, workspace_id));
    resealed += await db.withWorkspace(workspace_id, (tx) => resealSources(tx, keys, workspace_id));
    resealed += await db.withWorkspace(workspace_id, (tx) => resealSigningKeys(tx, keys, workspace_id));
    resealed += await resealTranscripts(db, keys, workspace_id);
  }
  return { workspaces: workspaces.length, resealed };
}

type Sealed = { crm: string; access_token_sealed: string | null; refresh_token_sealed: string | null };

async function resealConnections(tx: Tx, keys: KeyRing, workspaceId: string): Promise<number> {
  const rows = await tx<Sealed[]>`
    select crm, access_token_sealed, refresh_token_sealed from crm_connections for update`;
  let count = 0;
  const anew = (crm: string, column: string, sealed: string | null) => {
    if (sealed === null || keyIdOf(sealed) === keys[0]?.id) return sealed;
    count += 1;
    const place = { workspaceId, crm, column };
    return seal(keys, place, unseal(keys, place, sealed));
  };
  const changed = rows.map((row) => ({
    crm: row.crm,
    access_token_sealed: anew(row.crm, "access_token", row.access_token_sealed),
    refresh_token_sealed: anew(row.crm, "refresh_token", row.refresh_token_sealed),
  }));
  if (count > 0) {
    await tx`
      update crm_connections c
      set access_token_sealed = r.access_token_sealed, refresh_token_sealed = r.refresh_token_sealed
      from jsonb_to_recordset(${tx.json(changed)}) as r(crm text, access_token_sealed text, refresh_token_sealed text)
      where c.crm = r.crm`;
  }
  return count;
}

/** Secrets of conversation sources (conversations/source-rules.ts). */
async function resealSources(tx: Tx, keys: KeyRing, workspaceId: string): Promise<number> {
  const rows = await tx<{ id: string; sealed: string }[]>`
    select id, secrets_sealed as sealed from sources
    where workspace_id = ${workspaceId} and secrets_sealed is not null for update`;
  const changed = sealedAnew(keys, { workspaceId, crm: "source", column: "secrets" }, rows);
  if (changed.length > 0) {
    await tx`
      update sources s set secrets_sealed = r.sealed
      from jsonb_to_recordset(${tx.json(changed)}) as r(id uuid, sealed text)
      where s.workspace_id = ${workspaceId} and s.id = r.id`;
  }
  return changed.length;
}

/** Keys of Salesforce orgs (salesforce-keys.ts). */
async function resealSigningKeys(tx: Tx, keys: KeyRing, workspaceId: string): Promise<number> {
  const rows = await tx<{ id: string; sealed: string }[]>`
    select key_id as id, key_sealed as sealed from salesforce_keys where workspace_id = ${workspaceId} for update`;
  const changed = sealedAnew(keys, { workspaceId, crm: "salesforce", column: "signing_key" }, rows);
  if (changed.length > 0) {
    await tx`
      update salesforce_keys k set key_sealed = r.sealed
      from jsonb_to_recordset(${tx.json(changed)}) as r(id text, sealed text)
      where k.workspace_id = ${workspaceId} and k.key_id = r.id`;
  }
  return changed.length;
}

/** Some at a time: transcripts are long, and a workspace may have tens of thousands. */
const transcriptsAtOnce = 200;

async function resealTranscripts(db: Db, keys: KeyRing, workspaceId: string): Promise<number> {
  const current = `v1:${keys[0]?.id}:`;
  for (let count = 0; ; ) {
    const done = await db.withWorkspace(workspaceId, async (tx) => {
      const rows = await tx<{ source_id: string; external_id: string; sealed: string }[]>`
        select source_id, external_id, text_sealed as sealed from conversation_transcripts
        where workspace_id = ${workspaceId} and not starts_with(text_sealed, ${current})
        order by source_id, external_id limit ${transcriptsAtOnce} for update`;
      const changed = sealedAnew(keys, { workspaceId, crm: "conversation", column: "transcript" }, rows);
      await tx`
        update conversation_transcripts t set text_sealed = r.sealed
        from jsonb_to_recordset(${tx.json(changed)}) as r(source_id uuid, external_id text, sealed text)
        where t.workspace_id = ${workspaceId} and t.source_id = r.source_id and t.external_id = r.external_id`;
      return rows.length;
    });
    count += done;
    if (done < transcriptsAtOnce) return count;
  }
}

function sealedAnew<Row extends { sealed: string }>(keys: KeyRing, place: SealPlace, rows: readonly Row[]): Row[] {
  return rows
    .filter((row) => keyIdOf(row.sealed) !== keys[0]?.id)
    .map((row) => ({ ...row, sealed: seal(keys, place, unseal(keys, place, row.sealed)) }));
}

function aad(place: SealPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([place.workspaceId, place.crm, place.column, keyId]));
}

function refused(place: SealPlace): AppError {
  return new AppError("sealed_value_refused", {
    status: 500,
    public:
      `The stored ${place.column.replaceAll("_", " ")} of ${place.crm} can't be opened: it was made for another ` +
      "workspace or place, or changed in the database. Connect the CRM again.",
  });
}
