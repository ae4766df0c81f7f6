/** A deal being made as the API shows it, and the refusal of one that was not. Pure, but for one read. */
import { recordLink } from "../connections/record-link.ts";
import type { Sight } from "../connections/visibility.ts";
import type { Candidate, Creation } from "../contract/creations.ts";
import type { CrmType, ObjectType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { AppError } from "../errors.ts";
import { type CreationRow, companyOf, contactsOf, type StoredError } from "./creation-row.ts";
import { nameOf } from "./gap-rows.ts";

/** What is shown beside the row itself. */
export type Around = {
  by: string;
  uiUrl: string | null;
  sight: Sight;
  stages: ReadonlyMap<string, string>;
  owners: ReadonlyMap<string, string>;
};

export async function readAround(tx: Tx, workspaceId: string, row: CreationRow, sight: Sight): Promise<Around> {
  const candidates = row.error?.candidates ?? [];
  const stages = candidates.flatMap(({ stageId }) => stageId ?? []);
  const owners = candidates.flatMap(({ ownerId }) => ownerId ?? []);
  const [found] = await tx<
    { by: string; ui_url: string | null; stages: [string, string][]; owners: [string, string][] }[]
  >`
    select ${nameOf(tx, workspaceId, tx`${row.requested_by}::text`)} as by,
      (select ui_url from crm_connections where workspace_id = ${workspaceId} and crm = ${row.crm}) as ui_url,
      coalesce((select jsonb_agg(distinct jsonb_build_array(stage_id, stage_label)) from crm_stages
        where workspace_id = ${workspaceId} and crm = ${row.crm}
          and stage_id in (select jsonb_array_elements_text(${tx.json(stages)}))), '[]') as stages,
      coalesce((select jsonb_agg(jsonb_build_array(owner_id, name)) from crm_owners
        where workspace_id = ${workspaceId} and crm = ${row.crm}
          and owner_id in (select jsonb_array_elements_text(${tx.json(owners)}))), '[]') as owners`;
  return {
    ...{ by: found!.by, uiUrl: found!.ui_url, sight },
    ...{ stages: new Map(found!.stages), owners: new Map(found!.owners) },
  };
}

/** @param existing this call did not begin it */
export function creationView(row: CreationRow, around: Around, existing: boolean): Creation {
  const link = (objectType: ObjectType, id: string) => recordLink(around.uiUrl, row.crm, objectType, id);
  const { steps } = row;
  const companyId = companyOf(row);
  const made = (steps.contacts?.made ?? []).filter(({ how }) => how === "created");
  const emails = new Map([
    ...(steps.people?.found ?? []).map(({ id, email }) => [id, email] as const),
    ...(steps.contacts?.made ?? []).map(({ id, email }) => [id, email] as const),
  ]);
  const person = (id: string) => ({ crm_id: id, email: emails.get(id) ?? null, url: link("contact", id) });
  const failed = new Set(steps.links?.failed);
  const isMade = row.deal_id !== null;
  const madeCompany = steps.company?.created && companyId !== null ? companyId : null;
  return {
    ...{ creation_id: row.id, conversation_id: row.conversation_id, crm: row.crm, status: statusOf(row), existing },
    ...{ deal_name: row.request.dealName, deal_crm_id: row.deal_id },
    deal_url: row.deal_id === null ? null : link("deal", row.deal_id),
    company:
      companyId === null
        ? null
        : { crm_id: companyId, url: link("company", companyId), created: steps.company?.created === true },
    contacts_created: made.map(({ id }) => person(id)),
    contacts_associated:
      isMade && steps.links?.done
        ? contactsOf(row)
            .filter((id) => !failed.has(id))
            .map(person)
        : [],
    warnings: row.warnings,
    error: row.error && errorView(row.error, row.crm, around),
    ...{ by: around.by, origin: row.origin, created_at: row.created_at.toISOString() },
    finished_at: row.finished_at?.toISOString() ?? null,
    next_try_at: isOpen(row) ? (row.lease_until?.toISOString() ?? null) : null,
    kept:
      row.state !== "undone"
        ? []
        : [
            ...(madeCompany
              ? [{ object_type: "company" as const, crm_id: madeCompany, url: link("company", madeCompany) }]
              : []),
            ...made.map(({ id }) => ({ object_type: "contact" as const, crm_id: id, url: link("contact", id) })),
          ],
  };
}

/** What the door throws for a creation that failed. */
export function refusalOf(row: CreationRow, around: Around): AppError {
  const error = row.error!;
  const shown = errorView(error, row.crm, around);
  return new AppError(error.code, {
    ...{ status: error.status, public: error.message, errors: error.errors },
    extra: {
      creation_id: row.id,
      ...(error.candidates ? { candidates: shown.candidates, candidates_hidden: shown.candidates_hidden } : {}),
    },
  });
}

export function isOpen({ state }: Pick<CreationRow, "state">): boolean {
  return state === "claimed" || state === "sent";
}

function statusOf({ state, warnings }: CreationRow): Creation["status"] {
  switch (state) {
    case "claimed":
    case "sent":
      return "in_progress";
    case "done":
      return warnings.length > 0 ? "created_with_warnings" : "created";
    case "failed":
    case "outcome_unknown":
    case "undone":
      return state;
    default:
      return state satisfies never;
  }
}

/** Deals whose owner's records the viewer does not see are counted only. */
function errorView(error: StoredError, crm: CrmType, around: Around): NonNullable<Creation["error"]> {
  const all = error.candidates ?? [];
  const seen = all.filter(({ ownerId }) => isSeen(ownerId, crm, around.sight));
  const candidates = seen.map(
    ({ id, name, stageId, amount, closeDate, ownerId }): Candidate => ({
      ...{ crm, crm_id: id, name, url: recordLink(around.uiUrl, crm, "deal", id) },
      stage: stageId === null ? null : (around.stages.get(stageId) ?? stageId),
      ...{ amount, close_date: closeDate, owner: ownerId === null ? null : (around.owners.get(ownerId) ?? null) },
    }),
  );
  const { code, message, errors } = error;
  return { code, message, errors, candidates, candidates_hidden: all.length - seen.length };
}

function isSeen(ownerId: string | null, crm: CrmType, sight: Sight): boolean {
  return sight.all || ownerId === null || sight.owners.some((each) => each.crm === crm && each.id === ownerId);
}
