/** What counts as a call without a deal: thresholds, words, domains. */
import { AutoGrid, Flex, Input, LoadingButton, Text, TextArea } from "@hubspot/ui-extensions";
import { FailureNote, fieldMessages, type Settings, StateView, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { changeSettings, getSettings, type SettingsChange } from "../../api/workspace.ts";
import {
  type GapForm,
  type GapList,
  type GapNumber,
  gapChange,
  gapFaults,
  gapFormOf,
  gapGroups,
  gapLists,
} from "../../lib/gap-form.ts";
import { Section } from "../parts/section.tsx";
import { useOnce } from "../parts/use-once.ts";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

export function GapRules() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.conversations.gaps;
  const load = useTopicLoad(["settings"], "settings", () => getSettings(client));
  return (
    <Section title={said.title} text={said.text}>
      <StateView load={load}>{(settings) => <Form settings={settings} onSaved={load.put} />}</StateView>
    </Section>
  );
}

function Form({ settings, onSaved }: { settings: Settings; onSaved: (settings: Settings) => void }) {
  const { client, host } = useApp();
  const { words, changed } = useSettings();
  const said = words.conversations.gaps;
  const [form, setForm] = useState<GapForm>(() => gapFormOf(settings));
  const save = useMutation<SettingsChange, Settings>((body) => changeSettings(client, body));
  const local = gapFaults(form, words);
  const server = fieldMessages(save.failure);
  const change = gapChange(form, settings);
  const isChanged = Object.keys(change).length > 0;
  const at = (name: GapNumber | GapList) => {
    const place = name === "transcript_days" ? name : `gaps.${name}`;
    const fromServer = Object.entries(server).find(([field]) => field === place || field.startsWith(`${place}.`))?.[1];
    const message = local[name] ?? fromServer;
    return { error: message !== undefined, validationMessage: message };
  };
  const submit = useOnce(async () => {
    if (Object.keys(local).length > 0 || !isChanged) return;
    const result = await save.run(change);
    if (!result.ok) return;
    onSaved(result.data);
    setForm(gapFormOf(result.data));
    host.tell("success", said.saved);
    changed("settings");
  });
  const set = (name: GapNumber | GapList, value: string) => setForm((was) => ({ ...was, [name]: value }));
  return (
    <Flex direction="column" gap="md">
      {gapGroups.map(({ group, names }) => (
        <Flex key={group} direction="column" gap="sm">
          <Text format={{ fontWeight: "demibold" }}>{said.groups[group]}</Text>
          <AutoGrid columnWidth={260} gap="md" flexible>
            {names.map((name) => (
              <Input
                key={name}
                name={name}
                label={said.fields[name].label}
                description={said.fields[name].text}
                value={form[name]}
                {...at(name)}
                onInput={(value) => set(name, value)}
                onChange={(value) => set(name, value)}
              />
            ))}
          </AutoGrid>
        </Flex>
      ))}
      <Text format={{ fontWeight: "demibold" }}>{said.groups.words}</Text>
      <AutoGrid columnWidth={360} gap="md" flexible>
        {gapLists.map((name) => (
          <TextArea
            key={name}
            name={name}
            rows={2}
            label={said.lists[name].label}
            description={said.lists[name].text}
            value={form[name]}
            {...at(name)}
            onInput={(value) => set(name, value)}
            onChange={(value) => set(name, value)}
          />
        ))}
      </AutoGrid>
      <FailureNote failure={save.failure} />
      <Flex direction="row" gap="sm" align="center">
        <LoadingButton
          variant="primary"
          loading={save.isPending}
          disabled={!isChanged || Object.keys(local).length > 0}
          testId="save-gaps"
          onClick={() => void submit()}
        >
          {words.save}
        </LoadingButton>
        {isChanged ? <Text variant="microcopy">{words.unsaved}</Text> : null}
      </Flex>
    </Flex>
  );
}
