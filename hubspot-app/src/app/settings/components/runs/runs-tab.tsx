/** Dry runs and syncs: start them, watch them, look at past ones. */
import { Divider, Flex } from "@hubspot/ui-extensions";
import { type Run, useApp } from "@pandora/hs-shared";
import { useState } from "react";
import { pageOfRuns } from "../../api/runs.ts";
import { usePages } from "../parts/paged.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { PastRuns } from "./past-runs.tsx";
import { RunView } from "./run-view.tsx";
import { StartRun } from "./start-run.tsx";

export function RunsTab() {
  const { client } = useApp();
  const { shownRun, can, changed, openRun } = useSettings();
  const runs = useTopicLoad(["runs"], "runs", () => pageOfRuns(client));
  const pages = usePages<Run>(runs, (cursor) => pageOfRuns(client, cursor));
  const [closed, setClosed] = useState<string | null>(null);
  // Opened from elsewhere or from the list; else the newest one, so that coming back shows how it went.
  const shown = shownRun ?? pages.items[0]?.id ?? null;
  const started = (run: Run) => {
    changed("runs");
    setClosed(null);
    openRun(run.id);
  };
  return (
    <Flex direction="column" gap="lg">
      {can("run_sync") ? <StartRun onStarted={started} /> : null}
      {shown && shown !== closed ? (
        <RunView
          key={shown}
          id={shown}
          onStarted={started}
          onEnd={() => changed("runs", "mappings", "log")}
          onClose={() => setClosed(shown)}
        />
      ) : null}
      <Divider />
      <PastRuns
        load={runs}
        pages={pages}
        shown={shown === closed ? null : shown}
        onOpen={(id) => {
          setClosed(null);
          openRun(id);
        }}
      />
    </Flex>
  );
}
