/** Cancel, go on, retry, undo: what a run's state allows. */
import { Button, ButtonRow } from "@hubspot/ui-extensions";
import { type Once, type Run, useApp } from "@pandora/hs-shared";
import { actOnRun, type RunAct, startRun } from "../../api/runs.ts";
import { failed, isLive } from "../../lib/run-facts.ts";
import { Act } from "../parts/act.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { useSettings } from "../settings-context.tsx";

type Body = { id: string; act: RunAct };

export function RunActs(props: { run: Run; onChanged: (run: Run) => void; onStarted: (run: Run) => void }) {
  const { run, onChanged, onStarted } = props;
  const { client, format } = useApp();
  const { words, can } = useSettings();
  const said = words.runs;
  const send = (body: Once & Body) => actOnRun(client, body);
  const may = can("run_sync");
  const canCancel = may && (run.status === "queued" || run.status === "running" || run.status === "paused");
  const canRetry = may && !isLive(run) && run.status !== "paused" && run.kind !== "dry_run" && failed(run.totals) > 0;
  const canUndo = can("undo_writes") && !isLive(run) && ["sync", "retry"].includes(run.kind) && run.totals.written > 0;
  const canSync = may && run.kind === "dry_run" && run.status === "completed" && run.totals.written > 0;
  const mappingIds = run.by_mapping.map(({ mapping_id }) => mapping_id);
  return (
    <ButtonRow>
      {may && run.status === "paused" ? (
        <Act
          variant="primary"
          testId="run-resume"
          send={send}
          body={{ id: run.id, act: "resume" }}
          done={() => said.resumed}
          onDone={onChanged}
        >
          {said.resume}
        </Act>
      ) : null}
      {canCancel ? (
        <Act
          testId="run-cancel"
          send={send}
          body={{ id: run.id, act: "cancel" }}
          done={() => said.cancelled}
          onDone={onChanged}
        >
          {said.cancel}
        </Act>
      ) : null}
      {canSync ? (
        <Act
          variant="primary"
          testId="run-sync"
          send={(body: Once & { mapping_ids: string[] }) => startRun(client, "sync", body)}
          body={{ mapping_ids: mappingIds }}
          onDone={onStarted}
        >
          {said.sync}
        </Act>
      ) : null}
      {canRetry ? (
        <Act
          variant="primary"
          testId="run-retry"
          send={send}
          body={{ id: run.id, act: "retry-failed" }}
          onDone={onStarted}
        >
          {said.retryFailed}
        </Act>
      ) : null}
      {canUndo ? (
        <Button
          variant="destructive"
          testId="run-undo"
          overlay={
            <Confirm
              id={`undo-run-${run.id}`}
              title={said.undoTitle}
              text={said.undoText(format.number(run.totals.written))}
              confirm={said.undo}
              isDangerous
              send={send}
              body={{ id: run.id, act: "undo" }}
              onDone={onStarted}
            />
          }
        >
          {said.undo}
        </Button>
      ) : null}
    </ButtonRow>
  );
}
