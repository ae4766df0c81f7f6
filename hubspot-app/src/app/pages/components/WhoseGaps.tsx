/** By severity, and by rep. */
import {
  BarChart,
  Box,
  Flex,
  Heading,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
  Tile,
} from "@hubspot/ui-extensions";
import { type GapSummary, useApp } from "@pandora/hs-shared";

const severities = ["high", "medium", "low"] as const;
const repsMax = 10;

export function WhoseGaps({ summary }: { summary: GapSummary }) {
  const { words, format } = useApp();
  const says = words.home;
  if (summary.pending === 0) return null;
  return (
    <Flex direction="row" gap="md" wrap>
      <Box flex={2}>
        <Tile>
          <BarChart
            data={severities.map((severity) => ({
              severity: words.severity[severity],
              calls: summary.by_severity[severity],
            }))}
            axes={{
              x: { field: "severity", fieldType: "category" },
              y: { field: "calls", fieldType: "linear", label: says.trendCalls },
              options: {
                // One colour each; stacked, or each bar would keep room for the others.
                stacking: true,
                groupFieldByColor: "severity",
                colors: {
                  [words.severity.high]: "darkOrange",
                  [words.severity.medium]: "yellow",
                  [words.severity.low]: "aqua",
                },
              },
            }}
            options={{ title: says.bySeverity, showDataLabels: true, showLegend: false, showTooltips: true }}
          />
        </Tile>
      </Box>
      <Box flex={3}>
        <Tile>
          <Flex direction="column" gap="sm">
            <Heading>{says.byRep}</Heading>
            <Table density="condensed">
              <TableHead>
                <TableRow>
                  <TableHeader>{says.rep}</TableHeader>
                  {severities.map((severity) => (
                    <TableHeader key={severity} align="right">
                      {words.severity[severity]}
                    </TableHeader>
                  ))}
                  <TableHeader align="right">{says.total}</TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {summary.by_rep.slice(0, repsMax).map((row) => (
                  <TableRow key={row.email ?? row.rep ?? "-"}>
                    <TableCell>{row.rep ?? row.email ?? says.unknownRep}</TableCell>
                    {severities.map((severity) => (
                      <TableCell key={severity} align="right">
                        {format.number(row[severity])}
                      </TableCell>
                    ))}
                    <TableCell align="right">
                      <Text format={{ fontWeight: "demibold" }}>{format.number(row.pending)}</Text>
                    </TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </Flex>
        </Tile>
      </Box>
    </Flex>
  );
}
