/** How far a run is: bar, rate, time left. */
import { Flex, ProgressBar, Text } from "@hubspot/ui-extensions";
import { type Run, useApp } from "@pandora/hs-shared";
import { percentOf, timeLeft } from "../../lib/run-facts.ts";
import { useSettings } from "../settings-context.tsx";

export function RunProgress({ run }: { run: Run }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.runs;
  const percent = percentOf(run);
  const facts = [
    said.done(format.number(run.totals.done)),
    run.totals.records === null ? null : said.records(format.number(run.totals.records)),
    run.rate_per_s === null ? null : said.rate(format.number(run.rate_per_s)),
    run.eta_s === null ? null : said.left(timeLeft(run.eta_s, words, format.number)),
  ].filter((fact) => fact !== null);
  return (
    <Flex direction="column" gap="xs">
      <ProgressBar
        title={percent === null ? said.statuses[run.status] : said.progress}
        aria-label={said.progressOf(said.kinds[run.kind])}
        // Before the first values are through nobody can say how long it takes: an empty bar, no percentage.
        value={percent ?? 0}
        maxValue={100}
        showPercentage={percent !== null}
      />
      <Text variant="microcopy">{facts.join(" · ")}</Text>
    </Flex>
  );
}
