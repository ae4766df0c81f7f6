/** What callers from inside both CRMs have in common. */
import type { Context } from "hono";
import type { CrmMember } from "../connections/crm-callers.ts";
import type { House } from "../connections/house.ts";
import { crmName } from "../connections/refresh.ts";
import type { CrmType } from "../contract/common.ts";
import { type Ability, abilitiesOf, type Role } from "../contract/session.ts";
import { AppError } from "../errors.ts";
import type { Env } from "./door.ts";

export type Caller = {
  workspaceId: string;
  role: Role;
  abilities: readonly Ability[];
  via: "api_key" | "hubspot" | "salesforce";
  /** Shown to people. */
  user: { id: string; name: string; email: string | null };
  /** As the audit trail and the log name them: `member:<id>` or `api_key:<id>`. */
  actor: string;
};

export function callerOf(workspaceId: string, via: CrmType, member: CrmMember): Caller {
  return {
    ...{ workspaceId, via, role: member.role, abilities: abilitiesOf[member.role] },
    user: { id: member.id, name: member.name, email: member.email },
    actor: `member:${member.id}`,
  };
}

/** Path and query exactly as received. */
export function targetOf(c: Context<Env>): string {
  const { url } = c.req;
  return url.slice(url.indexOf("/", url.indexOf("://") + 3));
}

export function appNotConnected(house: House, crm: CrmType): AppError {
  return new AppError("app_not_connected", {
    status: 403,
    public: `Pandora is not connected to this ${crmName(crm)} account yet. An admin connects it.`,
    extra: { connect_url: `${house.config.publicUrl}/oauth/${crm}/start` },
  });
}

export function notAMember(): AppError {
  return new AppError("not_a_member", {
    status: 403,
    public: "Your user is not active here, or Pandora does not know you yet. Ask an admin to add you under Members.",
  });
}
