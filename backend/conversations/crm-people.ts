/** Owners and contacts behind the ids of the CRM's activities: found with one query over the mirror, used purely. */
import type { ActivityRecord, CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { personOf } from "./people.ts";
import type { IncomingParticipant, NamedRecord } from "./shape.ts";

export type CrmPeople = {
  owners: ReadonlyMap<string, IncomingParticipant>;
  contacts: ReadonlyMap<string, IncomingParticipant>;
};

/** Who the activities' ids stand for; what the mirror does not know is missing. */
export async function readCrmPeople(
  tx: Tx,
  workspaceId: string,
  crm: CrmType,
  activities: readonly ActivityRecord[],
): Promise<CrmPeople> {
  const contactIds = activities.flatMap((one) => (one.associations.contact ?? []).map(({ id }) => id));
  const ownerIds = activities.flatMap((one) => [one.ownerId, ...one.attendeeOwnerIds]);
  const wanted = [
    ...[...new Set(contactIds)].map((id) => ({ what: "contact", id })),
    ...[...new Set(ownerIds)].flatMap((id) => (id === null ? [] : [{ what: "owner", id }])),
  ];
  const rows = await tx<{ what: string; id: string; name: string; email: string | null; phone: string | null }[]>`
    select w.what, w.id, coalesce(c.name, o.name) as name, coalesce(c.email, o.email) as email, c.phone
    from jsonb_to_recordset(${tx.json(wanted)}) as w(what text, id text)
    left join contacts c on w.what = 'contact' and c.workspace_id = ${workspaceId} and c.crm = ${crm} and c.crm_id = w.id
    left join crm_owners o on w.what = 'owner' and o.workspace_id = ${workspaceId} and o.crm = ${crm} and o.owner_id = w.id
    where c.crm_id is not null or o.owner_id is not null`;
  const found = (what: string, affiliation: "internal" | "unknown") =>
    new Map(
      rows.flatMap((row) => {
        const person = row.what === what ? personOf({ ...row, affiliation }) : null;
        return person ? [[row.id, person] as const] : [];
      }),
    );
  return { owners: found("owner", "internal"), contacts: found("contact", "unknown") };
}

export function ownerOf(people: CrmPeople, id: string | null): IncomingParticipant | null {
  return id === null ? null : (people.owners.get(id) ?? null);
}

export function contactsOf(people: CrmPeople, activity: ActivityRecord): (IncomingParticipant | null)[] {
  return (activity.associations.contact ?? []).map(({ id }) => people.contacts.get(id) ?? null);
}

export function namedBy(crm: CrmType, activity: ActivityRecord): NamedRecord[] {
  return (["deal", "company", "contact"] as const).flatMap((object_type) =>
    (activity.associations[object_type] ?? []).map(({ id }) => ({ crm, object_type, id })),
  );
}
