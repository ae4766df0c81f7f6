/** The HubSpot app's preview in the demo: who is there, which records are worth opening, and what HubSpot holds of them. */
import type { ListOf, ObjectType } from "../contract/common.ts";
import type { Member } from "../contract/members.ts";
import type { Answers } from "../http/server.ts";
import type { PreviewNeeds } from "./previews.ts";

type Example = { objectType: ObjectType; id: string; name: string; why: string };
type Shown = {
  name: string;
  properties: Record<string, string | null>;
  labels: Record<string, string>;
  related: { objectType: ObjectType; id: string; name: string }[];
};
type Person = {
  role: "admin" | "rep" | "viewer";
  userId: string;
  email: string;
  firstName: string;
  lastName: string;
};
type Maker = (options: Record<string, unknown>) => Answers;

export async function openHubSpotPreview(needs: PreviewNeeds): Promise<Answers> {
  const { base, url, crms } = needs;
  // By its address and not by name: the app is a project of its own, and the server is built without it.
  const place = new URL("../../hubspot-app/preview/server.ts", import.meta.url).href;
  const { createHubSpotPreview } = (await import(place)) as { createHubSpotPreview: Maker };
  const labels = await labelsOf(needs);
  return createHubSpotPreview({
    ...{ base, publicUrl: url, backendUrl: url, portalId: crms.apps.portalId, appId: "1001" },
    clientSecret: crms.hubspot.clientSecret,
    timeZone: await timeZoneOf(needs),
    people: await peopleOf(needs),
    record: async (objectType: ObjectType, id: string) => shownRecord(needs, labels, objectType, id),
    examples: (person: Person) => examplesOf(needs, person),
  });
}

/** The installer, and of one sales team a rep and a colleague who may only look: so they see the same records. */
async function peopleOf({ house, workspaceId, api }: PreviewNeeds): Promise<Person[]> {
  const owners = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ user_id: string; email: string; name: string; teams: string; calls: number }[]>`
      select o.user_id, o.email, o.name, array_to_string(o.team_ids, ',') as teams,
        (select count(*) from conversations c where c.workspace_id = o.workspace_id and lower(c.rep_email) = lower(o.email)
          and c.gap_status = 'pending')::int as calls
      from crm_owners o
      where o.workspace_id = ${workspaceId} and o.crm = 'hubspot' and o.active and o.user_id is not null
        and o.email is not null
      order by o.owner_id`,
  );
  const [admin, ...others] = owners;
  const reps = others.toSorted((one, other) => other.calls - one.calls);
  const rep = reps[0];
  const viewer = reps.find((each) => each !== rep && each.teams === rep?.teams) ?? reps[1];
  if (!admin || !rep || !viewer) throw new Error("The simulated account has too few owners.");
  const { items } = await api.get<ListOf<Member>>("members?limit=200");
  const known = items.find((member) => member.email.toLowerCase() === viewer.email.toLowerCase());
  if (known) await api.patch(`members/${known.id}`, { role: "viewer" });
  else await api.post("members", { email: viewer.email, name: viewer.name, role: "viewer" });
  const person = (role: Person["role"], owner: typeof admin): Person => {
    const [firstName = "", ...rest] = owner.name.split(" ");
    return { role, userId: owner.user_id, email: owner.email, firstName, lastName: rest.join(" ") };
  };
  return [person("admin", admin), person("rep", rep), person("viewer", viewer)];
}

async function timeZoneOf({ house, workspaceId }: PreviewNeeds): Promise<string> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ time_zone: string }[]>`select time_zone from workspaces where workspace_id = ${workspaceId}`,
  );
  return row?.time_zone ?? "UTC";
}

/** Stages, pipelines and owners by "property:id", as a person reads them. */
async function labelsOf({ house, workspaceId }: PreviewNeeds): Promise<Record<string, string>> {
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ key: string; label: string }[]>`
      select 'dealstage:' || stage_id as key, stage_label as label from crm_stages
        where workspace_id = ${workspaceId} and crm = 'hubspot'
      union select 'pipeline:' || pipeline_id, pipeline_label from crm_stages
        where workspace_id = ${workspaceId} and crm = 'hubspot'
      union select 'hubspot_owner_id:' || owner_id, name from crm_owners
        where workspace_id = ${workspaceId} and crm = 'hubspot'`,
  );
  return Object.fromEntries(rows.map(({ key, label }) => [key, label]));
}

const lists = { deals: "deal", companies: "company", contacts: "contact" } as const;

