/** Entries of the log; a write that still stands can be undone. */
import {
  Flex,
  Link,
  LoadingButton,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { failureWords, type LogEntry, type Mapping, type Once, useApp, useMutation } from "@pandora/hs-shared";
import { undoWrite } from "../../api/runs.ts";
import { placeOf, triggerWords } from "../../lib/run-facts.ts";
import { useOnce } from "../parts/use-once.ts";
import { valueText } from "../parts/value.tsx";
import { useSettings } from "../settings-context.tsx";

const looks = {
  success: "success",
  skipped: "default",
  error: "danger",
  pending: "info",
  cancelled: "default",
} as const;

export function LogTable(props: { entries: LogEntry[]; mappings: Mapping[]; onUndone: () => void }) {
  const { entries, mappings, onUndone } = props;
  const { words, can } = useSettings();
  const { columns } = words.log;
  const mayUndo = can("undo_writes");
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{columns.record}</TableHeader>
          <TableHeader>{columns.property}</TableHeader>
          <TableHeader width="auto">{columns.change}</TableHeader>
          <TableHeader width="auto">{columns.what}</TableHeader>
          {mayUndo ? <TableHeader>{columns.undo}</TableHeader> : null}
        </TableRow>
      </TableHead>
      <TableBody>
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            property={propertyOf(entry, mappings)}
            mayUndo={mayUndo}
            onUndone={onUndone}
          />
        ))}
      </TableBody>
    </Table>
  );
}

function Entry(props: { entry: LogEntry; property: string; mayUndo: boolean; onUndone: () => void }) {
  const { entry, property, mayUndo, onUndone } = props;
  const { format } = useApp();
  const { words, nameOf } = useSettings();
  const said = words.log;
  const name = entry.record_name ?? said.noName;
  return (
    <TableRow>
      <TableCell>
        {entry.record_url ? <Link href={{ url: entry.record_url, external: true }}>{name}</Link> : <Text>{name}</Text>}
        <Text variant="microcopy">{placeOf(entry, words)}</Text>
      </TableCell>
      <TableCell>{property}</TableCell>
      <TableCell>
        <Change entry={entry} />
      </TableCell>
      <TableCell>
        <Decision entry={entry} />
        <Text variant="microcopy">
          {`${format.moment(entry.created_at)} · ${said.who(nameOf(entry.initiated_by), triggerWords(entry.trigger_source, words))}`}
        </Text>
      </TableCell>
      {mayUndo ? (
        <TableCell>
          {entry.can_undo ? <Undo entry={entry} property={property} record={name} onUndone={onUndone} /> : " "}
        </TableCell>
      ) : null}
    </TableRow>
  );
}

function Change({ entry }: { entry: LogEntry }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.log;
  const before = valueText(entry.previous_value, format, 120) ?? words.blank;
  if (entry.status === "skipped" || entry.status === "error" || entry.status === "cancelled") {
    return <Text>{said.stays(before)}</Text>;
  }
  return (
    <Flex direction="column" gap="flush">
      <Text variant="microcopy">{said.before(before)}</Text>
      <Text>{said.after(valueText(entry.expected_value ?? entry.value_written, format, 120) ?? words.blank)}</Text>
    </Flex>
  );
}

function Decision({ entry }: { entry: LogEntry }) {
  const { words } = useSettings();
  const said = words.log;
  const label = entry.undoes && entry.status === "success" ? said.takenBack : said.statuses[entry.status];
  return (
    <Flex direction="column" gap="flush" align="start">
      <StatusTag variant={entry.undone_by ? "default" : looks[entry.status]}>
        {entry.undone_by ? said.undone : label}
      </StatusTag>
      {entry.reason_text ? <Text>{entry.reason_text}</Text> : null}
    </Flex>
  );
}

function Undo(props: { entry: LogEntry; property: string; record: string; onUndone: () => void }) {
  const { entry, property, record, onUndone } = props;
  const { client, host, words: common } = useApp();
  const { words, changed } = useSettings();
  const said = words.log.outcomes;
  const undo = useMutation<{ id: string }, LogEntry>((body: Once & { id: string }) => undoWrite(client, body));
  const press = useOnce(async () => {
    const result = await undo.run({ id: entry.id });
    if (!result.ok) {
      const { title, text } = failureWords(result.failure, common);
      host.tell("danger", `${title}. ${text}`);
      return;
    }
    const { status, reason_text } = result.data;
    const why = reason_text ?? words.reasons["nothing_to_undo"] ?? "";
    if (status === "success") host.tell("success", said.done(property, record));
    else host.tell("warning", status === "error" ? said.failed(why) : said.left(why));
    changed("mappings");
    onUndone();
  });
  return (
    <LoadingButton size="xs" loading={undo.isPending} testId={`undo-${entry.id}`} onClick={() => void press()}>
      {words.log.undo}
    </LoadingButton>
  );
}

/** As the CRM labels it where a mapping tells; a deleted mapping's property keeps its plain name, without underscores. */
export function propertyOf(entry: LogEntry, mappings: readonly Mapping[]): string {
  const mapping = mappings.find(
    (one) =>
      one.id === entry.mapping_id ||
      (one.crm_property_name === entry.crm_property_name && one.crm_object_type === entry.crm_object_type),
  );
  if (mapping) return mapping.crm_property_label;
  const plain = entry.crm_property_name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
