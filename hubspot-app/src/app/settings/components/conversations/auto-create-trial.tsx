/** What the rule would make now, and why not the others. */
import {
  Flex,
  Heading,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import type { AutoCreateDryRun } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";

const shownMax = 20;

export function AutoCreateTrial({ found }: { found: AutoCreateDryRun }) {
  const { words } = useSettings();
  const said = words.conversations.auto;
  const { columns } = said;
  const { would_create: made, skipped } = found;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{made.length === 0 ? said.wouldMakeNone : said.wouldMake(made.length)}</Heading>
      <Text variant="microcopy">{said.madeToday(found.made_today, found.daily_cap)}</Text>
      {made.length > 0 ? (
        <Table bordered density="condensed">
          <TableHead>
            <TableRow>
              <TableHeader width="auto">{columns.call}</TableHeader>
              <TableHeader width="auto">{columns.deal}</TableHeader>
              <TableHeader>{columns.rep}</TableHeader>
              <TableHeader align="right">{columns.contacts}</TableHeader>
            </TableRow>
          </TableHead>
          <TableBody>
            {made.slice(0, shownMax).map((one) => (
              <TableRow key={one.conversation_id}>
                <TableCell>
                  <Text>{one.title}</Text>
                  {one.company ? <Text variant="microcopy">{one.company}</Text> : null}
                </TableCell>
                <TableCell>
                  <Text>{one.deal_name}</Text>
                  {one.new_company ? <Text variant="microcopy">{said.newCompany(one.new_company)}</Text> : null}
                </TableCell>
                <TableCell>{one.rep ?? said.noRep}</TableCell>
                <TableCell align="right">{one.contacts}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      ) : null}
      {skipped.length > 0 ? (
        <Flex direction="column" gap="xs">
          <Heading>{said.left(skipped.length)}</Heading>
          <Table density="compact">
            <TableHead>
              <TableRow>
                <TableHeader width="auto">{columns.call}</TableHeader>
                <TableHeader width="auto">{columns.why}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {skipped.slice(0, shownMax).map((one) => (
                <TableRow key={one.conversation_id}>
                  <TableCell>{one.title}</TableCell>
                  <TableCell>{one.reason_text}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Flex>
      ) : null}
    </Flex>
  );
}
