/** The notice to a rep that a deal was made of a call of theirs by the workspace's rule. */
import type { House } from "../connections/house.ts";
import type { Tx } from "../db.ts";
import { claimEvents, putNotices } from "./outbox.ts";
import { readPeople, wants } from "./people.ts";

export type AutoCreated = {
  workspaceId: string;
  conversationId: string;
  dealName: string;
  /** Where the deal opens in the CRM; null: not known. */
  dealUrl: string | null;
  /** Of the call; null, or of nobody here: nobody is told. */
  repEmail: string | null;
};

/**
 * Stores the notice in the caller's transaction, that in which the deal is settled. Called again for the same deal it
 * does nothing; a deal made for the same call after the first was undone is told again.
 */
export async function noticeAutoCreated(
  tx: Tx,
  house: Pick<House, "queue" | "clock">,
  made: AutoCreated,
): Promise<void> {
  const { workspaceId, conversationId } = made;
  const [call] = await tx<{ generation: number; member_id: string | null }[]>`
    select c.generation, m.id as member_id from conversations c
    left join members m on m.workspace_id = ${workspaceId} and lower(m.email) = lower(${made.repEmail}::text)
    where c.workspace_id = ${workspaceId} and c.id = ${conversationId}`;
  if (!call) return;
  const key = `deal_created:${conversationId}:${call.generation}`;
  const mine = await claimEvents(tx, workspaceId, house.clock.now(), [key]);
  if (!mine.has(key) || !call.member_id) return;
  const [person] = (await readPeople(tx, workspaceId, call.member_id)).filter(wants("deal_created"));
  if (!person) return;
  await putNotices(tx, house, workspaceId, [
    {
      ...{ memberId: person.id, kind: "deal_created", key, title: "Pandora created a deal for a call of yours" },
      detail: { conversation_id: conversationId, deal_name: made.dealName, deal_url: made.dealUrl },
    },
  ]);
}
