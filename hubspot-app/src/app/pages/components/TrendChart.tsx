/** Week by week: how many calls had no deal, and what became of them. */
import { BarChart, Heading, Text, Tile } from "@hubspot/ui-extensions";
import { type GapTrend, useApp } from "@pandora/hs-shared";

const kinds = ["still_open", "created", "linked", "dismissed"] as const;

export function TrendChart({ trend }: { trend: GapTrend }) {
  const { words, format } = useApp();
  const says = words.home;
  if (trend.weeks.every(({ found }) => found === 0)) {
    return (
      <Tile>
        <Heading>{says.trend}</Heading>
        <Text>{says.trendEmpty}</Text>
      </Tile>
    );
  }
  return (
    <Tile>
      <BarChart
        data={trend.weeks.flatMap((week) =>
          kinds.map((kind) => ({ week: format.shortDay(week.week), kind: says.trendKinds[kind], calls: week[kind] })),
        )}
        axes={{
          x: { field: "week", fieldType: "category", label: says.trendWeek },
          y: { field: "calls", fieldType: "linear", label: says.trendCalls },
          options: {
            stacking: true,
            groupFieldByColor: "kind",
            colors: {
              [says.trendKinds.still_open]: "orange",
              [says.trendKinds.created]: "green",
              [says.trendKinds.linked]: "blue",
              [says.trendKinds.dismissed]: "darkAqua",
            },
          },
        }}
        options={{ title: says.trend, showLegend: true, showTooltips: true }}
      />
    </Tile>
  );
}
