/** What Pandora wrote into this record's properties, when, and why it did not. */
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow, Text } from "@hubspot/ui-extensions";
import { type Format, type RecordCard, useApp } from "@pandora/hs-shared";

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
              <Text>{valueText(entry.value, format) ?? says.neverWritten}</Text>
              {entry.last_decision_text && !asUsual.has(entry.last_decision ?? "") ? (
                <Text variant="microcopy">{entry.last_decision_text}</Text>
              ) : null}
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

/** Nothing was written because nothing had to be: no news for a rep. */
const asUsual = new Set(["written", "already_current", "already_appended", "unchanged_since_last_write"]);

function valueText(value: string | null, format: Format): string | null {
  return value !== null && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? format.moment(value) : value;
}
