/** The Salesforce package's preview in the demo: who is there, and what the simulated org holds of a record. */
import type { ListOf, ObjectType } from "../contract/common.ts";
import type { Member } from "../contract/members.ts";
import type { Role } from "../contract/session.ts";
import type { Answers } from "../http/server.ts";
import type { PreviewNeeds } from "./previews.ts";

type Sobject = "Opportunity" | "Account" | "Contact";
type Shown = { id: string; name: string; highlights: [string, string][]; details: [string, string][] };
type User = { key: string; name: string; title: string; userId: string; permissions: string[] };
type Maker = (options: Record<string, unknown>) => Answers;

const objectTypes: Record<Sobject, ObjectType> = { Opportunity: "deal", Account: "company", Contact: "contact" };

export async function openSalesforcePreview(needs: PreviewNeeds): Promise<Answers> {
  const { base, url, crms } = needs;
  // By its address and not by name: the package is a project of its own, and the server is built without it.
  const place = new URL("../../salesforce-package/preview/server.ts", import.meta.url).href;
  const { createSalesforcePreview } = (await import(place)) as { createSalesforcePreview: Maker };
  const owners = await ownerNames(needs);
  return createSalesforcePreview({
    ...{ base, backendUrl: url, orgId: crms.apps.orgId, users: await usersOf(needs) },
    // As Apex reads it from the protected setting: handed over by the server after the connection.
    signingKey: () => {
      const held = crms.apps.signingKey();
      return held && { keyId: held.keyId, key: held.signingKey };
    },
    records: {
      list: (object: Sobject) => listOf(needs, object),
      read: (object: Sobject, id: string) => shownRecord(needs, owners, object, id),
      exists: (id: string) =>
        Object.values(objectTypes).some((objectType) => crms.salesforce.record(objectType, id) !== null),
    },
  });
}

/** Whoever connected, the rep with the most calls without a deal, somebody who may only look, and one without access. */
async function usersOf({ house, workspaceId, api }: PreviewNeeds): Promise<User[]> {
  const owners = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ id: string; email: string; name: string; calls: number }[]>`
      select o.owner_id as id, lower(o.email) as email, o.name,
        (select count(*) from conversations c where c.workspace_id = o.workspace_id and lower(c.rep_email) = lower(o.email)
          and c.gap_status = 'pending')::int as calls
      from crm_owners o
      where o.workspace_id = ${workspaceId} and o.crm = 'salesforce' and o.active and o.email is not null
      order by calls desc, o.owner_id`,
  );
  const members = (await api.get<ListOf<Member>>("members?limit=200")).items;
  const roleOf = (email: string) => members.find((member) => member.email.toLowerCase() === email)?.role;
  const admin = owners.find((owner) => roleOf(owner.email) === "admin") ?? owners[0];
  const rep = owners.find((owner) => owner !== admin && roleOf(owner.email) !== "viewer");
  const viewer =
    owners.find((owner) => roleOf(owner.email) === "viewer") ??
    owners.findLast((owner) => owner !== admin && owner !== rep);
  if (!admin || !rep || !viewer) throw new Error("The simulated org has too few users.");
  await asViewer(api, members, viewer);
  const user = (title: string, owner: typeof admin, permissions: string[]): User => ({
    ...{ key: title.toLowerCase().replaceAll(" ", "-"), title, name: owner.name, userId: owner.id, permissions },
  });
  return [
    user("Admin", admin, ["Pandora_User", "Pandora_Admin"]),
    user("Rep", rep, ["Pandora_User"]),
    user("Viewer", viewer, ["Pandora_User"]),
    user("No access", viewer, []),
  ];
}

async function asViewer(
  api: PreviewNeeds["api"],
  members: Member[],
  { email, name }: { email: string; name: string },
): Promise<void> {
  const role: Role = "viewer";
  const member = members.find((each) => each.email.toLowerCase() === email);
  if (!member) await api.post("members", { email, name, role });
  else if (member.role !== role) await api.patch(`members/${member.id}`, { role });
}

async function ownerNames({ house, workspaceId }: PreviewNeeds): Promise<Map<string, string>> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ owner_id: string; name: string }[]>`
      select owner_id, name from crm_owners where workspace_id = ${workspaceId} and crm = 'salesforce'`,
  );
  return new Map(rows.map(({ owner_id, name }) => [owner_id, name]));
}

