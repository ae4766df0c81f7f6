/** What came of a run: numbers, reasons, and the same by mapping. */
import {
  Accordion,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Statistics,
  StatisticsItem,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { type Run, useApp } from "@pandora/hs-shared";
import { failed, leftAlone, placeOf, whys } from "../../lib/run-facts.ts";
import { useSettings } from "../settings-context.tsx";

export function RunResult({ run }: { run: Run }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.runs;
  const reasons = whys(run.totals, words);
  return (
    <Flex direction="column" gap="md">
      <Figures run={run} />
      {reasons.length > 0 ? (
        <Flex direction="column" gap="xs">
          <Text format={{ fontWeight: "demibold" }}>{said.why}</Text>
          <DescriptionList direction="row">
            {reasons.map(({ text, n }) => (
              <DescriptionListItem key={text} label={text}>
                <Text>{format.number(n)}</Text>
              </DescriptionListItem>
            ))}
          </DescriptionList>
        </Flex>
      ) : null}
      {run.by_mapping.length > 0 ? (
        <Accordion title={said.byMapping} size="sm" defaultOpen={run.by_mapping.length > 1}>
          <ByMapping run={run} />
        </Accordion>
      ) : null}
    </Flex>
  );
}

function Figures({ run }: { run: Run }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.runs;
  const { report, totals } = run;
  const figures: [string, number][] = report
    ? (["would_change", "unchanged", "skipped", "invalid", "total"] as const).map((key) => [
        said.report[key],
        report[key],
      ])
    : [
        [run.kind === "undo" ? said.result.undone : said.result.written, totals.written],
        [said.result.already_current, totals.already_current],
        [said.result.skipped, leftAlone(totals)],
        [said.result.failed, failed(totals)],
      ];
  return (
    <Flex direction="column" gap="xs">
      {report ? (
        <Text format={{ fontWeight: "demibold" }}>{`${said.report.title}. ${said.report.nothingWritten}`}</Text>
      ) : null}
      <Statistics>
        {figures.map(([label, n]) => (
          <StatisticsItem key={label} label={label} number={format.number(n)} />
        ))}
      </Statistics>
    </Flex>
  );
}

function ByMapping({ run }: { run: Run }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.runs;
  return (
    <Table density="compact">
      <TableHead>
        <TableRow>
          <TableHeader>{said.mapping}</TableHeader>
          <TableHeader align="right">
            {run.kind === "dry_run" ? said.report.would_change : said.result.written}
          </TableHeader>
          <TableHeader align="right">{said.result.already_current}</TableHeader>
          <TableHeader align="right">{said.result.skipped}</TableHeader>
          <TableHeader align="right">{said.result.failed}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {run.by_mapping.map((one) => (
          <TableRow key={one.mapping_id}>
            <TableCell>{`${one.crm_property_label} (${placeOf(one, words)})`}</TableCell>
            <TableCell align="right">{format.number(one.written)}</TableCell>
            <TableCell align="right">{format.number(one.already_current)}</TableCell>
            <TableCell align="right">{format.number(leftAlone(one))}</TableCell>
            <TableCell align="right">{format.number(failed(one))}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
