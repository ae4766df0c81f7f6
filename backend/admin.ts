/** The operator's commands on workspaces, keys and seals; `admin-cli.ts` runs them. */
import { parseArgs } from "node:util";
import { systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "./connections/api-keys.ts";
import { reseal } from "./connections/vault.ts";
import { createWorkspace, deleteWorkspace, listWorkspaces } from "./connections/workspaces.ts";
import { apiKeyDraft } from "./contract/api-keys.ts";
import { memberDraft } from "./contract/members.ts";
import { type Role, roles } from "./contract/session.ts";
import { settingsPatch } from "./contract/settings.ts";
import type { Db } from "./db.ts";
import { AppError } from "./errors.ts";
import { forgetByEmail } from "./writeback/forget-person.ts";

export const usage = `Usage: npm run admin -- <command>

  create-workspace <name> --admin <e-mail>          makes a workspace, its first admin and an API key (shown once)
  list-workspaces                                   id, name, made at
  create-key <workspace id> --name <name> [--role admin|rep|viewer]
                                                    makes another API key (shown once); role: viewer
  list-keys <workspace id>                          the workspace's API keys, without their secrets
  revoke-key <workspace id> <key id>                a key works no more from this moment
  reseal                                            seals all CRM tokens with the first key of PANDORA_KEYS
  forget-person <workspace id> <e-mail>             deletes what is kept of a person; the log keeps its skeleton
  delete-workspace <workspace id> --yes             deletes a workspace with everything in it

Settings come from the environment, as for npm start (see "Configuration" in README.md).`;

type Print = (line: string) => void;

/**
 * Runs one command.
 * @param args as typed after `--`
 * @returns exit code: 0 done, 1 refused, 2 not understood
 */
export async function runAdmin(
  args: string[],
  at: { db: Db; keys: Config["keys"]; print: Print; complain: Print },
): Promise<number> {
  const parsed = parse(args);
  if (typeof parsed === "string") return notUnderstood(parsed, at.complain);
  const command = Object.hasOwn(commands, parsed.name) ? commands[parsed.name] : undefined;
  const fault = command ? command.fault(parsed) : `"${parsed.name}" is not a command`;
  if (!command || fault) return notUnderstood(fault, at.complain);
  try {
    await command.run(parsed, at);
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    at.complain(error.public);
    return 1;
  }
}

function notUnderstood(fault: string | null, complain: Print): 2 {
  complain(`Not understood: ${fault}.\n\n${usage}`);
  return 2;
}

type Parsed = {
  name: string;
  given: string[];
  options: { admin?: string; name?: string; role?: string; yes?: boolean };
};
type Command = {
  /** What is wrong with the words given; null when nothing is. */
  fault(parsed: Parsed): string | null;
  run(parsed: Parsed, at: { db: Db; keys: Config["keys"]; print: Print }): Promise<void>;
};

const actor = "operator";

const commands: Record<string, Command> = {
  "create-workspace": {
    fault: ({ given, options }) =>
      given.length !== 1
        ? "create-workspace takes one name (in quotes)"
        : !settingsPatch.shape.name.safeParse(given[0]).success
          ? "a workspace's name has 1 to 200 characters"
          : memberDraft.shape.email.safeParse(options.admin).success
            ? null
            : "create-workspace needs --admin with an e-mail address, like ada@acme.test",
    async run({ given, options }, { db, print }) {
      const id = await createWorkspace(db, given[0]!.trim(), { email: memberDraft.shape.email.parse(options.admin) });
      const made = await createApiKey({ db, clock: systemClock }, id, { name: "First key", role: "admin" }, actor);
      print(`workspace ${id}`);
      print(`api key   ${made.key}`);
      print("The key is shown only now: keep it safe.");
    },
  },
  "list-workspaces": {
    fault: ids(0),
    async run(_, { db, print }) {
      const rows = await listWorkspaces(db);
      for (const row of rows) print(`${row.workspace_id}  ${row.created_at.toISOString()}  ${row.name}`);
      if (rows.length === 0)
        print('There is no workspace yet. Make one: create-workspace "Acme" --admin ada@acme.test');
    },
  },
  "create-key": {
    fault: (parsed) =>
      ids(1)(parsed) ??
      (!apiKeyDraft.shape.name.safeParse(parsed.options.name).success
        ? "create-key needs --name with 1 to 100 characters"
        : isRole(parsed.options.role ?? "viewer")
          ? null
          : `--role must be one of ${roles.join(", ")}`),
    async run({ given, options }, { db, print }) {
      await assertWorkspace(db, given[0]!);
      const draft = { name: options.name!.trim(), role: (options.role ?? "viewer") as Role };
      const made = await createApiKey({ db, clock: systemClock }, given[0]!, draft, actor);
      print(`key id    ${made.id}`);
      print(`api key   ${made.key}`);
      print("The key is shown only now: keep it safe.");
    },
  },
  "forget-person": {
    fault: ({ given }) =>
      given.length !== 2
        ? "forget-person takes a workspace's id and an e-mail address"
        : memberDraft.shape.email.safeParse(given[1]).success
          ? null
          : "forget-person needs an e-mail address, like ada@acme.test",
    async run({ given }, { db, print }) {
      const [id, email] = [given[0]!, given[1]!];
      await assertWorkspace(db, id);
      const done = await db.withWorkspace(id, (tx) => forgetByEmail(tx, id, systemClock.now(), email, actor));
      print(`Forgotten: ${done.contacts} contacts, ${done.conversations} conversations they were in.`);
      print(
        "Delete the person in the CRM and in your conversation sources too, or they come back with the next change there.",
      );
    },
  },
  "list-keys": {
    fault: ids(1),
    async run({ given }, { db, print }) {
      await assertWorkspace(db, given[0]!);
      const { items } = await listApiKeys({ db }, given[0]!, { limit: 200 });
      for (const key of items) print(`${key.id}  ${key.role}  ${key.revoked_at ? "revoked" : "in use"}  ${key.name}`);
    },
  },
  "revoke-key": {
    fault: ids(2),
    async run({ given }, { db, print }) {
      await assertWorkspace(db, given[0]!);
      await revokeApiKey({ db, clock: systemClock }, given[0]!, given[1]!, actor);
      print("Revoked.");
    },
  },
  reseal: {
    fault: ids(0),
    async run(_, { db, keys, print }) {
      const done = await reseal(db, keys);
      print(`${done.resealed} tokens sealed anew in ${done.workspaces} workspaces, with key "${keys[0]!.id}".`);
    },
  },
  "delete-workspace": {
    fault: (parsed) => ids(1)(parsed) ?? (parsed.options.yes ? null : "delete-workspace deletes everything: add --yes"),
    async run({ given }, { db, print }) {
      await assertWorkspace(db, given[0]!);
      await deleteWorkspace(db, given[0]!);
      print("Deleted.");
    },
  },
};

/** @returns what was typed, or what is wrong with it */
function parse(args: string[]): Parsed | string {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        admin: { type: "string" },
        name: { type: "string" },
        role: { type: "string" },
        yes: { type: "boolean" },
      },
    });
    const [name, ...given] = positionals;
    return name ? { name, given, options: values } : "no command was given";
  } catch (error) {
    // Node's first sentence names the option; the rest is about programs that take anything.
    return (error as Error).message.split(/\.\s|\n/)[0]!;
  }
}

/** Takes exactly so many words; an id must look like one, so that a slip is told and not searched for. */
function ids(count: number) {
  return ({ name, given }: Parsed): string | null => {
    if (given.length !== count)
      return `${name} takes ${count === 0 ? "nothing" : `${count} id${count > 1 ? "s" : ""}`}`;
    const wrong = given.find((word) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word));
    return wrong ? `"${wrong}" is no id` : null;
  };
}

function isRole(text: string): boolean {
  return (roles as readonly string[]).includes(text);
}

async function assertWorkspace(db: Db, id: string): Promise<void> {
  const rows = await db.withWorkspace(id, (tx) => tx`select 1 from workspaces where workspace_id = ${id}`);
  if (rows.length === 0) throw new AppError("not_found", { status: 404, public: `There is no workspace ${id}.` });
}
