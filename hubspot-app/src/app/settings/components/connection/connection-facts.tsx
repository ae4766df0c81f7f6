/** The connection itself: account, health, permissions; renewing and ending it. */
import {
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Link,
  List,
  LoadingButton,
  StatusTag,
  Text,
} from "@hubspot/ui-extensions";
import { type Connection, FailureNote, StateView, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { getConnection, startConnect } from "../../api/connections.ts";
import { Section } from "../parts/section.tsx";
import { StaleNote } from "../parts/stale-note.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { DisconnectQuestion } from "./disconnect.tsx";

const looks = { connected: "success", needs_reconnect: "danger", disconnected: "default" } as const;

export function ConnectionFacts() {
  const { client } = useApp();
  const { words, can } = useSettings();
  const said = words.connection;
  const load = useTopicLoad(["connection"], "connection", () => getConnection(client));
  return (
    <Section title={said.title}>
      <StaleNote load={load} />
      <StateView load={load}>
        {(connection) => (
          <Flex direction="column" gap="md">
            <Facts connection={connection} />
            {can("manage_connections") ? <Acts connection={connection} /> : null}
          </Flex>
        )}
      </StateView>
    </Section>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const { format } = useApp();
  const { words, nameOf } = useSettings();
  const said = words.connection;
  const day = format.day(connection.connected_at);
  // A marketplace install names nobody of the workspace: there was none before it.
  const isPerson = connection.connected_by.startsWith("member:");
  return (
    <Flex direction="column" gap="md">
      <DescriptionList direction="row">
        <DescriptionListItem label={words.runs.columns.status}>
          <StatusTag variant={looks[connection.status]}>{said.statuses[connection.status]}</StatusTag>
        </DescriptionListItem>
        <DescriptionListItem label={said.account}>
          <Text>{said.accountOf(connection.account_name, connection.account_id)}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={said.connectedBy}>
          <Text>{isPerson ? said.connectedByOn(nameOf(connection.connected_by), day) : said.connectedOn(day)}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={said.timeZone}>
          <Text>{connection.time_zone}</Text>
        </DescriptionListItem>
        <DescriptionListItem label={said.currency}>
          <Text>{connection.currency}</Text>
        </DescriptionListItem>
      </DescriptionList>
      {connection.status_reason && connection.status !== "connected" ? (
        <Alert title={said.statuses[connection.status]} variant="danger">
          <Text>{connection.status_reason}</Text>
        </Alert>
      ) : null}
      {connection.missing_scopes.length > 0 ? (
        <Alert title={said.missingScopes.title} variant="warning">
          <Text>{said.missingScopes.text}</Text>
          <List>
            {connection.missing_scopes.map((scope) => (
              <Text key={scope}>{said.scopes[scope] ?? scope}</Text>
            ))}
          </List>
        </Alert>
      ) : null}
      {connection.quiet_until ? <Alert title={said.quiet(format.ago(connection.quiet_until))} variant="info" /> : null}
    </Flex>
  );
}

function Acts({ connection }: { connection: Connection }) {
  const { client } = useApp();
  const { words, changed } = useSettings();
  const said = words.connection;
  const [link, setLink] = useState<string | null>(null);
  const start = useMutation<object, { url: string }>((body) => startConnect(client, body));
  const isWell = connection.status === "connected" && connection.missing_scopes.length === 0;
  const begin = async () => {
    const result = await start.run({});
    if (result.ok) setLink(result.data.url);
  };
  const lookAgain = () => {
    setLink(null);
    changed("connection");
  };
  return (
    <Flex direction="column" gap="sm">
      <FailureNote failure={start.failure} />
      {link ? (
        <Alert title={said.linkReady} variant="info">
          <Flex direction="row" gap="md" align="center" wrap>
            <Link href={{ url: link, external: true }}>{said.openLink}</Link>
            <Button size="xs" onClick={lookAgain}>
              {said.back}
            </Button>
          </Flex>
        </Alert>
      ) : null}
      <Flex direction="row" gap="sm">
        <LoadingButton
          variant={isWell ? "secondary" : "primary"}
          loading={start.isPending}
          onClick={() => void begin()}
        >
          {connection.status === "disconnected" ? said.connect : said.reconnect}
        </LoadingButton>
        {connection.status === "disconnected" ? null : (
          <Button variant="destructive" overlay={<DisconnectQuestion />} testId="disconnect">
            {said.disconnect.button}
          </Button>
        )}
      </Flex>
    </Flex>
  );
}
