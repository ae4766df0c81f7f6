import type { House } from "../connections/house.ts";
import { conversationList, conversationsIn, conversationsQuery, ingested } from "../contract/conversations.ts";
import { fromGeneric } from "../conversations/generic.ts";
import { ingest } from "../conversations/ingest.ts";
import { listConversations } from "../conversations/list.ts";
import { genericSource } from "../conversations/sources.ts";
import { body, needs, newDoors, query, says } from "./door.ts";

/** `conversations` */
export function conversationDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Conversations", "Calls and meetings, newest first", { 200: conversationList }),
      needs("read"),
      query(conversationsQuery),
      async (c) => {
        const caller = c.get("caller");
        return c.json(await listConversations(house, caller.workspaceId, caller, c.req.valid("query")));
      },
    )
    .post(
      "/",
      says("Conversations", "Send in up to 1,000 calls and meetings", { 200: ingested }),
      needs("ingest"),
      body(conversationsIn),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { source_id, conversations } = c.req.valid("json");
        const source = await genericSource(house, workspaceId, source_id, actor);
        // A booking is no conversation, and nothing to complain about.
        const items = conversations.flatMap((item) => fromGeneric(item) ?? []);
        return c.json(await ingest(house, workspaceId, source, items));
      },
    );
}
