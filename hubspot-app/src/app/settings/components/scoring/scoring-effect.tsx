/** What a change of weights would do to real records. */
import {
  Flex,
  Heading,
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
import { type ScoringPreview, useApp } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";

export function ScoringEffect({ effect }: { effect: ScoringPreview }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.scoring.effect;
  const { mean_before: before, mean_after: after } = effect;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{said.title}</Heading>
      <Text variant="microcopy">{said.records(format.number(effect.records))}</Text>
      {effect.up + effect.down === 0 ? (
        <Text>{said.none}</Text>
      ) : (
        <>
          <Statistics>
            <StatisticsItem label={said.up} number={format.number(effect.up)} />
            <StatisticsItem label={said.down} number={format.number(effect.down)} />
            {before !== null && after !== null ? (
              <StatisticsItem label={said.mean} number={said.meanFromTo(format.number(before), format.number(after))} />
            ) : null}
          </Statistics>
          <Table density="condensed" bordered>
            <TableHead>
              <TableRow>
                <TableHeader width="auto">{said.record}</TableHeader>
                <TableHeader align="right">{said.before}</TableHeader>
                <TableHeader align="right">{said.after}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {effect.samples.slice(0, 10).map((sample) => (
                <TableRow key={sample.crm_record_id}>
                  <TableCell>{sample.record_name}</TableCell>
                  <TableCell align="right">{format.number(sample.before)}</TableCell>
                  <TableCell align="right">{format.number(sample.after)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </>
      )}
    </Flex>
  );
}
