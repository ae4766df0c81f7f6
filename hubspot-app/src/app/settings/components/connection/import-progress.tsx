/** How far reading HubSpot's records has come; asked again while it goes on. */
import {
  Alert,
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
import { type ImportProgress, StateView, useApp, usePoll } from "@pandora/hs-shared";
import { getImport } from "../../api/connections.ts";
import { Section } from "../parts/section.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

const looks = { waiting: "default", running: "info", done: "success", failed: "danger" } as const;

export function ImportProgressTable() {
  const { client } = useApp();
  const { words, session } = useSettings();
  const said = words.connection.imports;
  const read = () => getImport(client);
  const load = useTopicLoad(["connection"], "import", read);
  const first = load.is.state === "ready" ? load.is.data : null;
  const isOver = (now: ImportProgress) => now.status === "done" || now.status === "failed";
  const poll = usePoll(first && !isOver(first) ? "import" : null, read, isOver);
  const isConnected = session.connections.some(({ crm, status }) => crm === "hubspot" && status !== "disconnected");
  if (!isConnected) {
    return (
      <Section title={said.title}>
        <Text>{said.none}</Text>
      </Section>
    );
  }
  return (
    <Section title={said.title}>
      <StateView load={load}>{(loaded) => <Progress progress={poll.data ?? loaded} />}</StateView>
    </Section>
  );
}

function Progress({ progress }: { progress: ImportProgress }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.connection.imports;
  return (
    <Flex direction="column" gap="sm">
      {progress.status === "running" || progress.status === "waiting" ? (
        <Alert title={said.working} variant="info" />
      ) : null}
      <Table bordered density="condensed">
        <TableHead>
          <TableRow>
            <TableHeader>{said.what}</TableHeader>
            <TableHeader>{said.count}</TableHeader>
            <TableHeader>{said.state}</TableHeader>
          </TableRow>
        </TableHead>
        <TableBody>
          {progress.objects.map((one) => (
            <TableRow key={`${one.object_type}-${one.phase}`}>
              <TableCell>
                <Text>{said.objects[one.object_type]}</Text>
                <Text variant="microcopy">{one.phase === "import" ? said.first : said.since}</Text>
              </TableCell>
              <TableCell>{format.number(one.done)}</TableCell>
              <TableCell>
                <StatusTag variant={looks[one.status]}>{said.statuses[one.status]}</StatusTag>
                {one.error ? <Text variant="microcopy">{`${one.error} ${said.again}`}</Text> : null}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Flex>
  );
}
