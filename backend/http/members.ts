import { z } from "zod";
import type { House } from "../connections/house.ts";
import { addMember, changeMember, listMembers, removeMember } from "../connections/members.ts";
import { deleted, deleteQuery } from "../contract/common.ts";
import { member, memberDraft, memberList, memberPatch, membersQuery } from "../contract/members.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";

const oneMember = z.object({ memberId: z.uuid() });

/** `members` */
export function memberDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Members", "People and their roles", { 200: memberList }),
      needs("manage_members"),
      query(membersQuery),
      async (c) => c.json(await listMembers(house, c.get("caller").workspaceId, c.req.valid("query"))),
    )
    .post(
      "/",
      says("Members", "Add a person", { 201: member }),
      needs("manage_members"),
      body(memberDraft),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        return c.json(await addMember(house, workspaceId, c.req.valid("json"), actor), 201);
      },
    )
    .patch(
      "/:memberId",
      says("Members", "Change a person's name or role", { 200: member }),
      needs("manage_members"),
      path(oneMember, "member"),
      body(memberPatch),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        const { memberId } = c.req.valid("param");
        return c.json(await changeMember(house, workspaceId, memberId, c.req.valid("json"), actor));
      },
    )
    .delete(
      "/:memberId",
      says("Members", "Remove a person and their API keys", { 200: deleted }),
      needs("manage_members"),
      path(oneMember, "member"),
      query(deleteQuery),
      async (c) => {
        const { workspaceId, actor } = c.get("caller");
        await removeMember(house, workspaceId, c.req.valid("param").memberId, actor);
        return c.json({ deleted: true as const });
      },
    );
}