function shownRecord(
  { crms }: PreviewNeeds,
  labels: Record<string, string>,
  objectType: ObjectType,
  id: string,
): Shown | null {
  const record = crms.apps.hubspotRecord(objectType, id);
  if (!record) return null;
  const related = Object.entries(lists).flatMap(([list, type]) =>
    (record.associations[list] ?? []).slice(0, 8).flatMap((other) => {
      const held = crms.apps.hubspotRecord(type, other);
      return held ? [{ objectType: type, id: other, name: nameOf(type, held.properties) }] : [];
    }),
  );
  return { name: nameOf(objectType, record.properties), properties: record.properties, labels, related };
}

function nameOf(objectType: ObjectType, held: Record<string, string | null>): string {
  if (objectType === "deal") return held["dealname"] ?? "Deal";
  if (objectType === "company") return held["name"] ?? held["domain"] ?? "Company";
  return [held["firstname"], held["lastname"]].filter(Boolean).join(" ") || (held["email"] ?? "Contact");
}

/**
 * Records worth opening that the person may see: with calls that have no deal, and open deals whose score has moved.
 */
async function examplesOf({ house, workspaceId }: PreviewNeeds, person: Person): Promise<Example[]> {
  const email = person.role === "admin" ? null : person.email.toLowerCase();
  return house.db.withWorkspace(
    workspaceId,
    (tx) => tx<Example[]>`
      with team as (
        select o.owner_id, lower(o.email) as email from crm_owners o join crm_owners own
          on own.workspace_id = o.workspace_id and own.crm = o.crm and lower(own.email) = ${email}
            and (own.owner_id = o.owner_id or own.team_ids && o.team_ids)
        where o.workspace_id = ${workspaceId} and o.crm = 'hubspot'
      ), calls as (
        select c.id, c.severity_rank as rank, c.rep_name from conversations c
        where c.workspace_id = ${workspaceId} and c.gap_status = 'pending'
          and (${email}::text is null or lower(c.rep_email) in (select email from team))
      ), companies_there as (
        select k.crm_id, k.name, max(g.rank) as rank, count(*)::int as calls
        from calls g
        join conversation_companies l on l.workspace_id = ${workspaceId} and l.conversation_id = g.id and l.crm = 'hubspot'
        join companies k on k.workspace_id = ${workspaceId} and k.crm = 'hubspot' and k.crm_id = l.company_id
          and k.deleted_at is null and (${email}::text is null or k.owner_id in (select owner_id from team))
        group by k.crm_id, k.name
      ), deals_there as (
        select d.crm_id, d.name, jsonb_array_length(v.history) as moves, coalesce(k.calls, 0) as calls
        from deals d
        join record_values v on v.workspace_id = d.workspace_id and v.crm = d.crm and v.object_type = 'deal'
          and v.crm_record_id = d.crm_id and v.field = 'deal_score'
        left join companies_there k on k.crm_id = d.company_id
        where d.workspace_id = ${workspaceId} and d.crm = 'hubspot' and d.deleted_at is null and d.is_closed is not true
          and (${email}::text is null or d.owner_id in (select owner_id from team))
      ), contacts_there as (
        select k.crm_id, k.name, max(g.rank) as rank, count(*)::int as calls
        from calls g
        join conversation_participants p on p.workspace_id = ${workspaceId} and p.conversation_id = g.id
          and p.contact_crm = 'hubspot'
        join contacts k on k.workspace_id = ${workspaceId} and k.crm = 'hubspot' and k.crm_id = p.contact_id
          and k.deleted_at is null and (${email}::text is null or k.owner_id in (select owner_id from team))
        group by k.crm_id, k.name
      )
      (select 'deal' as "objectType", crm_id as id, name, case when calls > 0 then calls || case when calls = 1 then ' call' else ' calls' end || ' without a deal at its company'
          when moves > 1 then 'its score has moved' else 'open deal' end as why
        from deals_there order by (calls > 0 and moves > 1) desc, calls > 0 desc, moves desc, crm_id limit 8)
      union all
      (select 'company', crm_id, name, calls || case when calls = 1 then ' call' else ' calls' end || ' without a deal' from companies_there
        order by rank desc nulls last, calls desc, crm_id limit 8)
      union all
      (select 'contact', crm_id, name, calls || case when calls = 1 then ' call' else ' calls' end || ' without a deal' from contacts_there
        order by rank desc nulls last, calls desc, crm_id limit 8)`,
  );
}
