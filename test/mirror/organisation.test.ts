/** An admin turns a stage into a closed one: no deal was touched, and yet what Pandora says of them changes. */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Stage } from "../../backend/crm/port.ts";
import { putOrganisation } from "../../backend/mirror/organisation.ts";
import { newDatabase } from "../support/database.ts";

const { db } = await newDatabase();
const stage = (isClosed: boolean): Stage => ({
  ...{ pipelineId: "p", pipelineLabel: "Sales", stageId: "s", stageLabel: "Signed", sortOrder: 1 },
  ...{ isClosed, isWon: isClosed, probability: isClosed ? 1 : 0.9 },
});

test("deals that a stage opened or closed are named, once", async () => {
  const id = randomUUID();
  const put = (isClosed: boolean) =>
    db.withWorkspace(id, (tx) =>
      putOrganisation(
        tx,
        { workspaceId: id, crm: "hubspot", now: new Date() },
        { owners: [], stages: [stage(isClosed)] },
      ),
    );
  await db.withWorkspace(id, async (tx) => {
    await tx`insert into workspaces (workspace_id, name) values (${id}, 'Acme')`;
    await tx`
      insert into deals (workspace_id, crm, crm_id, pipeline_id, stage_id, is_closed, is_won, synced_at)
      values (${id}, 'hubspot', '1', 'p', 's', false, false, now()), (${id}, 'hubspot', '2', 'p', 'other', false, false, now())`;
  });
  expect(await put(false)).toEqual([]);
  expect(await put(true)).toEqual(["1"]);
  expect(await put(true)).toEqual([]);
  const rows = await db.withWorkspace(id, (tx) => tx`select crm_id, is_closed, is_won from deals order by crm_id`);
  expect(rows).toEqual([
    { crm_id: "1", is_closed: true, is_won: true },
    { crm_id: "2", is_closed: false, is_won: false },
  ]);
});
