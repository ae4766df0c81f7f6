/**
 * Our own package in the org: the Apex REST resource that takes the signing key, and the protected setting it keeps it in.
 * Apex REST knows the package's namespace in its path; a deployment from source has none.
 */
import type { Reply, Router, SimRequest } from "../http.ts";
import type { OAuthState } from "./oauth.ts";

export type InstalledPackage = {
  /** @param namespace null: deployed from source */
  install(namespace: string | null): void;
  uninstall(): void;
  /** Whether the connecting user has the custom permission Pandora_Admin. */
  permit(admin: boolean): void;
  /** What the protected setting holds; null before the hand-over. */
  setting(): { keyId: string; signingKey: string } | null;
  /** How often a key was handed over. */
  handOvers(): number;
};

export function addPackageRoutes(
  routes: Router,
  oauth: OAuthState,
  installed: { namespace: string } | null,
): InstalledPackage {
  let at: { namespace: string | null } | null = installed;
  let admin = true;
  let setting: { keyId: string; signingKey: string } | null = null;
  let handOvers = 0;

  const put =
    (namespace: string | null) =>
    (request: SimRequest): Reply => {
      if (oauth.refusal(request.headers.authorization)) {
        return refused(401, "INVALID_SESSION_ID", "Session expired or invalid");
      }
      if (at === null || at.namespace !== namespace) return refused(404, "NOT_FOUND", "Could not find a match for URL");
      const { keyId, signingKey } = (request.body ?? {}) as { keyId?: unknown; signingKey?: unknown };
      if (typeof keyId !== "string" || typeof signingKey !== "string") {
        return refused(400, "JSON_PARSER_ERROR", "Unexpected parameter encountered during deserialization");
      }
      if (!admin) return { status: 403, body: "" };
      setting = { keyId, signingKey };
      handOvers += 1;
      return { status: 204 };
    };
  routes.on("PUT", "/services/apexrest/:namespace/v1/connection", "other", (request) =>
    put(request.params.namespace ?? "")(request),
  );
  routes.on("PUT", "/services/apexrest/v1/connection", "other", put(null));

  return {
    install: (namespace) => {
      at = { namespace };
    },
    uninstall: () => {
      at = null;
      setting = null;
    },
    permit: (yes) => {
      admin = yes;
    },
    setting: () => setting,
    handOvers: () => handOvers,
  };
}

function refused(status: number, errorCode: string, message: string): Reply {
  return { status, body: [{ errorCode, message }] };
}