/** Records with calls that have no deal first: they are worth opening. */
async function listOf({ house, workspaceId }: PreviewNeeds, object: Sobject) {
  const rows = await house.db.withWorkspace(workspaceId, (tx) => {
    if (object === "Opportunity") {
      return tx<{ id: string; cells: (string | null)[] }[]>`
        select d.crm_id as id, to_jsonb(array[d.name, c.name, s.stage_label, o.name]) as cells
        from deals d
          left join companies c on c.workspace_id = d.workspace_id and c.crm = d.crm and c.crm_id = d.company_id
          left join crm_stages s on s.workspace_id = d.workspace_id and s.crm = d.crm and s.pipeline_id = d.pipeline_id
            and s.stage_id = d.stage_id
          left join crm_owners o on o.workspace_id = d.workspace_id and o.crm = d.crm and o.owner_id = d.owner_id
        where d.workspace_id = ${workspaceId} and d.crm = 'salesforce' and d.deleted_at is null
        order by d.is_closed nulls first, (select count(*) from conversation_companies x join conversations g on g.workspace_id = x.workspace_id
            and g.id = x.conversation_id and g.gap_status = 'pending' where x.workspace_id = d.workspace_id
            and x.crm = d.crm and x.company_id = d.company_id) desc, d.name limit 25`;
    }
    if (object === "Account") {
      return tx<{ id: string; cells: (string | null)[] }[]>`
        select c.crm_id as id, to_jsonb(array[c.name, c.domain]) as cells from companies c
        where c.workspace_id = ${workspaceId} and c.crm = 'salesforce' and c.deleted_at is null
        order by (select count(*) from conversation_companies x join conversations g on g.workspace_id = x.workspace_id
            and g.id = x.conversation_id and g.gap_status = 'pending' where x.workspace_id = c.workspace_id
            and x.crm = c.crm and x.company_id = c.crm_id) desc, c.name limit 25`;
    }
    return tx<{ id: string; cells: (string | null)[] }[]>`
      select crm_id as id, to_jsonb(array[name, email]) as cells from contacts
      where workspace_id = ${workspaceId} and crm = 'salesforce' and deleted_at is null order by name limit 25`;
  });
  return {
    columns: columns[object],
    rows: rows.map(({ id, cells }) => ({ id, cells: cells.map((cell) => cell ?? "") })),
  };
}

const columns: Record<Sobject, string[]> = {
  Opportunity: ["Opportunity name", "Account name", "Stage", "Owner"],
  Account: ["Account name", "Website"],
  Contact: ["Name", "Email"],
};

function shownRecord({ crms }: PreviewNeeds, owners: Map<string, string>, object: Sobject, id: string): Shown | null {
  const held = crms.salesforce.record(objectTypes[object], id);
  if (!held) return null;
  const account =
    held["AccountId"] && object !== "Account" ? crms.salesforce.record("company", held["AccountId"]) : null;
  const known: [string, string | null | undefined][] = [
    ["Account name", account?.["Name"]],
    ["Stage", held["StageName"]],
    [
      "Amount",
      held["Amount"] && `${Number(held["Amount"]).toLocaleString("en-US")} ${held["CurrencyIsoCode"] ?? "EUR"}`,
    ],
    ["Close date", held["CloseDate"]],
    ["Website", held["Website"]],
    ["Industry", held["Industry"]],
    ["Email", held["Email"]],
    ["Owner", owners.get(held["OwnerId"] ?? "")],
  ];
  const ours = Object.entries(held).filter(
    ([name, value]) => name.startsWith("Pandora_") && !hidden.has(name) && value,
  );
  const filled = (pairs: [string, string | null | undefined][]) =>
    pairs.flatMap(([label, value]): [string, string][] => (value ? [[label, readable(value)]] : []));
  const name = held["Name"] || [held["FirstName"], held["LastName"]].filter(Boolean).join(" ");
  return {
    ...{ id, name },
    highlights: filled(known),
    details: filled([
      ["Name", name],
      ...known,
      ["Next step", held["NextStep"]],
      ["Description", held["Description"]],
      ...ours.map(([field, value]): [string, string | null] => [labelOf(field), value]),
      ["Tasks", object === "Opportunity" ? crms.salesforce.notes(id).join("\n\n") : null],
    ]),
  };
}

/** Moments as an org shows them. */
function readable(value: string): string {
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
  return isMoment ? new Date(value).toLocaleString("en-US", { dateStyle: "medium", timeStyle: "short" }) : value;
}

const hidden = new Set(["Pandora_Conversation_Id__c"]);

/** Pandora_Deal_Score__c → Pandora deal score */
function labelOf(field: string): string {
  const words = field.replace(/__c$/, "").split("_");
  return words.map((word, n) => (n === 0 ? word : word.toLowerCase())).join(" ");
}
