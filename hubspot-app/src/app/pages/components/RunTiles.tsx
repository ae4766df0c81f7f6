/** What is being written right now, with its progress; else the last sync. */
import { Alert, Button, Flex, Heading, ProgressBar, StatusTag, Text, Tile } from "@hubspot/ui-extensions";
import { getRun, type Run, useApp, usePoll } from "@pandora/hs-shared";

const openStatuses: Run["status"][] = ["queued", "running", "cancelling"];
const variants: Record<Run["status"], "success" | "warning" | "danger" | "info" | "default"> = {
  queued: "default",
  running: "info",
  paused: "warning",
  cancelling: "warning",
  cancelled: "default",
  completed: "success",
  completed_with_errors: "warning",
  failed: "danger",
};

export function RunTiles({ runs }: { runs: readonly Run[] }) {
  const { words } = useApp();
  const says = words.home;
  const open = runs.filter(({ status }) => openStatuses.includes(status) || status === "paused");
  const last = runs.find(
    ({ kind, status }) => kind === "sync" && !openStatuses.includes(status) && status !== "paused",
  );
  return (
    <Tile>
      <Flex direction="column" gap="md">
        <Heading>{open.length > 0 ? says.running : says.lastRun}</Heading>
        {open.map((run) => (
          <RunningTile key={run.id} begun={run} />
        ))}
        {open.length === 0 ? last ? <RunLine run={last} /> : <Text>{says.noRuns}</Text> : null}
      </Flex>
    </Tile>
  );
}

function RunningTile({ begun }: { begun: Run }) {
  const { client, words, format } = useApp();
  const says = words.home;
  const poll = usePoll(
    begun.id,
    () => getRun(client, begun.id),
    ({ status }) => !openStatuses.includes(status),
  );
  const run = poll.data ?? begun;
  if (!openStatuses.includes(run.status)) return <RunLine run={run} />;
  const { done, records } = run.totals;
  // Of a run's values only the records are counted ahead; each mapping that applies looks at all of them.
  const expected = records === null ? null : records * Math.max(1, run.by_mapping.length);
  const left = run.eta_s === null ? null : says.runLeft(format.minutes(Math.max(1, Math.ceil(run.eta_s / 60))));
  const rate = run.rate_per_s === null ? null : says.runRate(format.number(Math.round(run.rate_per_s)));
  return (
    <Flex direction="column" gap="xs">
      <ProgressBar
        title={`${says.runKinds[run.kind]}: ${says.runStatuses[run.status]}`}
        value={done}
        maxValue={Math.max(1, expected ?? done, done)}
        showPercentage={expected !== null}
        valueDescription={[countsOf(run, format, says.runCounts), rate, left].filter(Boolean).join(" · ")}
      />
      {poll.failure ? (
        <Alert title={words.create.progress.lost} variant="warning">
          <Button size="xs" onClick={poll.resume}>
            {words.create.progress.askAgain}
          </Button>
        </Alert>
      ) : null}
    </Flex>
  );
}

function RunLine({ run }: { run: Run }) {
  const { words, format } = useApp();
  const says = words.home;
  const at = run.finished_at ?? run.started_at ?? run.created_at;
  return (
    <Flex direction="column" gap="xs">
      <StatusTag variant={variants[run.status]}>
        {`${says.runKinds[run.kind]}: ${says.runStatuses[run.status]}`}
      </StatusTag>
      <Text variant="microcopy">
        {[countsOf(run, format, says.runCounts), (run.finished_at ? says.finished : says.started)(format.ago(at))].join(
          " · ",
        )}
      </Text>
      {run.status_reason ? <Text>{run.status_reason}</Text> : null}
    </Flex>
  );
}

function countsOf(
  { totals }: Run,
  format: ReturnType<typeof useApp>["format"],
  says: (written: string, done: string) => string,
): string {
  return says(format.number(totals.written), format.number(totals.done));
}
