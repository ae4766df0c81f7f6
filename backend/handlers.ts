/** Job kind -> handler: the one place where names of jobs meet what they do. */

import type { House } from "./connections/house.ts";
import { isPause } from "./connections/open-crm.ts";
import { onHandOverKey } from "./connections/salesforce-keys.ts";
import { tidyWorkspace } from "./connections/tidy.ts";
import { deliveryGivenUp, onDelivery } from "./conversations/on-delivery.ts";
import { onPull } from "./conversations/on-pull.ts";
import { deleteOldTranscripts } from "./conversations/transcripts.ts";
import { onAutoCreate } from "./gaps/auto-create.ts";
import { lookAfterCreations, onCreateDeal } from "./gaps/on-create-deal.ts";
import { onSweep } from "./gaps/on-sweep.ts";
import { touchChangedRecords } from "./gaps/touch.ts";
import type { Handlers } from "./jobs/kinds.ts";
import { importGivenUp, onImport, type RecordsChanged } from "./mirror/on-import.ts";
import { onRound } from "./mirror/on-round.ts";
import { onTold } from "./mirror/on-told.ts";
import { noticeAutoCreated } from "./notify/auto-created.ts";
import { tidyNotices } from "./notify/keep.ts";
import { onLook } from "./notify/on-look.ts";
import { onSend, sendGivenUp } from "./notify/on-send.ts";
import { analyseChanged, analyseConversations } from "./skills/on-changes.ts";
import { onSkillRun, skillRunGivenUp } from "./skills/on-skill-run.ts";
import { failRun } from "./writeback/finish-run.ts";
import { onEnumerate } from "./writeback/on-enumerate.ts";
import { onForget } from "./writeback/on-forget.ts";
import { onRunUnits } from "./writeback/on-units.ts";
import { onCancel, onConnectionBack } from "./writeback/runs.ts";
import { onRunFinished, onSchedule } from "./writeback/triggers.ts";
import { onRecover } from "./writes/on-recover.ts";

export function createHandlers(house: House): Handlers {
  const units: Handlers["run.units"] = {
    run: (payload, signal) => onRunUnits(house, payload, signal),
    givenUp: (payload, error) => failRun(house, payload.workspace_id, payload.run_id, error),
  };
  // The mirror is a lower room than skills and gaps: it is told what to do with changed records.
  const analyse = analyseChanged(house);
  const touch = touchChangedRecords(house);
  const recordsChanged: RecordsChanged = async (tx, workspaceId, crm, changed) => {
    // In this order: the sweep too takes its own lock first and queues analyses then.
    await touch(tx, workspaceId, crm, changed);
    await analyse(tx, workspaceId, crm, changed);
  };
  return {
    "run.enumerate": {
      run: (payload) => onEnumerate(house, payload),
      givenUp: (payload, error) => failRun(house, payload.workspace_id, payload.run_id, error),
    },
    "run.units": units,
    "run.units-in-turn": units,
    "run.cancel": { run: (payload) => onCancel(house, payload) },
    "runs.resume": { run: (payload) => onConnectionBack(house, payload) },
    "writes.recover": {
      async run(payload) {
        await lookAfterCreations(house, payload.workspace_id);
        await unlessPaused(async () => void (await onRecover(house, payload)));
      },
    },
    "writeback.schedule": { run: (payload) => onSchedule(house, payload) },
    "writeback.run-finished": { run: (payload) => onRunFinished(house, payload) },
    "connections.hand-over-key": { run: (payload) => onHandOverKey(house, payload.workspace_id) },
    "mirror.import": {
      run: (payload, signal) => onImport(house, payload, signal, recordsChanged),
      givenUp: (payload, error) => importGivenUp(house, payload, error),
    },
    "mirror.round": { run: (payload, signal) => onRound(house, payload, signal, recordsChanged) },
    "mirror.told": { run: (payload) => onTold(house, payload, recordsChanged) },
    "privacy.forget": { run: (payload) => onForget(house, payload, recordsChanged) },
    "skill.run": {
      run: (payload, signal) => onSkillRun(house, payload, signal),
      givenUp: (payload, error) => skillRunGivenUp(house, payload, error),
    },
    "gaps.sweep": { run: (payload, signal) => onSweep(house, payload, signal, analyseConversations(house)) },
    "gaps.create-deal": { run: (payload) => onCreateDeal(house, payload, noticeAutoCreated) },
    "gaps.auto-create": { run: (payload, signal) => onAutoCreate(house, payload, signal, noticeAutoCreated) },
    "source.delivery": {
      run: (payload) => onDelivery(house, payload),
      givenUp: (payload, error) => deliveryGivenUp(house, payload, error),
    },
    "source.pull": { run: (payload, signal) => onPull(house, payload, signal) },
    "notify.look": { run: (payload) => onLook(house, payload) },
    "notify.send": { run: (payload) => onSend(house, payload), givenUp: (payload) => sendGivenUp(house, payload) },
    "workspace.tidy": {
      async run({ workspace_id }) {
        await tidyWorkspace(house, workspace_id);
        await deleteOldTranscripts(house, workspace_id);
        await tidyNotices(house, workspace_id);
      },
    },
  };
}

/** A dead connection or a used-up allowance is no failure: the next round, or the reconnect, takes the work up again. */
async function unlessPaused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isPause(error)) throw error;
  }
}
