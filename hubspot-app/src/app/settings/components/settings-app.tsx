/** The settings page: who may see it, and its tabs. */
import { Alert, Flex, Tab, Tabs, Text } from "@hubspot/ui-extensions";
import { type Session, StateView, session, useApp, useLoad } from "@pandora/hs-shared";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { listMembers } from "../api/workspace.ts";
import { settingsWordsFor } from "../words/index.ts";
import { ConnectionTab } from "./connection/connection-tab.tsx";
import { ConversationsTab } from "./conversations/conversations-tab.tsx";
import { LogTab } from "./log/log-tab.tsx";
import { MappingsTab } from "./mappings/mappings-tab.tsx";
import { PeopleTab } from "./people/people-tab.tsx";
import { RunsTab } from "./runs/runs-tab.tsx";
import { ScoringTab } from "./scoring/scoring-tab.tsx";
import { SettingsProvider, type TabId, useSettings } from "./settings-context.tsx";
import { TemplatesTab } from "./templates/templates-tab.tsx";

const tabs: { id: TabId; content: () => ReactNode }[] = [
  { id: "connection", content: () => <ConnectionTab /> },
  { id: "mappings", content: () => <MappingsTab /> },
  { id: "templates", content: () => <TemplatesTab /> },
  { id: "runs", content: () => <RunsTab /> },
  { id: "log", content: () => <LogTab /> },
  { id: "conversations", content: () => <ConversationsTab /> },
  { id: "people", content: () => <PeopleTab /> },
  { id: "scoring", content: () => <ScoringTab /> },
];

export function SettingsApp() {
  const { client } = useApp();
  const load = useLoad("session", () => session(client));
  const { reload } = load;
  const lookAgain = useCallback(() => void reload(), [reload]);
  return (
    <StateView load={load} loading={settingsWordsFor().loading}>
      {(found) => <Inside session={found} onSessionChange={lookAgain} />}
    </StateView>
  );
}

function Inside(props: { session: Session; onSessionChange: () => void }) {
  const { client } = useApp();
  const [tab, setTab] = useState<TabId>("connection");
  // A tab is drawn when it is first opened and kept from then on: what was typed there stays.
  const [opened, setOpened] = useState<readonly TabId[]>(["connection"]);
  const goTo = useCallback((next: TabId) => {
    setTab(next);
    setOpened((was) => (was.includes(next) ? was : [...was, next]));
  }, []);
  const maySeePeople = props.session.abilities.includes("manage_members");
  const members = useLoad(maySeePeople ? "names" : null, () => listMembers(client));
  return (
    <SettingsProvider
      session={props.session}
      members={members.is.state === "ready" ? members.is.data.items : []}
      onTab={goTo}
    >
      <Bar tab={tab} opened={opened} onTab={goTo} onSessionChange={props.onSessionChange} />
    </SettingsProvider>
  );
}

function Bar(props: {
  tab: TabId;
  opened: readonly TabId[];
  onTab: (tab: TabId) => void;
  onSessionChange: () => void;
}) {
  const { tab, opened, onTab, onSessionChange } = props;
  const { words, can, revisionOf } = useSettings();
  const revision = revisionOf(["connection", "mappings"]);
  // Steps still to take depend on both; the first look has just happened.
  useEffect(() => {
    if (revision > 0) onSessionChange();
  }, [revision, onSessionChange]);
  return (
    <Flex direction="column" gap="md">
      {can("manage_settings") ? null : (
        <Alert title={words.readOnly.title} variant="info">
          <Text>{words.readOnly.text}</Text>
        </Alert>
      )}
      <Tabs selected={tab} onSelectedChange={(next: string | number) => onTab(next as TabId)} variant="enclosed">
        {tabs.map(({ id, content }) => (
          <Tab key={id} tabId={id} title={words.tabs[id]}>
            {opened.includes(id) ? content() : null}
          </Tab>
        ))}
      </Tabs>
    </Flex>
  );
}
