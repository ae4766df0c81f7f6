/** Who gets which e-mail: one's own wishes, and what the workspace sends at all. */
import { Alert, AutoGrid, Button, Flex, StatusTag, Text, Toggle } from "@hubspot/ui-extensions";
import { type NoticeSwitch, type Notifications, type Once, StateView, useApp, useLoad } from "@pandora/hs-shared";
import { useState } from "react";
import { changeNotices, getNotices, type NoticesChange, sendTestMail } from "../../api/workspace.ts";
import { Act, useAct } from "../parts/act.tsx";
import { Section } from "../parts/section.tsx";
import { useSettings } from "../settings-context.tsx";

const switches: NoticeSwitch[] = ["gap_alerts", "weekly_digest", "created_deals", "problem_alerts", "sync_reports"];

export function NoticesSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const load = useLoad("notices", () => getNotices(client));
  return (
    <Section title={words.peopleTab.notices.title}>
      <StateView load={load}>{(notices) => <Notices notices={notices} onChanged={load.put} />}</StateView>
    </Section>
  );
}

function Notices({ notices, onChanged }: { notices: Notifications; onChanged: (notices: Notifications) => void }) {
  const { client } = useApp();
  const { words, can } = useSettings();
  const said = words.peopleTab.notices;
  const change = useAct({
    send: (body: Once & NoticesChange) => changeNotices(client, body),
    done: () => said.saved,
    onDone: onChanged,
  });
  const { me, workspace } = notices;
  const [sent, setSent] = useState<{ sent: boolean; message: string } | null>(null);
  return (
    <Flex direction="column" gap="md">
      {notices.mail_set_up ? null : (
        <Alert title={said.noMail.title} variant="info">
          <Text>{said.noMail.text}</Text>
        </Alert>
      )}
      {me?.unsubscribed_at ? (
        <Alert title={said.unsubscribed.title} variant="warning">
          <Flex direction="column" gap="xs" align="start">
            <Text>{said.unsubscribed.text}</Text>
            <Button size="xs" onClick={() => void change.press({ me: { subscribed: true } })}>
              {said.unsubscribed.again}
            </Button>
          </Flex>
        </Alert>
      ) : null}
      <AutoGrid columnWidth={380} gap="lg" flexible>
        <Flex direction="column" gap="sm">
          <Text format={{ fontWeight: "demibold" }}>{said.mine}</Text>
          <Text variant="microcopy">{me ? said.mineText(me.email) : said.noPerson}</Text>
          {me
            ? switches
                .filter((name) => can("manage_settings") || !forAdmins.includes(name))
                .map((name) => (
                  <Switch
                    key={`me-${name}`}
                    name={`me-${name}`}
                    said={said.switches[name]}
                    isOn={me[name]}
                    isBusy={change.isPending}
                    onChange={(on) => void change.press({ me: { [name]: on } })}
                  />
                ))
            : null}
          {me && notices.mail_set_up ? (
            <Flex direction="row" gap="sm" align="center">
              <Act size="xs" send={(body: Once) => sendTestMail(client, body)} body={{}} onDone={setSent}>
                {said.test}
              </Act>
              {sent ? (
                <>
                  <StatusTag variant={sent.sent ? "success" : "danger"}>
                    {sent.sent ? said.testSent : said.testFailed}
                  </StatusTag>
                  <Text variant="microcopy">{sent.message}</Text>
                </>
              ) : null}
            </Flex>
          ) : null}
        </Flex>
        {can("manage_settings") ? (
          <Flex direction="column" gap="sm">
            <Text format={{ fontWeight: "demibold" }}>{said.workspace}</Text>
            <Text variant="microcopy">{said.workspaceText}</Text>
            {switches.map((name) => (
              <Switch
                key={`all-${name}`}
                name={`all-${name}`}
                said={said.switches[name]}
                isOn={workspace[name]}
                isBusy={change.isPending}
                onChange={(on) => void change.press({ workspace: { [name]: on } })}
              />
            ))}
          </Flex>
        ) : null}
      </AutoGrid>
    </Flex>
  );
}

/** Nobody else gets these, whatever is switched on. */
const forAdmins: NoticeSwitch[] = ["sync_reports", "problem_alerts"];

function Switch(props: {
  name: string;
  said: { label: string; text: string };
  isOn: boolean;
  isBusy: boolean;
  onChange: (on: boolean) => void;
}) {
  const { name, said, isOn, isBusy, onChange } = props;
  return (
    <Flex direction="column" gap="flush">
      <Toggle
        name={name}
        label={said.label}
        labelDisplay="inline"
        size="sm"
        checked={isOn}
        readOnly={isBusy}
        onChange={onChange}
      />
      <Text variant="microcopy">{said.text}</Text>
    </Flex>
  );
}
