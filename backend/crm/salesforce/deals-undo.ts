/** Taking an opportunity back, and whether that would take someone's work along. */
import type { DealPort } from "../deal-port.ts";
import { CrmError } from "../errors.ts";
import { isKind, type SalesforceClient } from "./client.ts";
import { isoTime, sameId } from "./convert.ts";
import { queryTogether } from "./deals-find.ts";
import { isRecordId, type Query } from "./soql.ts";
import { userInfoBody } from "./wire.ts";

export function createUndo(client: SalesforceClient): Pick<DealPort, "deleteDeal" | "dealTouchedSince"> {
  let user: Promise<string> | undefined;
  /** Who the connection acts as; asked once. */
  const me = () => {
    user ??= client.ask({ method: "GET", path: "/services/oauth2/userinfo" }, userInfoBody).then(
      (answer) => answer.user_id,
      (error: unknown) => {
        user = undefined;
        throw error;
      },
    );
    return user;
  };

  return {
    async deleteDeal(id) {
      if (!isRecordId(id)) return;
      try {
        await client.send({ method: "DELETE", path: `/sobjects/Opportunity/${id}` });
      } catch (error) {
        if (!isKind(error, "record_gone")) throw error;
      }
    },

    async dealTouchedSince(id, since) {
      if (!isRecordId(id)) throw gone();
      const self = await me();
      const [deals, ...work] = await queryTogether(client, [
        { select: ["LastModifiedById", "LastModifiedDate"], from: "Opportunity", where: equals("Id", id) },
        byOthers("OpportunityHistory", "OpportunityId", id, self),
        byOthers("Task", "WhatId", id, self),
        byOthers("Event", "WhatId", id, self),
      ]);
      const deal = deals?.[0];
      if (!deal) throw gone();
      const last = String(deal["LastModifiedById"]);
      // Salesforce keeps whole seconds.
      const changed =
        Date.parse(isoTime(String(deal["LastModifiedDate"]))) >= Math.floor(Date.parse(since) / 1000) * 1000;
      if (changed && !sameId(last, self)) return { touched: true, by: last };
      const other = work.flat()[0];
      return other ? { touched: true, by: String(other["CreatedById"]) } : { touched: false, by: null };
    },
  };
}

function byOthers(from: string, field: string, id: string, self: string): Query {
  const others = { field: "CreatedById", op: "!=" as const, value: { id: self } };
  return { select: ["CreatedById"], from, where: { all: [equals(field, id), others] }, limit: 1 };
}

function equals(field: string, id: string) {
  return { field, op: "=" as const, value: { id } };
}

function gone(): CrmError {
  return new CrmError("record_gone", "The opportunity no longer exists, or the connected user may not see it.");
}
