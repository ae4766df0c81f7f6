/** What a score is made of: each part with its points and a sentence, what cost the most first. */
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow, Text } from "@hubspot/ui-extensions";
import { type RecordCard, useApp } from "@pandora/hs-shared";

type Factor = RecordCard["scores"][number]["factors"][number];

export function FactorTable({ factors }: { factors: readonly Factor[] }) {
  const { words, format } = useApp();
  const says = words.card;
  const counted = factors.filter(({ max, points }) => max > 0 || points !== 0);
  const sorted = [...counted].sort((one, other) => other.max - other.points - (one.max - one.points));
  return (
    <Table bordered density="condensed">
      <TableHead>
        <TableRow>
          <TableHeader>{says.factor}</TableHeader>
          <TableHeader>{says.sentence}</TableHeader>
          <TableHeader align="right">{says.points}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {sorted.map(({ key, label, sentence, points, max }) => (
          <TableRow key={key}>
            <TableCell>
              <Text format={{ fontWeight: "demibold" }}>{label}</Text>
            </TableCell>
            <TableCell>
              <Text>{sentence}</Text>
            </TableCell>
            <TableCell align="right">
              <Text>{max > 0 ? says.pointsOf(format.number(points), format.number(max)) : format.number(points)}</Text>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
