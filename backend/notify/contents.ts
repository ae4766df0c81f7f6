/** A notice in words, from what it names as that stands now, within the sight of whom it is for. */
import type { House } from "../connections/house.ts";
import { type Sight, sightOf } from "../connections/visibility.ts";
import type { Gap } from "../contract/gaps.ts";
import type { NoticeKind } from "../contract/notifications.ts";
import type { Tx } from "../db.ts";
import { orderBy } from "../gaps/gap-keys.ts";
import { gapRows } from "../gaps/gap-rows.ts";
import { seesGap, type Viewer } from "../gaps/gap-sight.ts";
import { gapViews } from "../gaps/gap-view.ts";
import { type DigestFacts, digestFacts, namedIn } from "./digest-facts.ts";
import type { Letter } from "./letter.ts";
import type { SyncReport } from "./look-syncs.ts";
import type { Detail } from "./outbox.ts";
import type { Person } from "./people.ts";
import { renderDigest, renderHighGaps } from "./render-gaps.ts";
import { renderAlert, renderDealCreated, renderSyncReport } from "./render-work.ts";

export type Told = { kind: NoticeKind; title: string; detail: Detail };
export type Contents = { letter: Letter; detail: Detail };

/**
 * @param purpose `send`: what is settled by now is left out; `read`: everything it told of that is still there
 * @returns the letter, and the notice's detail with what was found for it; null: there is nothing to say (any more)
 */
export async function contentsOf(
  house: Pick<House, "db" | "clock">,
  workspaceId: string,
  person: Person,
  told: Told,
  purpose: "send" | "read",
): Promise<Contents | null> {
  const { detail } = told;
  const zone = await timeZone(house, workspaceId);
  const viewer = viewerOf(workspaceId, person);
  const letter = (made: Letter | null): Contents | null => made && { letter: made, detail };
  switch (told.kind) {
    case "alert":
      return letter(await alertLetter(house, workspaceId, told, zone));
    case "gaps_high": {
      const gaps = await readGaps(house, viewer, detail["conversation_ids"] as string[], purpose === "send");
      return letter(gaps.length === 0 ? null : renderHighGaps(gaps, Number(detail["n"]), zone));
    }
    case "digest":
      return digestContents(house, viewer, detail, zone);
    case "sync_report":
      return letter(renderSyncReport(detail as SyncReport, told.title, zone));
    case "deal_created":
      return letter(await dealLetter(house, viewer, detail, zone));
    default:
      told.kind satisfies never;
      return null;
  }
}

function viewerOf(workspaceId: string, { id, role, name, email }: Person): Viewer {
  return { workspaceId, role, user: { name, email }, actor: `member:${id}` };
}

async function timeZone(house: Pick<House, "db">, workspaceId: string): Promise<string> {
  const [row] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ time_zone: string }[]>`select time_zone from workspaces where workspace_id = ${workspaceId}`,
  );
  return row?.time_zone ?? "UTC";
}

async function alertLetter(
  house: Pick<House, "db">,
  workspaceId: string,
  { title, detail }: Told,
  zone: string,
): Promise<Letter | null> {
  const [alert] = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ message: string }[]>`
      select message from alerts where workspace_id = ${workspaceId} and id = ${String(detail["alert_id"])}`,
  );
  if (!alert) return null;
  const until = detail["until"] ? new Date(String(detail["until"])) : null;
  const since = new Date(String(detail["since"]));
  return renderAlert({ title, state: until ? "over" : "open", message: alert.message, since, until }, zone);
}

/** The figures are counted once, so that a mail sent again says the same; names are looked up each time. */
async function digestContents(
  house: Pick<House, "db" | "clock">,
  viewer: Viewer,
  detail: Detail,
  zone: string,
): Promise<Contents | null> {
  const kept = detail["facts"] as DigestFacts | undefined;
  const facts = kept ?? (await digestFacts(house, viewer, new Date(String(detail["at"]))));
  if (!facts) return null;
  const gaps = await readGaps(house, viewer, namedIn(facts), false);
  const byId = new Map(gaps.map((gap) => [gap.conversation_id, gap]));
  return { letter: renderDigest(facts, byId, zone), detail: { ...detail, facts } };
}

/** Those in sight, the most pressing first. @param highOnly those that are still pending and high */
async function readGaps(
  house: Pick<House, "db" | "clock">,
  viewer: Viewer,
  ids: readonly string[],
  highOnly: boolean,
): Promise<Gap[]> {
  if (ids.length === 0) return [];
  const { workspaceId } = viewer;
  const rows = await house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    return gapRows(tx, workspaceId, keysOf(tx, workspaceId, ids, sight, highOnly), orderBy(tx, "severity"), sight);
  });
  return gapViews(rows, house.clock.now());
}

function keysOf(tx: Tx, workspaceId: string, ids: readonly string[], sight: Sight, highOnly: boolean) {
  return tx`
    select c.id from jsonb_array_elements_text(${tx.json([...ids])}) as asked (id)
    join conversations c on c.workspace_id = ${workspaceId} and c.id = asked.id::uuid
    where c.gap_status is not null and ${seesGap(tx, sight)}
      ${highOnly ? tx`and c.gap_status = 'pending' and c.severity_rank = 3` : tx``}`;
}

async function dealLetter(
  house: Pick<House, "db">,
  viewer: Viewer,
  detail: Detail,
  zone: string,
): Promise<Letter | null> {
  const { workspaceId } = viewer;
  const [row] = await house.db.withWorkspace(workspaceId, async (tx) => {
    const sight = await sightOf(tx, workspaceId, viewer);
    return tx<{ title: string; started_at: Date; name: string | null }[]>`
      select c.title, c.started_at, nullif(d.name, '') as name
      from conversations c
      left join deals d on d.workspace_id = ${workspaceId} and d.crm = c.deal_crm and d.crm_id = c.deal_id
      where c.workspace_id = ${workspaceId} and c.id = ${String(detail["conversation_id"])} and ${seesGap(tx, sight)}`;
  });
  if (!row) return null;
  return renderDealCreated({
    dealName: row.name ?? (detail["deal_name"] as string | undefined) ?? null,
    dealUrl: (detail["deal_url"] as string | null) ?? null,
    call: { title: row.title, startedAt: row.started_at },
    timeZone: zone,
  });
}
