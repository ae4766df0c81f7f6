/** The page's table: open deals with what now stands in the CRM, read from the CRM's side and not from our log. */
import type { House } from "../connections/house.ts";
import { recordLink } from "../connections/record-link.ts";
import type { CrmType } from "../contract/common.ts";
import { scoreLabel } from "../writeback/transform.ts";
import { type DemoCrms, propertyIn } from "./crms.ts";

export type DealsQuery = {
  crm: CrmType;
  /** Part of the deal's, company's or owner's name. */
  q: string;
  /** One of the labels, or "" for all. */
  label: string;
  sort: "score" | "amount" | "name";
  descending: boolean;
  offset: number;
  limit: number;
};

type Row = {
  crm_id: string;
  name: string;
  amount: number | null;
  currency: string | null;
  stage: string | null;
  owner: string | null;
  company: string | null;
};

export type DemoDeal = Row & {
  url: string | null;
  score: number | null;
  label: string | null;
  next_step: string | null;
  risk: string | null;
};

export const labels = ["Excellent", "Good", "Fair", "At Risk"] as const;

/** @returns one page, how many there are in all, and how all open deals spread over the labels, with their amounts */
export async function listDeals(house: House, workspaceId: string, crms: DemoCrms, query: DealsQuery) {
  const { crm } = query;
  const { rows, connection } = await house.db.withWorkspace(workspaceId, async (tx) => ({
    connection: (
      await tx<{ ui_url: string; currency: string }[]>`select ui_url, currency from crm_connections where crm = ${crm}`
    )[0],
    rows: await tx<Row[]>`
      select d.crm_id, d.name, d.amount::double precision as amount, d.currency, s.stage_label as stage, o.name as owner,
        c.name as company
      from deals d
        left join crm_stages s on s.workspace_id = d.workspace_id and s.crm = d.crm and s.pipeline_id = d.pipeline_id
          and s.stage_id = d.stage_id
        left join crm_owners o on o.workspace_id = d.workspace_id and o.crm = d.crm and o.owner_id = d.owner_id
        left join companies c on c.workspace_id = d.workspace_id and c.crm = d.crm and c.crm_id = d.company_id
      where d.workspace_id = ${workspaceId} and d.crm = ${crm} and d.deleted_at is null and d.is_closed is not true`,
  }));
  const all = rows.flatMap((row) => dealIn(row, crms, crm, connection?.ui_url) ?? []);
  const spread = labels.map((label) => {
    const of = all.filter((deal) => deal.label === label);
    return { label, deals: of.length, amount: of.reduce((sum, deal) => sum + (deal.amount ?? 0), 0) };
  });
  const wanted = query.q.toLowerCase();
  const found = all
    .filter((deal) => !query.label || deal.label === query.label)
    .filter((deal) => [deal.name, deal.company, deal.owner].some((text) => text?.toLowerCase().includes(wanted)))
    .sort((one, two) => compare(one, two, query));
  return {
    items: found.slice(query.offset, query.offset + query.limit),
    total: found.length,
    open: all.length,
    spread,
    currency: connection?.currency ?? null,
  };
}

function dealIn(row: Row, crms: DemoCrms, crm: CrmType, uiUrl: string | undefined): DemoDeal | null {
  const held = crms[crm].record("deal", row.crm_id);
  if (!held) return null; // deleted by a person since the last round
  const value = (name: string) => held[propertyIn(crm, name)] ?? null;
  const text = value("pandora_deal_score");
  const score = text === null || text === "" ? null : Number(text);
  return {
    ...row,
    url: recordLink(uiUrl, crm, "deal", row.crm_id),
    score,
    label: score === null ? null : scoreLabel(score),
    next_step: value("pandora_next_step"),
    risk: value("pandora_risk_summary"),
  };
}

function compare(one: DemoDeal, two: DemoDeal, { sort, descending }: DealsQuery): number {
  const turn = descending ? -1 : 1;
  if (sort === "name") return turn * one.name.localeCompare(two.name, "en");
  const [a, b] = [one[sort], two[sort]];
  // Without a value: last, either way round.
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return turn * (a - b) || one.name.localeCompare(two.name, "en");
}
