/** What Pandora wrote into this record's properties, when, and why it did not. */
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow, Text } from "@hubspot/ui-extensions";
import { type RecordCard, useApp } from "@pandora/hs-shared";

export function WrittenTable({ written }: { written: RecordCard["written"] }) {
  const { words, format } = useApp();
  const says = words.card;
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{says.writtenProperty}</TableHeader>
          <TableHeader>{says.writtenValue}</TableHeader>
          <TableHeader>{says.writtenWhen}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {written.map((entry) => (
          <TableRow key={entry.mapping_id}>
            <TableCell>
              <Text>{entry.crm_property_label}</Text>
            </TableCell>
            <TableCell>
              <Text>{entry.value ?? says.neverWritten}</Text>
              {entry.last_decision_text ? <Text variant="microcopy">{entry.last_decision_text}</Text> : null}
            </TableCell>
            <TableCell>
              <Text>{entry.written_at ? format.moment(entry.written_at) : says.notYet}</Text>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
