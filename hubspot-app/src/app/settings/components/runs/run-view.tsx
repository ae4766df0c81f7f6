/** One run: how far it is, what came of it, what can be done about it. */
import { Alert, Button, Divider, Flex, Heading, StatusTag, Text, Tile } from "@hubspot/ui-extensions";
import { FailureNote, type Run, StateView, useApp, useLoad, usePoll } from "@pandora/hs-shared";
import { useEffect, useRef, useState } from "react";
import { getRun } from "../../api/runs.ts";
import { isLive, isStill, triggerWords } from "../../lib/run-facts.ts";
import { useSettings } from "../settings-context.tsx";
import { RunActs } from "./run-acts.tsx";
import { RunChanges } from "./run-changes.tsx";
import { RunProgress } from "./run-progress.tsx";
import { RunResult } from "./run-result.tsx";

export const runLooks = {
  queued: "info",
  running: "info",
  cancelling: "info",
  paused: "warning",
  cancelled: "default",
  completed: "success",
  completed_with_errors: "warning",
  failed: "danger",
} as const;

export function RunView(props: { id: string; onStarted: (run: Run) => void; onEnd: () => void; onClose: () => void }) {
  const { id, onStarted, onEnd, onClose } = props;
  const { client } = useApp();
  // A press of a button makes a new round: what was still moves again.
  const [round, setRound] = useState(0);
  const load = useLoad(id, () => getRun(client, id));
  const loaded = load.is.state === "ready" ? load.is.data : null;
  const wasLive = useRef(false);
  const poll = usePoll(
    loaded && isLive(loaded) ? `${id} ${round}` : null,
    async () => {
      const result = await getRun(client, id);
      if (result.ok && isStill(result.data)) load.put(result.data);
      return result;
    },
    isStill,
  );
  // What the poll saw last may be from before a pause.
  const run = loaded && isLive(loaded) && poll.data && isLive(poll.data) ? poll.data : loaded;
  const live = run ? isLive(run) : false;
  useEffect(() => {
    if (wasLive.current && !live) onEnd();
    wasLive.current = live;
  }, [live, onEnd]);
  const changedBy = (next: Run) => {
    load.put(next);
    setRound((n) => n + 1);
  };
  return (
    <StateView load={load}>
      {() =>
        run ? <Shown run={run} poll={poll} onChanged={changedBy} onStarted={onStarted} onClose={onClose} /> : null
      }
    </StateView>
  );
}

function Shown(props: {
  run: Run;
  poll: { failure: Parameters<typeof FailureNote>[0]["failure"]; resume: () => void };
  onChanged: (run: Run) => void;
  onStarted: (run: Run) => void;
  onClose: () => void;
}) {
  const { run, poll, onChanged, onStarted, onClose } = props;
  const { format } = useApp();
  const { words, nameOf } = useSettings();
  const said = words.runs;
  const who = said.by(nameOf(run.initiated_by), triggerWords(run.trigger, words));
  return (
    <Tile>
      <Flex direction="column" gap="md">
        <Flex direction="row" justify="between" align="center" gap="md" wrap>
          <Flex direction="column" gap="flush">
            <Heading>{said.of(said.kinds[run.kind], format.moment(run.created_at))}</Heading>
            <Text variant="microcopy">{who}</Text>
          </Flex>
          <Flex direction="row" gap="sm" align="center">
            <StatusTag variant={runLooks[run.status]}>{said.statuses[run.status]}</StatusTag>
            {isLive(run) ? null : (
              <Button size="xs" variant="transparent" onClick={onClose}>
                {words.close}
              </Button>
            )}
          </Flex>
        </Flex>
        {run.status === "paused" ? (
          <Alert title={said.pausedTitle} variant="warning">
            <Text>{run.status_reason ?? said.statuses.paused}</Text>
          </Alert>
        ) : null}
        {run.status === "failed" ? (
          <Alert title={said.statuses.failed} variant="danger">
            <Text>{run.status_reason ?? said.statuses.failed}</Text>
          </Alert>
        ) : null}
        {isLive(run) ? <RunProgress run={run} /> : null}
        {poll.failure ? <FailureNote failure={poll.failure} onRetry={poll.resume} /> : null}
        <RunResult run={run} />
        <RunActs run={run} onChanged={onChanged} onStarted={onStarted} />
        {isLive(run) ? null : (
          <>
            <Divider />
            <RunChanges run={run} />
          </>
        )}
      </Flex>
    </Tile>
  );
}
