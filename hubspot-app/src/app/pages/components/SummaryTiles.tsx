import { Flex, Statistics, StatisticsItem, Text } from "@hubspot/ui-extensions";
import { type GapSummary, useApp } from "@pandora/hs-shared";

export function SummaryTiles({ summary, currency }: { summary: GapSummary; currency: string }) {
  const { words, format } = useApp();
  const says = words.home;
  const { created, linked, dismissed } = summary.this_month;
  return (
    <Flex direction="column" gap="sm">
      <Statistics>
        <StatisticsItem label={says.pending} number={format.number(summary.pending)}>
          <Text variant="microcopy">{says.ofThemHigh(format.number(summary.by_severity.high))}</Text>
        </StatisticsItem>
        <StatisticsItem label={says.estimated} number={worthOf(summary, currency, format, says.noEstimate)} />
        <StatisticsItem label={says.createdThisMonth} number={format.number(created)} />
        <StatisticsItem label={says.linkedThisMonth} number={format.number(linked)} />
        <StatisticsItem label={says.dismissedThisMonth} number={format.number(dismissed)} />
      </Statistics>
      <Text variant="microcopy">{summary.estimated_pipeline_text}</Text>
    </Flex>
  );
}

/** In the account's own currency where there is an amount in it: amounts of several can't be added. */
function worthOf(
  { estimated_pipeline }: GapSummary,
  currency: string,
  format: ReturnType<typeof useApp>["format"],
  none: string,
): string {
  const amounts = estimated_pipeline?.by_currency ?? [];
  const shown = amounts.find((each) => each.currency === currency) ?? amounts[0];
  return shown ? format.money(shown.amount, shown.currency) : none;
}
