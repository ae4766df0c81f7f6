/** Conversation sources and how each is doing. */
import {
  Button,
  EmptyState,
  Flex,
  List,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { type Source, StateView, useApp } from "@pandora/hs-shared";
import { listSources } from "../../api/workspace.ts";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { Section } from "../parts/section.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { SourceActs } from "./source-acts.tsx";
import { SourceForm } from "./source-form.tsx";

const looks = { connected: "success", paused: "default", failing: "danger" } as const;

export function SourcesSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.conversations.sources;
  const load = useTopicLoad(["sources"], "sources", () => listSources(client));
  return (
    <Section
      title={said.title}
      action={
        <Button
          testId="add-source"
          overlay={
            <LazyPanel id="add-source" title={said.addTitle}>
              {() => <SourceForm panelId="add-source" source={null} />}
            </LazyPanel>
          }
        >
          {said.add}
        </Button>
      }
    >
      <StateView
        load={load}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title={said.none.title} imageName="callingSetUp" layout="vertical">
            <Text>{said.none.text}</Text>
          </EmptyState>
        }
      >
        {({ items }) => (
          <Table bordered density="condensed">
            <TableHead>
              <TableRow>
                <TableHeader>{said.columns.source}</TableHeader>
                <TableHeader width="auto">{said.columns.status}</TableHeader>
                <TableHeader>{said.columns.seen}</TableHeader>
                <TableHeader>{said.columns.received}</TableHeader>
                <TableHeader>{said.columns.actions}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map((source) => (
                <SourceRow key={source.id} source={source} />
              ))}
            </TableBody>
          </Table>
        )}
      </StateView>
    </Section>
  );
}

function SourceRow({ source }: { source: Source }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.conversations.sources;
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: "demibold" }}>{source.name}</Text>
        {source.name === said.kinds[source.kind] ? null : <Text variant="microcopy">{said.kinds[source.kind]}</Text>}
      </TableCell>
      <TableCell>
        <Flex direction="column" gap="xs" align="start">
          <StatusTag variant={looks[source.status]}>{said.statuses[source.status]}</StatusTag>
          {source.last_error ? <Text>{source.last_error}</Text> : null}
          {source.retry_at && source.status !== "paused" ? (
            <Text variant="microcopy">{said.retry(format.ago(source.retry_at))}</Text>
          ) : null}
          {source.notes.map((note) => (
            <Text key={note} variant="microcopy">
              {note}
            </Text>
          ))}
        </Flex>
      </TableCell>
      <TableCell>{source.last_seen_at ? format.ago(source.last_seen_at) : words.never}</TableCell>
      <TableCell>
        <Text>{format.number(source.received)}</Text>
        {source.refused > 0 ? <Text variant="microcopy">{said.refused(format.number(source.refused))}</Text> : null}
        {source.recent_refusals.length > 0 ? (
          <List>
            {source.recent_refusals.slice(0, 3).map((one) => (
              <Text key={one.external_id} variant="microcopy">
                {one.reason}
              </Text>
            ))}
          </List>
        ) : null}
      </TableCell>
      <TableCell>
        <SourceActs source={source} />
      </TableCell>
    </TableRow>
  );
}
