/** What is connected and how it is doing; what is still to do; what needs a look. */
import { Alert, Divider, Flex, Link, List, StatusTag, Text } from "@hubspot/ui-extensions";
import { StateView, useApp } from "@pandora/hs-shared";
import { listAlerts } from "../../api/connections.ts";
import { Section } from "../parts/section.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { ConnectionFacts } from "./connection-facts.tsx";
import { ImportProgressTable } from "./import-progress.tsx";

export function ConnectionTab() {
  return (
    <Flex direction="column" gap="lg">
      <SetUp />
      <Alerts />
      <Divider />
      <ConnectionFacts />
      <Divider />
      <ImportProgressTable />
    </Flex>
  );
}

/** The steps still to take, each with the way to it. */
function SetUp() {
  const { client } = useApp();
  const { session, words, goTo, can } = useSettings();
  const said = words.connection;
  const mine = session.connections.find(({ crm }) => crm === "hubspot");
  const isMapped = !mine?.setup_needed.some((step) => /map a first field/i.test(step));
  const steps = [
    ...(mine?.status === "needs_reconnect" ? [said.steps.reconnect] : []),
    ...((mine?.missing_scopes.length ?? 0) > 0 ? [said.steps.grant] : []),
  ];
  return (
    <Section title={said.setUp}>
      {steps.length === 0 && isMapped ? (
        <Flex direction="row" gap="sm" align="center">
          <StatusTag variant="success">{said.allSetUp}</StatusTag>
        </Flex>
      ) : (
        <List variant="unordered">
          {steps.map((step) => (
            <Text key={step}>{step}</Text>
          ))}
          {isMapped ? null : (
            <Flex direction="row" gap="sm" wrap>
              <Text>{said.steps.map}</Text>
              <Link href="#" preventDefault onClick={() => goTo(can("manage_mappings") ? "templates" : "mappings")}>
                {said.toTemplates}
              </Link>
            </Flex>
          )}
        </List>
      )}
      <Text variant="microcopy">
        {said.addCard} <Link href={{ url: `${client.server}/help/in-hubspot`, external: true }}>{said.addCardHow}</Link>
      </Text>
    </Section>
  );
}

function Alerts() {
  const { client, format } = useApp();
  const { words } = useSettings();
  const said = words.connection.alerts;
  const load = useTopicLoad(["connection", "mappings", "runs", "sources"], "alerts", () => listAlerts(client));
  return (
    <Section title={said.title}>
      <StateView load={load} isEmpty={({ items }) => items.length === 0} empty={<Text>{said.none}</Text>}>
        {({ items }) => (
          <Flex direction="column" gap="sm">
            {items.map((alert) => (
              <Alert key={alert.id} title={alert.message} variant="warning">
                <Text variant="microcopy">{said.since(format.ago(alert.opened_at))}</Text>
              </Alert>
            ))}
          </Flex>
        )}
      </StateView>
    </Section>
  );
}
