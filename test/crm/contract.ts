/**
 * What every CRM adapter must do, over real HTTP against its simulator. Each test gets a simulator of its own, so
 * nothing is shared and nothing is wiped.
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Crm, MirrorRecord } from "../../backend/crm/port.ts";
import {
  type ContractSetup,
  changedSince,
  domainOf,
  heldText,
  kinds,
  newDeals,
  one,
  sorted,
} from "./contract-setup.ts";
import { writeContract } from "./contract-writes.ts";

export type { ContractSetup } from "./contract-setup.ts";

/**
 * @param name shown in the test report
 * @param setup called before each test
 */
export function crmContract(name: string, setup: () => Promise<ContractSetup>): void {
  writeContract(name, setup);
  describe(`the CRM contract, reading: ${name}`, () => {
    let s: ContractSetup;
    beforeEach(async () => {
      s = await setup();
    });
    afterEach(async () => {
      await s.crm.close();
      await s.stop();
    });

    test("properties are described with what can be written, and why not", async () => {
      const found = new Map((await s.crm.describeProperties("deal")).map((each) => [each.name, each]));
      expect(found.get(s.deal.text)).toMatchObject({ writable: true, readOnlyReason: null, hidden: false });
      expect(found.get(s.deal.number)?.type).toBe("number");
      expect(found.get(s.deal.enum)?.options.map((option) => option.value)).toContain(s.deal.option);
      const readOnly = found.get(s.deal.readOnly);
      expect(readOnly?.writable).toBe(false);
      expect(readOnly?.readOnlyReason).toMatch(/\w/);
    });

    test("a property can be created, is described, takes a value; a second of the same name already exists", async () => {
      const created = await s.crm.createProperty("deal", s.draft);
      expect(created).toMatchObject({ name: s.createdName, label: s.draft.label, custom: true, writable: true });
      expect((await s.crm.describeProperties("deal")).some((each) => each.name === s.createdName)).toBe(true);
      const [id] = newDeals(s, 1);
      expect((await one(s, id!, { [s.createdName]: "61" }))[0]).toMatchObject({ ok: true });
      const [read] = await s.crm.readBatch("deal", [id!], [s.createdName]);
      expect(read).toEqual({ ok: true, value: { id, properties: { [s.createdName]: "61" } } });
      await expect(s.crm.createProperty("deal", s.draft)).rejects.toMatchObject({ kind: "already_exists" });
    });

    test("a batch read answers in the order asked; what is gone is an error, what is unset is null", async () => {
      const [a, b, c] = newDeals(s, 3);
      s.edit("deal", b!, { [s.deal.text]: null });
      s.archive("deal", c!);
      const read = await s.crm.readBatch("deal", [a!, s.goneId, b!, c!], [s.deal.text, s.deal.number]);
      expect(kinds(read)).toEqual(["ok", "record_gone", "ok", "record_gone"]);
      expect(read[0]).toMatchObject({
        value: { id: a, properties: { [s.deal.text]: "before", [s.deal.number]: null } },
      });
      expect(read[2]).toMatchObject({ value: { id: b, properties: { [s.deal.text]: null } } });
    });

    test("find by equality, by list and by part of a word", async () => {
      const names = ["Contoso Freight", "Contoso Retail", "Litware"];
      const ids = names.map((name) =>
        s.addRecord("company", { [s.company.name]: name, [s.company.domain]: domainOf(name) }),
      );
      s.clock.advance(60_000);
      const { name, domain } = s.company;
      const equal = await s.crm.find("company", [{ property: domain, op: "eq", value: "litware.example" }], [name], 10);
      expect(equal).toEqual([{ id: ids[2], properties: { [name]: "Litware" } }]);
      const wanted = ["contoso-freight.example", "litware.example"];
      const listed = await s.crm.find("company", [{ property: domain, op: "in", values: wanted }], [name], 10);
      expect(sorted(listed.map((each) => each.id))).toEqual(sorted([ids[0]!, ids[2]!]));
      const partly = await s.crm.find("company", [{ property: name, op: "contains", value: "Contoso" }], [name], 10);
      expect(sorted(partly.map((each) => each.id))).toEqual(sorted([ids[0]!, ids[1]!]));
      expect(
        await s.crm.find("company", [{ property: name, op: "contains", value: "Contoso" }], [name], 1),
      ).toHaveLength(1);
    });

    test("hostile values and ids travel as data", async () => {
      const hostile = `O'Hara & "Söhne" %_\\ <b> {0} \${x} 100% ../..`;
      const [id] = newDeals(s, 1);
      const company = s.addRecord("company", { [s.company.name]: hostile, [s.company.domain]: "ohara.example" });
      s.clock.advance(60_000);
      expect(kinds(await one(s, id!, { [s.deal.text]: hostile }))).toEqual(["ok"]);
      expect(heldText(s, id!)).toBe(hostile);
      const found = await s.crm.find(
        "company",
        [{ property: s.company.name, op: "eq", value: hostile }],
        [s.company.name],
        5,
      );
      expect(found.map((each) => each.id)).toEqual([company]);
      const bad = [`1' OR Name != '`, "../companies/1", "%2e%2e?x=1#"];
      const read = await s.crm.readBatch("deal", [...bad, id!], [s.deal.text]);
      expect(kinds(read)).toEqual(["record_gone", "record_gone", "record_gone", "ok"]);
      expect(s.crm.recordUrl({ uiUrl: "https://crm.example/x" }, "deal", "1/../../2?q#")).not.toContain("/../");
    });

    test("everything is listed page by page, and a page can be read again", async () => {
      const ids = newDeals(s, 230);
      const company = s.addRecord("company", { [s.company.name]: "Litware", [s.company.domain]: "litware.example" });
      s.associate({ objectType: "deal", id: ids[7]! }, { objectType: "company", id: company });
      const seen: MirrorRecord[] = [];
      let cursor: string | null = null;
      let repeated = false;
      do {
        const page: Awaited<ReturnType<Crm["listAll"]>> = await s.crm.listAll("deal", [s.deal.name], cursor);
        if (page.cursor && !repeated) {
          const again = await s.crm.listAll("deal", [s.deal.name], cursor);
          expect(again.items.map((item) => item.id)).toEqual(page.items.map((item) => item.id));
          repeated = true;
        }
        seen.push(...page.items);
        cursor = page.cursor;
      } while (cursor);
      for (const id of ids) expect(seen.filter((item) => item.id === id)).toHaveLength(1);
      const linked = seen.find((item) => item.id === ids[7])!;
      expect(linked.associations.company?.map((each) => each.id)).toEqual([company]);
      expect(linked).toMatchObject({ deleted: false, properties: { [s.deal.name]: "Fabrikam renewal 7" } });
      expect(new Date(linked.updatedAt).toISOString()).toBe(linked.updatedAt);
    });

    test("what changed since: edits, deletions, merges, and nothing older", async () => {
      const [old, edited, deleted, winner, loser] = newDeals(s, 5);
      s.clock.advance(3_600_000);
      const since = s.clock.now().toISOString();
      s.clock.advance(1000);
      s.edit("deal", edited!, { [s.deal.text]: "after" });
      s.archive("deal", deleted!);
      s.merge("deal", winner!, loser!);
      s.clock.advance(60_000);
      const changed = new Map((await changedSince(s.crm, since, [s.deal.text])).map((item) => [item.id, item]));
      expect(changed.has(old!)).toBe(false);
      expect(changed.get(edited!)).toMatchObject({ deleted: false, properties: { [s.deal.text]: "after" } });
      expect(changed.get(deleted!)?.deleted).toBe(true);
      const told = changed.get(winner!)?.mergedIds.includes(loser!) || changed.get(loser!)?.deleted;
      expect(told).toBe(true);
    });

    test("a change that search shows late is not missed by the next look", async () => {
      const [id] = newDeals(s, 1);
      s.clock.advance(3_600_000);
      s.edit("deal", id!, { [s.deal.text]: "after" });
      s.clock.advance(5_000);
      const since = s.clock.now().toISOString();
      s.clock.advance(30_000);
      expect((await changedSince(s.crm, since, [s.deal.text])).map((item) => item.id)).toContain(id);
    });

    test("owners, stages and the account are told", async () => {
      const owners = await s.crm.owners();
      expect(owners.length).toBeGreaterThan(0);
      expect(owners.every((owner) => owner.id && owner.name)).toBe(true);
      const stages = await s.crm.stages();
      expect(stages.some((stage) => stage.isWon && stage.isClosed)).toBe(true);
      expect(stages.some((stage) => stage.isClosed && !stage.isWon)).toBe(true);
      expect(stages.some((stage) => !stage.isClosed && stage.probability !== null && stage.probability < 1)).toBe(true);
      const account = await s.crm.account();
      expect(account).toMatchObject({ accountId: expect.stringMatching(/\w/), timeZone: expect.stringMatching(/\w/) });
      expect(account.currency).toMatch(/^[A-Z]{3}$/);
      expect(s.crm.recordUrl(account, "deal", "42")).toMatch(/^https?:\/\/.*42/);
    });
  });
}
