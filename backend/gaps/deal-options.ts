/** The form of a new deal: what the CRM offers and demands, and what the call fills in. */
import type { House } from "../connections/house.ts";
import { whichCrm } from "../connections/which-crm.ts";
import type { DealOptionsShape } from "../contract/deal-options.ts";
import type { Gap } from "../contract/gaps.ts";
import type { CrmType } from "../crm/port.ts";
import { AppError } from "../errors.ts";
import { askedFor } from "./creation-asked.ts";
import { dealLists } from "./deal-lists.ts";
import type { Viewer } from "./gap-sight.ts";
import { getGap } from "./list.ts";

/**
 * @throws AppError not_found (404) | not_connected, needs_reconnect, already_has_deal (409) | which_crm (422), CrmError when
 *   the CRM can't be asked
 */
export async function getDealOptions(
  house: House,
  viewer: Viewer,
  asked: { conversation_id: string; crm?: CrmType | undefined },
): Promise<DealOptionsShape> {
  const { workspaceId } = viewer;
  const gap = await getGap(house, viewer, asked.conversation_id);
  if (!gap.prefill) {
    throw new AppError("already_has_deal", {
      status: 409,
      public: "This call has a deal already. Load the page again.",
    });
  }
  const crm = await whichCrm(house, workspaceId, asked.crm ?? gap.company?.crm);
  const opened = await house.openCrm(workspaceId, crm, "waiting");
  const { options } = await dealLists(house, workspaceId, opened);
  return {
    crm,
    pipelines: options.pipelines.map(({ id, label, stages }) => ({
      ...{ id, label },
      stages: stages.map((stage) => ({
        ...{ id: stage.id, label: stage.label, is_closed: stage.isClosed, is_won: stage.isWon },
      })),
    })),
    owners: options.owners.flatMap(({ email, name }) => (email ? [{ email, name }] : [])),
    currencies: options.currencies,
    contact_roles: options.roles,
    required: options.required,
    prefill: {
      ...prefillFor(gap, crm, viewer),
      pipeline_id: options.defaultPipelineId,
      stage: options.firstOpenStageId,
      currency: options.currencies[0] ?? gap.prefill.currency,
    },
  };
}

/** The gap's own, or the same for the other CRM. */
function prefillFor(gap: Gap, crm: CrmType, viewer: Viewer): NonNullable<Gap["prefill"]> {
  const prefill = gap.prefill!;
  const owner_email = prefill.owner_email ?? viewer.user.email;
  if (prefill.crm === crm) return { ...prefill, owner_email };
  const there = askedFor(gap, crm, { deal_name: prefill.deal_name }, viewer.user.email);
  return {
    ...{ ...prefill, crm, owner_email },
    company_to_create: there.newCompany,
    contacts_to_associate: there.associate,
    contacts_to_create: there.create.map(({ name, email }) => ({ name, email, title: null, is_lead: false })),
  };
}
