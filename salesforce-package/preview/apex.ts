/** Stands in for PandoraApi and PandoraClient: permission, path, signature, refusals, and what the user can't see. */
import { type ApexDoor, readApexDoors } from "./apex-doors.ts";
import { type SigningKey, signAssertion } from "./assertion.ts";
import { keepVisible } from "./sight.ts";

export type PreviewUser = {
  /** Names the choice in the address bar's cookie. */
  key: string;
  name: string;
  /** What they are in the preview: "Admin", "Rep", … */
  title: string;
  /** Salesforce's id, 18 characters. */
  userId: string;
  permissions: ("Pandora_User" | "Pandora_Admin")[];
};

export type ApexOptions = {
  backendUrl: string;
  orgId: string;
  /** Where records open, with {object} and {id}: an org's own pages. */
  recordUrl(object: string, id: string): string;
  /** As the protected setting holds it; null: not connected. */
  signingKey(): SigningKey | null;
  /** What a user-mode query of the org would say. */
  canSee(user: PreviewUser, id: string): boolean;
};

export type ApexAnswer = { ok: true; value: unknown } | { ok: false; problem: Record<string, unknown> };

const workspace = "/api/workspaces/me";
const told = ["errors", "retry_after_s", "candidates", "connect_url"];

export function createApex(options: ApexOptions) {
  const doors = readApexDoors();
  return async function call(user: PreviewUser, method: string, params: Record<string, unknown>): Promise<ApexAnswer> {
    if (method === "getConnectUrl") {
      if (!user.permissions.includes("Pandora_Admin")) return noPermission("Pandora_Admin");
      return { ok: true, value: `${options.backendUrl}/oauth/salesforce/start` };
    }
    const door = doors.get(method);
    if (!door) return refused(500, "unexpected", `There is no method PandoraApi.${method}.`);
    if (!user.permissions.includes(door.permission)) return noPermission(door.permission);
    const key = options.signingKey();
    if (!key) return refused(403, "app_not_connected", "Pandora is not connected to this org.");
    return send(door, params, user, key);
  };

  /** The demo's server links records to the simulated org's own pages; within the preview they open in the preview. */
  function linkedHere(text: string): string {
    const link = new RegExp(`"${options.backendUrl}/crm/salesforce/(\\w+)/(\\w+)"`, "g");
    return text.replace(link, (_all, object: string, id: string) => JSON.stringify(options.recordUrl(object, id)));
  }

  async function send(
    door: ApexDoor,
    params: Record<string, unknown>,
    user: PreviewUser,
    key: SigningKey,
  ): Promise<ApexAnswer> {
    const { verb } = door;
    const content = door.content === null ? null : ((params[door.content] ?? null) as Record<string, unknown> | null);
    const inQuery = verb === "GET" || verb === "DELETE";
    const target = targetOf(door, params) + (inQuery ? queryOf(targetOf(door, params), content) : "");
    const body = inQuery ? null : JSON.stringify(content ?? {});
    const proof = signAssertion(key, { orgId: options.orgId, userId: user.userId }, { method: verb, target, body });
    const headers = { "x-pandora-assertion": proof, "content-type": "application/json", accept: "application/json" };
    let answer: Response;
    try {
      const signal = AbortSignal.timeout(30_000);
      answer = await fetch(options.backendUrl + target, { method: verb, headers, signal, ...(body ? { body } : {}) });
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      return refused(0, late ? "too_slow" : "unreachable", "Pandora can't be reached.");
    }
    let said: unknown;
    try {
      said = JSON.parse(linkedHere(await answer.text()));
    } catch {
      return refused(answer.status, "unexpected", "Pandora gave an answer that can't be read.");
    }
    const canSee = (id: string) => options.canSee(user, id);
    if (answer.ok) {
      const value = keepVisible(said, canSee);
      return value === null
        ? refused(404, "not_found", "This record does not exist, or you can't see it.")
        : { ok: true, value };
    }
    const problem = (keepVisible(said, canSee) ?? {}) as Record<string, unknown>;
    const more = Object.fromEntries(told.filter((name) => name in problem).map((name) => [name, problem[name]]));
    return {
      ok: false,
      problem: { status: answer.status, code: problem["code"], message: problem["detail"], ...more },
    };
  }
}

function targetOf(door: ApexDoor, params: Record<string, unknown>): string {
  const path = door.inPath.reduce(
    (filled, name, n) => filled.replace(`{${n}}`, urlEncoded(String(params[name] ?? ""))),
    door.path,
  );
  return path.startsWith("/api/") ? path : workspace + path;
}

function queryOf(path: string, content: Record<string, unknown> | null): string {
  const given = Object.entries(content ?? {}).filter(([, value]) => value !== null && value !== undefined && value !== "");
  if (given.length === 0) return "";
  const parts = given.map(([name, value]) => `${urlEncoded(name)}=${urlEncoded(String(value))}`);
  return `${path.includes("?") ? "&" : "?"}${parts.join("&")}`;
}

/** As EncodingUtil.urlEncode: of a form, so a space is a plus. */
function urlEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}

function refused(status: number, code: string, message: string): ApexAnswer {
  return { ok: false, problem: { status, code, message } };
}

function noPermission(name: string): ApexAnswer {
  return refused(403, "no_permission", `You need the permission set ${name.replace("_", " ")}.`);
}
