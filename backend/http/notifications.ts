import { z } from "zod";
import type { House } from "../connections/house.ts";
import { emptyMutation } from "../contract/common.ts";
import {
  noticeInFull,
  noticeList,
  noticesQuery,
  notifications,
  notificationsPatch,
  testMail,
} from "../contract/notifications.ts";
import { listNotices, readNotice, sendTestMail } from "../notify/notices.ts";
import { type Asker, changeNotifications, readNotifications } from "../notify/preferences.ts";
import type { Caller } from "./caller.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";
import { limit } from "./limit.ts";

const oneNotice = z.object({ noticeId: z.uuid() });

/** `notifications` */
export function notificationDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Notices", "Who is told what: your wishes, and what the workspace sends", { 200: notifications }),
      needs("read"),
      async (c) => c.json(await readNotifications(house, askerOf(c.get("caller")))),
    )
    .patch(
      "/",
      says("Notices", "Change your wishes; admins: what the workspace sends", { 200: notifications }),
      needs("read"),
      body(notificationsPatch),
      async (c) => c.json(await changeNotifications(house, askerOf(c.get("caller")), c.req.valid("json"))),
    )
    .post(
      "/test",
      says("Notices", "Send yourself a test mail", { 200: testMail }),
      needs("read"),
      limit(house, "api_heavy"),
      body(emptyMutation),
      async (c) => c.json(await sendTestMail(house, askerOf(c.get("caller")))),
    );
}

/** `notices` */
export function noticeDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Notices", "What was told, newest first", { 200: noticeList }),
      needs("read"),
      query(noticesQuery),
      async (c) => c.json(await listNotices(house, askerOf(c.get("caller")), c.req.valid("query"))),
    )
    .get(
      "/:noticeId",
      says("Notices", "One notice in words", { 200: noticeInFull }),
      needs("read"),
      path(oneNotice, "notice"),
      async (c) => c.json(await readNotice(house, askerOf(c.get("caller")), c.req.valid("param").noticeId)),
    );
}

function askerOf({ workspaceId, actor, role }: Caller): Asker {
  const memberId = actor.startsWith("member:") ? actor.slice("member:".length) : null;
  return { workspaceId, memberId, actor, isAdmin: role === "admin" };
}
