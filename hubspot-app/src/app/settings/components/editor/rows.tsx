/** Rows of a builder: a kind, where it needs one a number, and a way to take the row out. */
import { Box, Button, Flex, Input, Select, Text } from "@hubspot/ui-extensions";

export type RowOf<Kind extends string> = { kind: Kind; number: string };

export function Rows<Kind extends string>(props: {
  name: string;
  said: {
    title: string;
    none: string;
    add: string;
    remove: (n: number) => string;
    kind: (n: number) => string;
    number: string;
    kinds: Record<Kind, string>;
  };
  rows: RowOf<Kind>[];
  /** What a row may be; the row's own kind is always offered. */
  kindsAt: (at: number) => Kind[];
  needsNumber: (kind: Kind) => boolean;
  faultAt: (at: number) => string | undefined;
  fault: string | undefined;
  onChange: (rows: RowOf<Kind>[]) => void;
}) {
  const { name, said, rows, kindsAt, needsNumber, faultAt, fault, onChange } = props;
  const change = (at: number, part: Partial<RowOf<Kind>>) =>
    onChange(rows.map((row, n) => (n === at ? { ...row, ...part } : row)));
  const [next] = kindsAt(rows.length);
  return (
    <Flex direction="column" gap="xs">
      <Text format={{ fontWeight: "demibold" }}>{said.title}</Text>
      {rows.length === 0 ? <Text variant="microcopy">{said.none}</Text> : null}
      {rows.map((row, at) => (
        // Rows have no name of their own: their place is what they are.
        <Flex key={`${name}-${at}`} direction="row" gap="sm" align="end">
          <Box flex={2}>
            <Select
              name={`${name}-kind-${at}`}
              label={said.kind(at + 1)}
              value={row.kind}
              options={[...new Set([row.kind, ...kindsAt(at)])].map((kind) => ({
                value: kind,
                label: said.kinds[kind] ?? kind,
              }))}
              error={!needsNumber(row.kind) && faultAt(at) !== undefined}
              validationMessage={needsNumber(row.kind) ? undefined : faultAt(at)}
              onChange={(kind) => change(at, { kind: kind as Kind })}
            />
          </Box>
          {needsNumber(row.kind) ? (
            <Box flex={1}>
              <Input
                name={`${name}-number-${at}`}
                label={said.number}
                value={row.number}
                error={faultAt(at) !== undefined}
                validationMessage={faultAt(at)}
                onInput={(number) => change(at, { number })}
                onChange={(number) => change(at, { number })}
              />
            </Box>
          ) : null}
          <Button
            size="xs"
            variant="transparent"
            testId={`${name}-remove-${at}`}
            onClick={() => onChange(rows.filter((_row, n) => n !== at))}
          >
            {said.remove(at + 1)}
          </Button>
        </Flex>
      ))}
      {fault ? (
        <Text variant="microcopy" format={{ fontWeight: "demibold" }}>
          {fault}
        </Text>
      ) : null}
      {next && rows.length < 5 ? (
        <Flex direction="row">
          <Button
            size="xs"
            testId={`${name}-add`}
            onClick={() => onChange([...rows, { kind: next, number: needsNumber(next) ? usualNumber : "" }])}
          >
            {said.add}
          </Button>
        </Flex>
      ) : null}
    </Flex>
  );
}

const usualNumber = "0";
