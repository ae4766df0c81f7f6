/** How long transcripts are kept is the workspace's choice; a shorter time holds for what is kept already. */
import { expect, test } from "vitest";
import { tidyWorkspace } from "../../backend/connections/tidy.ts";
import { newConversationsApp } from "./setup.ts";

const app = await newConversationsApp();

test("a shorter time lets go of transcripts that are past it, and of nothing else", async () => {
  const workspace = await app.newWorkspace();
  expect((await workspace.call("admin", "GET", "settings")).body.transcript_days).toBe(90);
  const call = (id: string) => ({
    ...{ external_id: id, title: id, started_at: app.clock.now().toISOString(), transcript: "Bob: we like it." },
    participants: [{ name: "Bob", email: "bob@customer.test" }],
  });
  await workspace.call("admin", "POST", "conversations", { conversations: [call("old")] });
  app.clock.advance(20 * 86_400_000);
  await workspace.call("admin", "POST", "conversations", { conversations: [call("new")] });
  const kept = async () => {
    const rows = await app.house.db.withWorkspace(
      workspace.id,
      (tx) => tx<{ external_id: string }[]>`select external_id from conversation_transcripts order by external_id`,
    );
    return rows.map((row) => row.external_id);
  };
  await tidyWorkspace(app.house, workspace.id);
  expect(await kept()).toEqual(["new", "old"]);
  expect((await workspace.call("admin", "PATCH", "settings", { transcript_days: 14 })).body.transcript_days).toBe(14);
  await tidyWorkspace(app.house, workspace.id);
  expect(await kept()).toEqual(["new"]);
  const refused = await workspace.call("admin", "PATCH", "settings", { transcript_days: 0 });
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "transcript_days"]);
});
