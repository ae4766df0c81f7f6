/** A workspace with the real app, jobs that are drained, and conversations to send in. */

import type { IncomingConversation, IncomingParticipant } from "../../backend/conversations/shape.ts";
import type { VendorUrls } from "../../backend/conversations/vendor-http.ts";
import { createHandlers } from "../../backend/handlers.ts";
import { newTestApp } from "../http/support.ts";
import { newDatabase } from "../support/database.ts";

/** @param vendors where the stand-ins listen */
export async function newConversationsApp(vendors: Partial<VendorUrls> = {}) {
  const database = await newDatabase();
  const test = await newTestApp(database);
  const house = Object.assign(test.house, { vendors });
  const handlers = createHandlers(house);
  return {
    ...test,
    house,
    handlers,
    /** The failures of vendors are part of the tests: a job that failed is no failure of the test. */
    async drain() {
      await house.queue.drain(handlers, test.clock).catch(() => {});
    },
    async rows(workspace: { id: string }): Promise<StoredConversation[]> {
      return house.db.withWorkspace(
        workspace.id,
        (tx) => tx<StoredConversation[]>`
          select c.id, c.title, c.source, c.url, c.started_at::text as started_at, c.duration_minutes, c.meeting_key,
            c.host_email, c.scope_hint, c.named_records, c.summary, c.signals, c.facts_hash, c.dirty,
            (select count(*)::int from conversation_tellings t
              where t.workspace_id = c.workspace_id and t.conversation_id = c.id) as tellings,
            (select coalesce(json_agg(json_build_object('name', p.name, 'email', p.email, 'phone', p.phone,
                'affiliation', p.affiliation, 'domain', p.domain) order by p.ordinal), '[]')
              from conversation_participants p
              where p.workspace_id = c.workspace_id and p.conversation_id = c.id) as participants
          from conversations c where c.workspace_id = ${workspace.id} order by c.started_at, c.title, c.id`,
      );
    },
  };
}

export type ConversationsApp = Awaited<ReturnType<typeof newConversationsApp>>;

export type StoredConversation = {
  id: string;
  title: string;
  source: string;
  url: string | null;
  started_at: string;
  duration_minutes: number | null;
  meeting_key: string | null;
  host_email: string | null;
  scope_hint: string;
  named_records: object[];
  summary: string | null;
  signals: { next_step: string | null; sentiment: number | null } | null;
  facts_hash: string;
  dirty: boolean;
  tellings: number;
  participants: (IncomingParticipant & { domain: string | null })[];
};

export const person = (email: string | null, name: string | null = null): IncomingParticipant => ({
  ...{ name, email, phone: null, affiliation: "unknown" },
});

/** A call of last week between Ada of ours and Bob of a customer. */
export function told(more: Partial<IncomingConversation> = {}): IncomingConversation {
  return {
    externalId: "call-1",
    title: "Intro",
    startedAt: "2026-11-16T09:00:00.000Z",
    durationMinutes: 30,
    url: null,
    meetingKey: null,
    hostEmail: "ada@ours.test",
    callType: null,
    scopeHint: "unknown",
    participants: [person("ada@ours.test", "Ada"), person("bob@customer.test", "Bob")],
    namedRecords: [],
    summary: null,
    transcript: null,
    toldAt: null,
    ...more,
  };
}
