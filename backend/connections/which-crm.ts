/** Which CRM a request means: the one it names, else the only one connected. */
import type { CrmType } from "../contract/common.ts";
import { AppError } from "../errors.ts";
import type { House } from "./house.ts";

/**
 * @param asked the CRM the request names, if any
 * @throws AppError not_connected (409) | which_crm (422) when both are connected and none was named
 */
export async function whichCrm(
  house: Pick<House, "db">,
  workspaceId: string,
  asked: CrmType | undefined,
  field = "crm",
): Promise<CrmType> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ crm: CrmType }[]>`
      select crm from crm_connections
      where workspace_id = ${workspaceId} and status <> 'disconnected' order by crm`,
  );
  const connected = rows.map((row) => row.crm);
  if (asked && connected.includes(asked)) return asked;
  if (asked || connected.length === 0) throw notConnected(asked);
  if (connected.length === 1) return connected[0] as CrmType;
  throw new AppError("which_crm", {
    status: 422,
    public: `Both CRMs are connected: say which one is meant in "${field}".`,
    errors: [{ field, code: "required", message: "say which CRM is meant", allowed: connected }],
  });
}

function notConnected(asked: CrmType | undefined): AppError {
  const name = asked === "hubspot" ? "HubSpot" : asked === "salesforce" ? "Salesforce" : "a CRM";
  return new AppError("not_connected", {
    status: 409,
    public: `This workspace is not connected to ${name}. Connect it first.`,
  });
}
