/** The app's home: how many calls have no deal, whose they are, week by week, which to look at first, and what is being written. */
import { Flex } from "@hubspot/ui-extensions";
import {
  AppProvider,
  gapSummary,
  gapTrend,
  listGaps,
  listRuns,
  type PagesActions,
  type PagesContext,
  StateView,
  session,
  useApp,
  useLoad,
} from "@pandora/hs-shared";
import { RunTiles } from "./RunTiles.tsx";
import { SummaryTiles } from "./SummaryTiles.tsx";
import { TopGaps } from "./TopGaps.tsx";
import { TrendChart } from "./TrendChart.tsx";
import { WhoseGaps } from "./WhoseGaps.tsx";

export type HomePageProps = { context: PagesContext; actions: PagesActions };

const weeks = 12;
const topMax = 5;

export function HomePage({ context, actions }: HomePageProps) {
  return (
    <AppProvider context={context} actions={actions}>
      <Home />
    </AppProvider>
  );
}

function Home() {
  const { client } = useApp();
  const who = useLoad("session", () => session(client));
  const isKnown = who.is.state === "ready";
  // The others wait for the first answer: where Pandora is not connected, one message says so, and not five.
  const summary = useLoad(isKnown ? "summary" : null, () => gapSummary(client));
  const trend = useLoad(isKnown ? "trend" : null, () => gapTrend(client, weeks));
  const top = useLoad(isKnown ? "top" : null, () => listGaps(client, { limit: topMax }));
  const runs = useLoad(isKnown ? "runs" : null, () => listRuns(client, 5));
  const changed = () => {
    void summary.reload();
    void trend.reload();
    void top.reload();
  };
  return (
    <StateView load={who}>
      {({ abilities, workspace }) => (
        <Flex direction="column" gap="lg">
          <StateView load={summary}>
            {(read) => <SummaryTiles summary={read} currency={workspace.currency} />}
          </StateView>
          <StateView load={top}>
            {(read) => (
              <TopGaps
                gaps={read.items}
                pending={summary.is.state === "ready" ? summary.is.data.pending : read.items.length}
                canAct={abilities.includes("act_on_gaps")}
                onChanged={changed}
              />
            )}
          </StateView>
          <StateView load={summary}>{(read) => <WhoseGaps summary={read} />}</StateView>
          <StateView load={trend}>{(read) => <TrendChart trend={read} />}</StateView>
          <StateView load={runs}>{(read) => <RunTiles runs={read.items} />}</StateView>
        </Flex>
      )}
    </StateView>
  );
}
