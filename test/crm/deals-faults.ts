/** What each call is when it goes wrong: nothing is ever done twice, and nothing is claimed that nobody knows. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DealPort } from "../../backend/crm/deal-port.ts";
import { CrmError, type CrmErrorKind } from "../../backend/crm/errors.ts";
import type { FaultName } from "../../backend/simulator/faults.ts";
import { type DealSetup, dealDraft, noteFor, person } from "./deals-setup.ts";

type Call = { what: keyof DealPort; run: (s: DealSetup, place: Place) => Promise<unknown>; writes: boolean };
type Place = { companyId: string; dealId: string; contactId: string };

const methods: Call[] = [
  { what: "options", run: ({ deals }) => deals.options(), writes: false },
  { what: "dealByKey", run: ({ deals }) => deals.dealByKey("c"), writes: false },
  { what: "openDealsOf", run: ({ deals }, { companyId }) => deals.openDealsOf(companyId), writes: false },
  {
    what: "duplicateCheck",
    run: ({ deals }, { companyId }) => deals.duplicateCheck({ key: "c", companyId }),
    writes: false,
  },
  { what: "contactsByEmail", run: ({ deals }) => deals.contactsByEmail(["a@b.example"]), writes: false },
  { what: "noteByKey", run: ({ deals }, { dealId }) => deals.noteByKey({ dealId, key: "c" }), writes: false },
  {
    what: "dealTouchedSince",
    run: ({ deals, clock }, { dealId }) => deals.dealTouchedSince(dealId, clock.now().toISOString()),
    writes: false,
  },
  {
    what: "createCompany",
    run: ({ deals }) => deals.createCompany({ name: "Fabrikam", domain: null, ownerId: null }),
    writes: true,
  },
  { what: "createContacts", run: ({ deals }) => deals.createContacts([person("nia@litware.example")]), writes: true },
  { what: "createDeal", run: (s) => s.deals.createDeal(dealDraft(s, { key: "conversation-9" })), writes: true },
  {
    what: "associate",
    run: ({ deals }, { dealId, contactId }) =>
      deals.associate({ dealId, companyId: null, contacts: [{ id: contactId }] }),
    writes: true,
  },
  { what: "addNote", run: ({ deals }, { dealId }) => deals.addNote(noteFor(dealId)), writes: true },
  {
    what: "createAll",
    run: async (s) => {
      const plan = { company: null, newContacts: [], deal: dealDraft(s, { key: "conversation-9" }), note: noteFor("") };
      return s.deals.createAll?.(plan);
    },
    writes: true,
  },
  { what: "deleteDeal", run: ({ deals }, { dealId }) => deals.deleteDeal(dealId), writes: true },
];

/** @param setup called before each test */
export function dealFaults(name: string, setup: () => Promise<DealSetup>): void {
  describe(`making deals, when it goes wrong: ${name}`, () => {
    let s: DealSetup;
    beforeEach(async () => {
      s = await setup();
    });
    afterEach(async () => {
      await s.crm.close();
      await s.stop();
    });

    async function place(): Promise<Place> {
      const companyId = s.addCompany("Litware");
      const contactId = s.addContact("kim@litware.example");
      const { id: dealId } = await s.deals.createDeal(dealDraft(s));
      await s.deals.addNote(noteFor(dealId));
      await s.deals.duplicateCheck({ key: null, companyId });
      return { companyId, contactId, dealId };
    }

    async function kindUnder(fault: FaultName, call: Call, at: Place): Promise<CrmErrorKind | "done"> {
      // A refused token is asked for again; everything else goes on failing.
      const times = fault === "expired_token" ? { times: 1 } : {};
      s.faults.set([{ name: fault, rate: 1, on: "all", ...times }]);
      try {
        await call.run(s, at);
        return "done";
      } catch (error) {
        if (error instanceof CrmError) return error.kind;
        throw error;
      } finally {
        s.faults.clear();
      }
    }

    const there = () => methods.filter(({ what }) => s.deals[what] !== undefined);
    // Before it links, Salesforce is asked what is linked: the first call is a read.
    const writesFirst = ({ what, writes }: Call) =>
      writes && !(what === "associate" && s.crm.shape.crm === "salesforce");

    test.each(["lost_reply", "reset", "500"] as const)(
      "%s: a write may have been done, a read is tried again",
      async (fault) => {
        for (const call of there()) {
          const kind = await kindUnder(fault, call, await fresh());
          expect([call.what, kind]).toEqual([call.what, writesFirst(call) ? "outcome_unknown" : "retry_later"]);
        }
      },
    );

    test("429: nothing was done, whatever it was", async () => {
      const at = await place();
      const before = [s.dealIds(), s.contactIds(), s.noteIds()];
      for (const call of there())
        expect([call.what, await kindUnder("429", call, at)]).toEqual([call.what, "retry_later"]);
      expect([s.dealIds(), s.contactIds(), s.noteIds()]).toEqual(before);
    });

    test("an expired token is replaced and the call done once", async () => {
      const at = await place();
      for (const call of there()) {
        const deals = s.dealIds().length;
        expect([call.what, await kindUnder("expired_token", call, at)]).toEqual([call.what, "done"]);
        if (call.what === "createDeal") expect(s.dealIds()).toHaveLength(deals + 1);
        if (call.what === "createDeal") await s.deals.deleteDeal((await s.deals.dealByKey("conversation-9"))!.id);
      }
    });

    test("a lost reply to the deal is found by the key, to the contacts by address, to the note on the deal", async () => {
      const { dealId } = await place();
      const lose = () => s.faults.set([{ name: "lost_reply", rate: 1, on: "writes", times: 1 }]);
      lose();
      await expect(s.deals.createDeal(dealDraft(s, { key: "conversation-2" }))).rejects.toThrow(CrmError);
      const found = await s.deals.dealByKey("conversation-2");
      expect(s.dealIds()).toEqual([dealId, found?.id]);

      lose();
      await expect(s.deals.createContacts([person("nia@litware.example")])).rejects.toThrow(CrmError);
      expect(await s.deals.contactsByEmail(["nia@litware.example"])).toHaveLength(1);

      lose();
      const note = noteFor(dealId, { key: "conversation-2" });
      await expect(s.deals.addNote(note)).rejects.toThrow(CrmError);
      expect(await s.deals.noteByKey({ dealId, key: "conversation-2" })).not.toBeNull();
    });

    /** A place of its own for each call: a write that was done must not stand in the next one's way. */
    async function fresh(): Promise<Place> {
      for (const id of s.dealIds()) await s.deals.deleteDeal(id);
      for (const id of s.contactIds()) s.archiveContact(id);
      return place();
    }
  });
}
