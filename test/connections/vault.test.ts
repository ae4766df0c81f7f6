import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { keyIdOf, reseal, seal, unseal } from "../../backend/connections/vault.ts";
import { install, setUp } from "./setup.ts";

const key = (id: string) => ({ id, key: randomBytes(32) });
const place = { workspaceId: "w1", crm: "hubspot", column: "access_token" };

test("what was sealed opens at its place, with any key of the ring, and is different each time", () => {
  const [old, fresh] = [key("old"), key("fresh")];
  const sealed = seal([old], place, "secret ✓");
  expect(unseal([fresh, old], place, sealed)).toBe("secret ✓");
  expect(seal([old], place, "secret ✓")).not.toBe(sealed);
  expect(sealed).not.toContain("secret");
});

test.each([
  ["another workspace", { ...place, workspaceId: "w2" }],
  ["another CRM", { ...place, crm: "salesforce" }],
  ["another column", { ...place, column: "refresh_token" }],
])("a secret copied to %s does not open", (_, elsewhere) => {
  const keys = [key("k1")];
  const sealed = seal(keys, place, "secret");
  expect(() => unseal(keys, elsewhere, sealed)).toThrow(/sealed_value_refused/);
});

test("a changed, shortened or foreign text is refused; a retired key is named", () => {
  const keys = [key("k1")];
  const sealed = seal(keys, place, "secret");
  const flipped = sealed.replace(/.$/, (last) => (last === "A" ? "Q" : "A"));
  for (const broken of [flipped, sealed.slice(0, -10), "v1:k1::", "plain text", ""]) {
    expect(() => unseal(keys, place, broken)).toThrow(/sealed_value_refused/);
  }
  expect(() => unseal([{ id: "k1", key: randomBytes(32) }], place, sealed)).toThrow(/sealed_value_refused/);
  expect(() => unseal([key("k2")], place, sealed)).toThrow(/sealed with key "k1", which PANDORA_KEYS does not hold/);
});

test("re-sealing moves every stored token to the first key; the tokens stay usable without the old one", async () => {
  const setup = await setUp();
  const id = await install(setup, "hubspot");
  await install(setup, "salesforce");
  const [old] = setup.house.config.keys;
  const fresh = key("k2");
  expect(await reseal(setup.house.db, [fresh, old!])).toEqual({ workspaces: 2, resealed: 4 });
  expect(await reseal(setup.house.db, [fresh, old!])).toEqual({ workspaces: 2, resealed: 0 });
  const [row] = await setup.house.db.withWorkspace(
    id,
    (tx) => tx<{ access_token_sealed: string }[]>`select access_token_sealed from crm_connections`,
  );
  expect(keyIdOf(row!.access_token_sealed)).toBe("k2");
  setup.house.config.keys = [fresh];
  const crm = await setup.secondProcess().openCrm(id, "hubspot", "waiting");
  expect((await crm.account()).accountId).toBe(String(setup.hubspot.portalId));
});
