import { z } from "zod";
import type { House } from "../connections/house.ts";
import { emptyMutation } from "../contract/common.ts";
import {
  crmSearchQuery,
  crmSearchResult,
  dismissRequest,
  gap,
  gapList,
  gapSummary as gapSummaryShape,
  gapsQuery,
  gapTrend as gapTrendShape,
  linkDealRequest,
  trendQuery,
  unlinkRequest,
} from "../contract/gaps.ts";
import { dismissGap, linkGap, restoreGap, unlinkGap } from "../gaps/decide.ts";
import { getGap, listGaps } from "../gaps/list.ts";
import { searchRecords } from "../gaps/search-deals.ts";
import { gapSummary } from "../gaps/summary.ts";
import { gapTrend } from "../gaps/trend.ts";
import { body, needs, newDoors, path, query, says } from "./door.ts";

const oneCall = z.object({ conversationId: z.uuid() });
const what = "call without a deal";

/** `conversations/without-deals` */
export function gapDoors(house: House) {
  return newDoors()
    .get(
      "/",
      says("Gaps", "Calls without a deal, the most pressing first", { 200: gapList }),
      needs("read"),
      query(gapsQuery),
      async (c) => {
        const { envelope: _envelope, ...asked } = c.req.valid("query");
        return c.json(await listGaps(house, c.get("caller"), asked));
      },
    )
    .get(
      "/summary",
      says("Gaps", "How many, whose, why, and what they may be worth", { 200: gapSummaryShape }),
      needs("read"),
      async (c) => c.json(await gapSummary(house, c.get("caller"))),
    )
    .get(
      "/trend",
      says("Gaps", "Week over week", { 200: gapTrendShape }),
      needs("read"),
      query(trendQuery),
      async (c) => c.json(await gapTrend(house, c.get("caller"), c.req.valid("query").weeks)),
    )
    .get(
      "/:conversationId",
      says("Gaps", "One call without a deal, whatever was decided about it", { 200: gap }),
      needs("read"),
      path(oneCall, what),
      async (c) => c.json(await getGap(house, c.get("caller"), c.req.valid("param").conversationId)),
    )
    .post(
      "/:conversationId/dismiss",
      says("Gaps", "Take it off the list, with a reason", { 200: gap }),
      needs("act_on_gaps"),
      path(oneCall, what),
      body(dismissRequest),
      async (c) => {
        const { conversationId } = c.req.valid("param");
        return c.json(await dismissGap(house, c.get("caller"), conversationId, c.req.valid("json")));
      },
    )
    .post(
      "/:conversationId/restore",
      says("Gaps", "Back on the list after it was dismissed", { 200: gap }),
      needs("act_on_gaps"),
      path(oneCall, what),
      body(emptyMutation),
      async (c) => c.json(await restoreGap(house, c.get("caller"), c.req.valid("param").conversationId)),
    )
    .post(
      "/:conversationId/link-deal",
      says("Gaps", "Say which deal accounts for it", { 200: gap }),
      needs("act_on_gaps"),
      path(oneCall, what),
      body(linkDealRequest),
      async (c) => {
        const { conversationId } = c.req.valid("param");
        return c.json(await linkGap(house, c.get("caller"), conversationId, c.req.valid("json")));
      },
    )
    .post(
      "/:conversationId/unlink",
      says("Gaps", "Take the call off its deal", { 200: gap }),
      needs("act_on_gaps"),
      path(oneCall, what),
      body(unlinkRequest),
      async (c) => {
        const { conversationId } = c.req.valid("param");
        return c.json(await unlinkGap(house, c.get("caller"), conversationId, c.req.valid("json")));
      },
    );
}

/** `crm-search` */
export function crmSearchDoors(house: House) {
  return newDoors().get(
    "/",
    says("Gaps", "Records to choose from, by the beginning of a name, an address or a domain", {
      200: crmSearchResult,
    }),
    needs("read"),
    query(crmSearchQuery),
    async (c) => {
      const { envelope: _envelope, ...asked } = c.req.valid("query");
      return c.json(await searchRecords(house, c.get("caller"), asked));
    },
  );
}
