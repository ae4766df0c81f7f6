/** How each source is asked for what is new: one page at a time, from wherever the last page ended. */
import type { CrmType } from "../crm/port.ts";
import { readCrmPeople } from "./crm-people.ts";
import { fromFireflies } from "./fireflies.ts";
import { firefliesClient, firefliesPageSize } from "./fireflies-client.ts";
import { fromGong, type GongPeople, gongPeople, gongTranscript, noGongPeople } from "./gong.ts";
import { type GongPage, gongBaseUrl, gongClient } from "./gong-client.ts";
import { fromHubSpot } from "./hubspot.ts";
import { fromSalesforce } from "./salesforce.ts";
import type { Converted } from "./shape.ts";
import { isPulled, type Secrets, type SourceRow } from "./source-rules.ts";
import { SourceFault, type SourceHouse } from "./vendor-http.ts";

export type Window = { from: string; to: string };

export type Pulled = {
  items: Converted[];
  /** Where to go on; null at the end. */
  cursor: string | null;
};

export type Puller = {
  page(window: Window, cursor: string | null): Promise<Pulled>;
  /** What the vendor refused us, by feature, in words: the rest goes on without it. */
  off: Record<string, string>;
};

/** @throws SourceFault not_set_up; AppError not_connected | needs_reconnect of a CRM */
export async function pullerOf(
  house: SourceHouse,
  workspaceId: string,
  source: SourceRow,
  secrets: Secrets,
): Promise<Puller> {
  const { kind } = source;
  if (kind === "hubspot" || kind === "salesforce") return crmPuller(house, workspaceId, kind);
  if (!isPulled(kind, secrets)) throw new SourceFault("not_set_up", "There is nothing to ask this source with.");
  return kind === "gong" ? gongPuller(house, workspaceId, source, secrets) : firefliesPuller(house, secrets);
}

async function crmPuller(house: SourceHouse, workspaceId: string, crm: CrmType): Promise<Puller> {
  const opened = await house.openCrm(workspaceId, crm, "background");
  if (!opened.activities) {
    throw new SourceFault("not_set_up", "This connection does not list calls and meetings yet.");
  }
  const convert = crm === "hubspot" ? fromHubSpot : fromSalesforce;
  return {
    off: {},
    async page({ from }, cursor) {
      const listed = await opened.activities!(from, cursor);
      const people = await house.db.withWorkspace(workspaceId, (tx) =>
        readCrmPeople(tx, workspaceId, crm, listed.items),
      );
      const now = house.clock.now();
      return { items: listed.items.flatMap((one) => convert(one, people, now) ?? []), cursor: listed.cursor };
    },
  };
}

function firefliesPuller(house: SourceHouse, secrets: Secrets): Puller {
  const client = firefliesClient(house, secrets.api_key!);
  return {
    off: {},
    async page(window, cursor) {
      const skip = Number(cursor ?? 0);
      const told = await client.transcripts(window, skip);
      const more = told.length === firefliesPageSize;
      return { items: told.map(fromFireflies), cursor: more ? String(skip + told.length) : null };
    },
  };
}

function gongPuller(house: SourceHouse, workspaceId: string, source: SourceRow, secrets: Secrets): Puller {
  const client = gongClient(house, {
    baseUrl: gongBaseUrl(house, source.settings.base_url)!,
    accessKey: secrets.access_key!,
    accessKeySecret: secrets.access_key_secret!,
  });
  const off: Record<string, string> = { ...source.settings.off };
  /** One permission can be missing while the key is good: that feature is left out, and said so. */
  const unlessRefused = async <T>(feature: string, work: () => Promise<T>, without: T): Promise<T> => {
    if (off[feature]) return without;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SourceFault) || error.kind !== "key_refused") throw error;
      off[feature] = `${error.message} The rest goes on without.`;
      return without;
    }
  };
  let people: GongPeople | null = null;
  const directory = async () => gongPeople(await allPages((cursor) => client.users(cursor)));
  return {
    off,
    async page(window, cursor) {
      // The calls first: if even these are refused, the source has failed and nothing else matters.
      const calls = await client.calls(window, cursor);
      people ??= await unlessRefused("users", directory, noGongPeople);
      const told = calls.items.map((call) => fromGong(call));
      const missing = await withoutTranscript(house, workspaceId, source.id, told.flatMap(externalIdOf));
      const fetched =
        missing.length === 0
          ? []
          : await unlessRefused("transcripts", () => allPages((next) => client.transcripts(missing, next)), []);
      const transcripts = new Map(fetched.map((one) => [callIdOf(one), one]));
      return {
        items: calls.items.map((call, n) => {
          const id = externalIdOf(told[n]!)[0];
          const said = id === undefined ? undefined : transcripts.get(id);
          return fromGong(call, people!, said === undefined ? null : gongTranscript(said, call));
        }),
        cursor: calls.cursor,
      };
    },
  };
}

/** A transcript is told once and may be ready long after its call: only the missing ones are asked for. */
async function withoutTranscript(
  house: SourceHouse,
  workspaceId: string,
  sourceId: string,
  ids: string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await house.db.withWorkspace(
    workspaceId,
    (tx) => tx<{ id: string }[]>`
      select w.id from jsonb_array_elements_text(${tx.json(ids)}) as w(id)
      left join conversation_tellings t on t.workspace_id = ${workspaceId} and t.source_id = ${sourceId}
        and t.external_id = w.id and t.texts ? 'transcript'
      where t.external_id is null`,
  );
  return rows.map((row) => row.id);
}

async function allPages(ask: (cursor: string | null) => Promise<GongPage>): Promise<unknown[]> {
  const items: unknown[] = [];
  let cursor: string | null = null;
  do {
    const page: GongPage = await ask(cursor);
    items.push(...page.items);
    // A cursor that does not move would go on for ever.
    cursor = page.cursor === cursor ? null : page.cursor;
  } while (cursor !== null);
  return items;
}

function externalIdOf(item: Converted): string[] {
  return item.ok && "conversation" in item ? [item.conversation.externalId] : [];
}

function callIdOf(transcript: unknown): string {
  return String((transcript as { callId?: unknown } | null)?.callId ?? "");
}
