import { z } from "zod";
import type { House } from "../connections/house.ts";
import { emptyMutation } from "../contract/common.ts";
import { createDealRequest, creation } from "../contract/creations.ts";
import { createDeal, getCreation } from "../gaps/creations.ts";
import { undoCreation } from "../gaps/undo-creation.ts";
import { noticeAutoCreated } from "../notify/auto-created.ts";
import { body, needs, newDoors, path, says } from "./door.ts";

const oneCall = z.object({ conversationId: z.uuid() });
const oneCreation = z.object({ creationId: z.uuid() });

/** `conversations/without-deals/:conversationId/create-deal` */
export function createDealDoors(house: House) {
  return newDoors().post(
    "/:conversationId/create-deal",
    says(
      "Gaps",
      "Make a deal of the call, once: whoever clicks again gets the same one",
      { 200: creation, 201: creation, 202: creation },
      {
        description:
          "201: made. 200: it was there already. 202: it goes on by itself; ask for `creations/:creationId`. " +
          "409 `duplicate_suspected` lists open deals of the company in `candidates`; link one of them, or send it " +
          "again with `confirm_duplicate`. What the CRM refuses is 422 with a fault per field, and nothing is made.",
      },
    ),
    needs("act_on_gaps"),
    path(oneCall, "call without a deal"),
    body(createDealRequest),
    async (c) => {
      const { conversationId } = c.req.valid("param");
      const { creation: made, status } = await createDeal(
        house,
        c.get("caller"),
        conversationId,
        c.req.valid("json"),
        noticeAutoCreated,
      );
      return c.json(made, status);
    },
  );
}

/** `creations` */
export function creationDoors(house: House) {
  return newDoors()
    .get(
      "/:creationId",
      says("Gaps", "A deal being made, or made", { 200: creation }),
      needs("read"),
      path(oneCreation, "deal being made"),
      async (c) => c.json(await getCreation(house, c.get("caller"), c.req.valid("param").creationId)),
    )
    .post(
      "/:creationId/undo",
      says("Gaps", "Delete the deal again, while nobody else touched it; the call is listed again", {
        200: creation,
        202: creation,
      }),
      needs("act_on_gaps"),
      path(oneCreation, "deal being made"),
      body(emptyMutation),
      async (c) => {
        const undone = await undoCreation(house, c.get("caller"), c.req.valid("param").creationId);
        return c.json(undone, undone.status === "undone" ? 200 : 202);
      },
    );
}
