/**
 * Reads PandoraApi.cls, whose methods all have one form, so that the preview does what the Apex says and nothing else: which
 * permission, which door, what goes into the path, what into the query or the body.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export type ApexDoor = {
  method: string;
  parameters: { type: string; name: string }[];
  permission: "Pandora_User" | "Pandora_Admin";
  verb: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** With {0}, {1}, … in it; begins behind the workspace, or with /api. */
  path: string;
  /** Names of the parameters that fill the path. */
  inPath: string[];
  /** The parameter that becomes the query (GET, DELETE) or the body; null: none. */
  content: string | null;
};

const verbs = { get: "GET", post: "POST", patch: "PATCH", put: "PUT", remove: "DELETE" } as const;
const source = fileURLToPath(new URL("../force-app/main/default/classes/PandoraApi.cls", import.meta.url));

const aura = /@AuraEnabled\s+public static (Object|String) (\w+)\(([^)]*)\) \{([\s\S]*?)\n {4}\}/g;
const forward =
  /^need(User|Admin)\(\); return PandoraClient\.(get|post|patch|put|remove)\( ?(?:PandoraClient\.path\( ?'([^']+)', new List<String> ?\{ ([^}]*) \} ?\)|'([^']+)')(?:, (\w+))? ?\);$/;

/** @returns every forwarding method, by name. @throws Error for one of another form */
export function readApexDoors(text = readFileSync(source, "utf8")): Map<string, ApexDoor> {
  const doors = new Map<string, ApexDoor>();
  for (const [, , method, given, code] of text.matchAll(aura)) {
    const parameters = (given ?? "")
      .split(/,(?![^<]*>)/)
      .map((each) => /^\s*(.+) (\w+)\s*$/.exec(each))
      .flatMap((found) => (found ? [{ type: found[1]!, name: found[2]! }] : []));
    const plain = (code ?? "").replace(/\s+/g, " ").trim();
    if (method === "getConnectUrl") continue;
    if (plain === "needUser(); return PandoraClient.session();") {
      const session = { permission: "Pandora_User", verb: "GET", path: "/api/session" } as const;
      doors.set(method!, { method: method!, parameters, ...session, inPath: [], content: null });
      continue;
    }
    const found = forward.exec(plain);
    if (!found) throw new Error(`PandoraApi.${method} has a form the preview does not know: ${plain}`);
    const [, who, verb, filled, inPath, whole, content] = found;
    doors.set(method!, {
      ...{ method: method!, parameters, permission: `Pandora_${who as "User" | "Admin"}` },
      ...{ verb: verbs[verb as keyof typeof verbs], path: filled ?? whole! },
      ...{ inPath: inPath ? inPath.split(",").map((name) => name.trim()) : [], content: content ?? null },
    });
  }
  return doors;
}
