/** The contract's second half: what a write answers, and what each failure is called. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CrmError } from "../../backend/crm/errors.ts";
import { type ContractSetup, errorOf, heldText, kinds, newDeals, one, writeBisecting } from "./contract-setup.ts";

/** @param setup called before each test */
export function writeContract(name: string, setup: () => Promise<ContractSetup>): void {
  describe(`the CRM contract, writes and failures: ${name}`, () => {
    let s: ContractSetup;
    beforeEach(async () => {
      s = await setup();
    });
    afterEach(async () => {
      await s.crm.close();
      await s.stop();
    });

    test("each row of a batch write is settled by its own result, in the order given", async () => {
      const ids = newDeals(s, 40);
      const writes = ids.map((id, i) => ({ id, properties: { [s.deal.text]: `value ${i}`, [s.deal.number]: `${i}` } }));
      const settled = await s.crm.writeBatch("deal", writes);
      expect(settled.map((each) => each.ok && each.value.id)).toEqual(ids);
      expect(ids.map((id) => heldText(s, id))).toEqual(writes.map((write) => write.properties[s.deal.text]));
    });

    test("a record that is gone fails alone", async () => {
      const [a, b, c] = newDeals(s, 3);
      s.archive("deal", b!);
      const settled = await s.crm.writeBatch(
        "deal",
        [a!, b!, c!].map((id) => ({ id, properties: { [s.deal.text]: "x" } })),
      );
      expect(kinds(settled)).toEqual(["ok", "record_gone", "ok"]);
    });

    test("null clears a value", async () => {
      const [id] = newDeals(s, 1);
      expect(kinds(await one(s, id!, { [s.deal.text]: null }))).toEqual(["ok"]);
      expect(heldText(s, id!)).toBeNull();
    });

    test("a value the CRM refuses names its property, and does not keep the others from being written", async () => {
      const ids = newDeals(s, 4);
      const writes = ids.map((id, i) => ({
        id,
        properties: { [s.deal.text]: "after", ...(i === 2 ? { [s.deal.enum]: "no such option" } : {}) },
      }));
      const settled = await writeBisecting(s.crm, writes);
      expect(kinds(settled)).toEqual(["ok", "ok", "value_refused", "ok"]);
      expect(errorOf(settled[2]).detail.property).toBe(s.deal.enum);
      expect(ids.map((id) => heldText(s, id))).toEqual(["after", "after", "before", "after"]);
    });

    test("one bad row: the others are written", async () => {
      const ids = newDeals(s, 5);
      s.faults.set([{ name: "bad_row", rate: 1, times: 1 }]);
      const settled = await s.crm.writeBatch(
        "deal",
        ids.map((id) => ({ id, properties: { [s.deal.text]: "after" } })),
      );
      expect(kinds(settled).filter((kind) => kind !== "ok")).toEqual(["value_refused"]);
      for (const [i, id] of ids.entries()) expect(heldText(s, id)).toBe(settled[i]!.ok ? "after" : "before");
    });

    test("a row that success does not mention is no result, never a success", async () => {
      const ids = newDeals(s, 6);
      s.faults.set([{ name: "silent_drop", rate: 1, times: 1 }]);
      const settled = await s.crm.writeBatch(
        "deal",
        ids.map((id) => ({ id, properties: { [s.deal.text]: "after" } })),
      );
      expect(kinds(settled)).toContain("no_result");
      expect(ids.some((id) => heldText(s, id) === "before")).toBe(true);
      for (const [i, id] of ids.entries()) if (settled[i]!.ok) expect(heldText(s, id)).toBe("after");
    });

    test("a reply lost after the write is an unknown outcome", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "lost_reply", rate: 1, times: 1 }]);
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "outcome_unknown" });
      expect(heldText(s, id!)).toBe("after");
      expect(s.accepted("deal", id!, s.deal.text)).toEqual(["after"]);
    });

    test("a connection reset before the write is an unknown outcome too: nobody can tell", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "reset", rate: 1, times: 1 }]);
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "outcome_unknown" });
      expect(heldText(s, id!)).toBe("before");
    });

    test("a server error leaves a write unknown, and a read to be repeated", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "500", rate: 1, times: 1 }]);
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "outcome_unknown" });
      s.faults.set([{ name: "500", rate: 1, times: 1, on: "reads" }]);
      await expect(s.crm.readBatch("deal", [id!], [s.deal.text])).rejects.toMatchObject({ kind: "retry_later" });
    });

    test("a reply lost on a read is to be repeated: nothing was done", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "lost_reply", rate: 1, times: 1, on: "reads" }]);
      await expect(s.crm.readBatch("deal", [id!], [s.deal.text])).rejects.toMatchObject({ kind: "retry_later" });
    });

    test("too many requests: nothing was done, and we know how long to wait", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "429", rate: 1, times: 1 }]);
      const error = await one(s, id!, { [s.deal.text]: "after" }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(CrmError);
      expect((error as CrmError).kind).toBe(s.paceRefusal);
      if (s.paceRefusal === "retry_later") expect((error as CrmError).detail.afterMs).toBeGreaterThan(0);
      expect(heldText(s, id!)).toBe("before");
    });

    test("a refused token is refreshed once and the call repeated", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "expired_token", rate: 1, times: 1, on: "all" }]);
      expect(kinds(await one(s, id!, { [s.deal.text]: "after" }))).toEqual(["ok"]);
      expect(s.refreshes()).toBe(1);
      expect(s.accepted("deal", id!, s.deal.text)).toEqual(["after"]);
    });

    test("a token refused again after the refresh means reconnect", async () => {
      const [id] = newDeals(s, 1);
      s.faults.set([{ name: "expired_token", rate: 1, on: "all" }]);
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "reconnect" });
      expect(s.refreshes()).toBe(1);
      expect(heldText(s, id!)).toBe("before");
    });

    test("an app that was removed means reconnect", async () => {
      const [id] = newDeals(s, 1);
      s.revoke();
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "reconnect" });
    });

    test("an unreachable CRM is unreachable, not an unknown outcome", async () => {
      const [id] = newDeals(s, 1);
      await s.crm.account();
      await s.stop();
      await expect(one(s, id!, { [s.deal.text]: "after" })).rejects.toMatchObject({ kind: "unreachable" });
    });
  });
}
