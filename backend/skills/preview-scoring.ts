/** What a change of weights and limits would do to the scores: computed both ways, stored nowhere. */
import type { House } from "../connections/house.ts";
import type { ScoringPreview, ScoringPreviewRequest } from "../contract/skills.ts";
import type { CrmType } from "../crm/port.ts";
import type { Tx } from "../db.ts";
import { readOwnColumns } from "../mirror/store.ts";
import { accountFacts, wonProfile } from "./account-facts.ts";
import { fitOf } from "./account-fit.ts";
import { accountScore, enhancedAccountScore } from "./account-score.ts";
import { contactFacts } from "./contact-facts.ts";
import { contactEngagement, contactEnrichment } from "./contact-scores.ts";
import { dealFacts, hasConversations, stageUsual } from "./deal-facts.ts";
import { dealScore } from "./deal-score.ts";
import { enhancedDealScore } from "./enhanced-deal-score.ts";
import { assertScoring, joinedPatch } from "./scoring.ts";
import { mergeScoring, type ScoreName, type ScoringPatch, type ScoringSettings } from "./weights.ts";

/** As many records are scored both ways; enough to see the effect, and answered at once. */
const previewMax = 2_000;
const samplesMax = 10;

/**
 * Scores records with today's settings and with the ones asked about; stores nothing.
 * @throws AppError invalid_scoring (422)
 */
export async function previewScoring(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  request: ScoringPreviewRequest & { crm: CrmType },
): Promise<ScoringPreview> {
  const { score } = request;
  return house.db.withWorkspace(workspaceId, async (tx) => {
    const [row] = await tx<{ scoring: ScoringPatch | null }[]>`
      select settings -> 'scoring' as scoring from workspaces where workspace_id = ${workspaceId}`;
    const wanted = joinedPatch(row?.scoring ?? {}, request.scoring);
    assertScoring(wanted);
    const before = mergeScoring(row?.scoring ?? {});
    const after = mergeScoring(wanted);
    const scored = await scoreBothWays(
      tx,
      { workspaceId, crm: request.crm, now: house.clock.now() },
      score,
      before,
      after,
    );
    return summed(score, await named(tx, { workspaceId, crm: request.crm }, score, scored), scored);
  });
}

type Pair = { id: string; before: number; after: number };
type Place = { workspaceId: string; crm: CrmType; now: Date };

async function scoreBothWays(
  tx: Tx,
  place: Place,
  score: ScoreName,
  before: ScoringSettings,
  after: ScoringSettings,
): Promise<Pair[]> {
  const page = { after: "", limit: previewMax, ids: null };
  const own = await readOwnColumns(tx, place.workspaceId, place.crm);
  const talks = await hasConversations(tx, place.workspaceId);
  const both = (id: string, by: (settings: ScoringSettings) => { score: number }): Pair => ({
    id,
    before: by(before).score,
    after: by(after).score,
  });
  switch (score) {
    case "deal_score":
    case "enhanced_deal_score": {
      const usual = await stageUsual(tx, place);
      const rows = await dealFacts(tx, { ...place, own: own.deal, usual, hasConversations: talks }, page);
      return rows.map((row) =>
        both(row.crmRecordId, (settings) =>
          score === "deal_score" ? dealScore(row.deal, settings) : enhancedDealScore(row, settings),
        ),
      );
    }
    case "account_score":
    case "enhanced_account_score": {
      const profile = await wonProfile(tx, place);
      const rows = await accountFacts(tx, { ...place, own: own.company, hasConversations: talks }, page);
      return rows.map(({ crmRecordId, facts }) =>
        both(crmRecordId, (settings) =>
          score === "account_score"
            ? accountScore(facts, settings)
            : enhancedAccountScore(
                facts,
                fitOf(profile, facts, settings.enhanced_account_score.thresholds.customers_min),
                settings,
              ),
        ),
      );
    }
    case "contact_engagement_score":
    case "contact_enrichment_score": {
      const rows = await contactFacts(tx, { ...place, own: own.contact }, page);
      return rows.map((row) =>
        both(row.crmRecordId, (settings) =>
          score === "contact_engagement_score"
            ? contactEngagement(row.engagement, settings)
            : contactEnrichment(row.enrichment, settings),
        ),
      );
    }
    default:
      return score satisfies never;
  }
}

const tableOf = (score: ScoreName) =>
  score.includes("deal") ? "deals" : score.includes("account") ? "companies" : "contacts";

async function named(
  tx: Tx,
  { workspaceId, crm }: Omit<Place, "now">,
  score: ScoreName,
  scored: Pair[],
): Promise<ScoringPreview["samples"]> {
  const movers = scored
    .filter((pair) => pair.after !== pair.before)
    .sort(
      (one, other) =>
        Math.abs(other.after - other.before) - Math.abs(one.after - one.before) || (one.id < other.id ? -1 : 1),
    )
    .slice(0, samplesMax);
  const names = await tx<{ id: string; name: string }[]>`
    select crm_id as id, name from ${tx(tableOf(score))}
    where workspace_id = ${workspaceId} and crm = ${crm}
      and crm_id in (select jsonb_array_elements_text(${tx.json(movers.map((pair) => pair.id))}))`;
  const nameOf = new Map(names.map((row) => [row.id, row.name]));
  return movers.map(({ id, before, after }) => ({
    crm_record_id: id,
    record_name: nameOf.get(id) ?? "",
    before,
    after,
  }));
}

function summed(score: ScoreName, samples: ScoringPreview["samples"], scored: Pair[]): ScoringPreview {
  const mean = (of: (pair: Pair) => number) =>
    scored.length === 0
      ? null
      : Math.round((scored.reduce((sum, pair) => sum + of(pair), 0) / scored.length) * 10) / 10;
  return {
    score,
    records: scored.length,
    up: scored.filter((pair) => pair.after > pair.before).length,
    down: scored.filter((pair) => pair.after < pair.before).length,
    mean_before: mean((pair) => pair.before),
    mean_after: mean((pair) => pair.after),
    samples,
  };
}
