/** The door that our package opens in an org (force-app/…/PandoraConnectionResource.cls). */
import { CrmError } from "../errors.ts";
import { isKind, type SalesforceClient } from "./client.ts";

/** Of the released package; an org that deployed the source without it has none. */
export const packageNamespace = "pandora_crm";

/**
 * Hands over the key that the package's calls are signed with; repeating it does no harm.
 * @param key 32 bytes, base64
 * @throws CrmError record_gone: the package is not installed | missing_scope: the connecting user lacks its admin permission
 */
export async function putSigningKey(client: SalesforceClient, keyId: string, key: string): Promise<void> {
  const body = { keyId, signingKey: key };
  try {
    await put(`/services/apexrest/${packageNamespace}/v1/connection`);
  } catch (error) {
    if (!isKind(error, "record_gone")) throw error;
    await put("/services/apexrest/v1/connection");
  }

  async function put(path: string): Promise<void> {
    try {
      await client.send({ method: "PUT", path, body, sent: "read" });
    } catch (error) {
      // Apex answers a missing permission with a bare 403.
      if (error instanceof CrmError && error.detail.httpStatus === 403 && error.kind === "unexpected") {
        throw new CrmError(
          "missing_scope",
          "The connecting user lacks the permission Pandora Admin.",
          error.detail,
          error,
        );
      }
      throw error;
    }
  }
}
