/** The list of runs, newest first. */
import {
  Button,
  Flex,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { type ListOf, type Load, type Run, StateView, useApp } from "@pandora/hs-shared";
import { failed, leftAlone, triggerWords } from "../../lib/run-facts.ts";
import { MoreOf, type Pages } from "../parts/paged.tsx";
import { Section } from "../parts/section.tsx";
import { StaleNote } from "../parts/stale-note.tsx";
import { useSettings } from "../settings-context.tsx";
import { runLooks } from "./run-view.tsx";

export function PastRuns(props: {
  load: Load<ListOf<Run>>;
  pages: Pages<Run>;
  shown: string | null;
  onOpen: (id: string) => void;
}) {
  const { load, pages, shown, onOpen } = props;
  const { words } = useSettings();
  const said = words.runs;
  const { columns } = said;
  return (
    <Section title={said.past}>
      <StaleNote load={load} />
      <StateView load={load} isEmpty={({ items }) => items.length === 0} empty={<Text>{said.none}</Text>}>
        {() => (
          <Flex direction="column" gap="sm">
            <Table bordered density="condensed">
              <TableHead>
                <TableRow>
                  <TableHeader>{columns.run}</TableHeader>
                  <TableHeader>{columns.status}</TableHeader>
                  <TableHeader align="right">{columns.written}</TableHeader>
                  <TableHeader align="right">{columns.left}</TableHeader>
                  <TableHeader align="right">{columns.failed}</TableHeader>
                  <TableHeader>{columns.actions}</TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {pages.items.map((run) => (
                  <PastRun key={run.id} run={run} isShown={run.id === shown} onOpen={onOpen} />
                ))}
              </TableBody>
            </Table>
            <MoreOf pages={pages} />
          </Flex>
        )}
      </StateView>
    </Section>
  );
}

function PastRun({ run, isShown, onOpen }: { run: Run; isShown: boolean; onOpen: (id: string) => void }) {
  const { format } = useApp();
  const { words, nameOf } = useSettings();
  const said = words.runs;
  const written = format.number(run.totals.written);
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: isShown ? "bold" : "regular" }}>
          {said.of(said.kinds[run.kind], format.moment(run.created_at))}
        </Text>
        <Text variant="microcopy">{said.by(nameOf(run.initiated_by), triggerWords(run.trigger, words))}</Text>
      </TableCell>
      <TableCell>
        <StatusTag variant={runLooks[run.status]}>{said.statuses[run.status]}</StatusTag>
      </TableCell>
      <TableCell align="right">{run.kind === "dry_run" ? said.wouldChange(written) : written}</TableCell>
      <TableCell align="right">{format.number(leftAlone(run.totals))}</TableCell>
      <TableCell align="right">{format.number(failed(run.totals))}</TableCell>
      <TableCell>
        <Button size="xs" disabled={isShown} testId={`open-run-${run.id}`} onClick={() => onOpen(run.id)}>
          {said.open}
        </Button>
      </TableCell>
    </TableRow>
  );
}
