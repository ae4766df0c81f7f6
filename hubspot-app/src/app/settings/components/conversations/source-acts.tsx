/** Test, change, pause, remove a source; copy the address it calls. */
import { Dropdown, Flex, LoadingButton, StatusTag, Text } from "@hubspot/ui-extensions";
import { FailureNote, type Once, type Source, type SourceTest, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { changeSource, deleteSource, type SourcePatch, testSource } from "../../api/workspace.ts";
import { useAct } from "../parts/act.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { useSettings } from "../settings-context.tsx";
import { SourceForm } from "./source-form.tsx";

export function SourceActs({ source }: { source: Source }) {
  const { client, host } = useApp();
  const { words, changed } = useSettings();
  const said = words.conversations.sources;
  const [result, setResult] = useState<SourceTest | null>(null);
  const test = useMutation<{ id: string }, SourceTest>((body) => testSource(client, body));
  const toggle = useAct({
    send: (body: Once & SourcePatch) => changeSource(client, body),
    done: (now: Source) => (now.status === "paused" ? said.paused(now.name) : said.resumed(now.name)),
    onDone: () => changed("sources"),
  });
  const isPaused = source.status === "paused";
  const panelId = `change-source-${source.id}`;
  const runTest = async () => {
    const answer = await test.run({ id: source.id });
    if (answer.ok) setResult(answer.data);
  };
  const { hook_url: hookUrl } = source;
  const copyHook = async (url: string) => {
    try {
      await host.copy(url);
      host.tell("success", words.copied);
    } catch {
      host.tell("danger", words.copyFailed);
    }
  };
  return (
    <Flex direction="column" gap="xs">
      <Flex direction="row" gap="xs">
        <LoadingButton size="xs" loading={test.isPending} testId={`test-${source.id}`} onClick={() => void runTest()}>
          {said.test}
        </LoadingButton>
        <Dropdown buttonText={said.more} buttonSize="xs" variant="transparent">
          <Dropdown.ButtonItem
            overlay={
              <LazyPanel id={panelId} title={said.changeTitle(source.name)}>
                {() => <SourceForm panelId={panelId} source={source} />}
              </LazyPanel>
            }
          >
            {said.edit}
          </Dropdown.ButtonItem>
          {hookUrl ? (
            <Dropdown.ButtonItem onClick={() => void copyHook(hookUrl)}>{said.copyHook}</Dropdown.ButtonItem>
          ) : null}
          <Dropdown.ButtonItem
            onClick={() => void toggle.press({ id: source.id, status: isPaused ? "connected" : "paused" })}
          >
            {isPaused ? said.resume : said.pause}
          </Dropdown.ButtonItem>
          <Dropdown.ButtonItem
            overlay={
              <Confirm
                id={`remove-source-${source.id}`}
                title={said.removeTitle(source.name)}
                text={said.removeText}
                confirm={said.remove}
                isDangerous
                send={(body: Once & { id: string }) => deleteSource(client, body)}
                body={{ id: source.id }}
                done={said.removed(source.name)}
                onDone={() => changed("sources")}
              />
            }
          >
            {said.remove}
          </Dropdown.ButtonItem>
        </Dropdown>
      </Flex>
      <FailureNote failure={test.failure} />
      {result ? (
        <Flex direction="column" gap="flush" align="start">
          <StatusTag variant={result.ok ? "success" : "danger"}>{result.ok ? said.testOk : said.testFailed}</StatusTag>
          <Text variant="microcopy">{result.message}</Text>
        </Flex>
      ) : null}
    </Flex>
  );
}
