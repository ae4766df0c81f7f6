/** The workspace itself, and what reps see. */
import { AutoGrid, Flex, Input, LoadingButton, Text, ToggleGroup } from "@hubspot/ui-extensions";
import { FailureNote, fieldMessages, type Settings, StateView, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { changeSettings, getSettings, type SettingsChange } from "../../api/workspace.ts";
import { Section } from "../parts/section.tsx";
import { useOnce } from "../parts/use-once.ts";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

export function WorkspaceSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.peopleTab;
  const load = useTopicLoad(["settings"], "settings", () => getSettings(client));
  return (
    <Section title={said.workspace.title}>
      <StateView load={load}>{(settings) => <Form settings={settings} onSaved={load.put} />}</StateView>
    </Section>
  );
}

type Typed = Pick<Settings, "name" | "time_zone" | "currency" | "reps_see">;

function Form({ settings, onSaved }: { settings: Settings; onSaved: (settings: Settings) => void }) {
  const { client, host } = useApp();
  const { words, changed } = useSettings();
  const said = words.peopleTab;
  const [typed, setTyped] = useState<Typed>(() => pick(settings));
  const save = useMutation<SettingsChange, Settings>((body) => changeSettings(client, body));
  const local: Record<string, string> = {
    ...(typed.name.trim() === "" ? { name: words.required } : {}),
    ...(typed.name.trim().length > 200 ? { name: words.tooLong(200) } : {}),
    ...(isZone(typed.time_zone.trim()) ? {} : { time_zone: said.workspace.timeZoneFault }),
    ...(/^[A-Z]{3}$/.test(typed.currency.trim()) ? {} : { currency: said.workspace.currencyFault }),
  };
  const server = fieldMessages(save.failure);
  const at = (place: string) => {
    const message = local[place] ?? server[place];
    return { error: message !== undefined, validationMessage: message };
  };
  const change = differing(typed, pick(settings));
  const isChanged = Object.keys(change).length > 0;
  const submit = useOnce(async () => {
    if (!isChanged || Object.keys(local).length > 0) return;
    const result = await save.run(change);
    if (!result.ok) return;
    onSaved(result.data);
    setTyped(pick(result.data));
    host.tell("success", words.saved);
    changed("settings", "connection");
  });
  const set = (part: Partial<Typed>) => setTyped((was) => ({ ...was, ...part }));
  return (
    <Flex direction="column" gap="md">
      <AutoGrid columnWidth={280} gap="md" flexible>
        <Input
          name="workspace-name"
          label={said.workspace.name}
          description={said.workspace.nameText}
          required
          value={typed.name}
          {...at("name")}
          onInput={(name) => set({ name })}
          onChange={(name) => set({ name })}
        />
        <Input
          name="workspace-zone"
          label={said.workspace.timeZone}
          description={`${said.workspace.timeZoneText} ${said.workspace.sources[settings.time_zone_source]}.`}
          required
          value={typed.time_zone}
          {...at("time_zone")}
          onInput={(time_zone) => set({ time_zone })}
          onChange={(time_zone) => set({ time_zone })}
        />
        <Input
          name="workspace-currency"
          label={said.workspace.currency}
          description={said.workspace.currencyText}
          required
          value={typed.currency}
          {...at("currency")}
          onInput={(currency) => set({ currency: currency.toUpperCase() })}
          onChange={(currency) => set({ currency: currency.toUpperCase() })}
        />
      </AutoGrid>
      <ToggleGroup
        toggleType="radioButtonList"
        name="reps-see"
        label={`${said.sees.title} (${said.sees.text})`}
        value={typed.reps_see}
        {...at("reps_see")}
        options={(["own", "team", "all"] as const).map((value) => ({ value, label: said.sees[value] }))}
        onChange={(value) => set({ reps_see: value as Typed["reps_see"] })}
      />
      <FailureNote failure={save.failure} />
      <Flex direction="row" gap="sm" align="center">
        <LoadingButton
          variant="primary"
          loading={save.isPending}
          disabled={!isChanged || Object.keys(local).length > 0}
          testId="save-workspace"
          onClick={() => void submit()}
        >
          {words.save}
        </LoadingButton>
        {isChanged ? <Text variant="microcopy">{words.unsaved}</Text> : null}
      </Flex>
    </Flex>
  );
}

function pick({ name, time_zone, currency, reps_see }: Typed): Typed {
  return { name, time_zone, currency, reps_see };
}

function differing(typed: Typed, stored: Typed): SettingsChange {
  const trimmed = {
    ...typed,
    name: typed.name.trim(),
    time_zone: typed.time_zone.trim(),
    currency: typed.currency.trim(),
  };
  return Object.fromEntries(
    Object.entries(trimmed).filter(([name, value]) => value !== stored[name as keyof Typed]),
  ) as SettingsChange;
}

/** As the server checks it: an offset knows no summer time. */
function isZone(name: string): boolean {
  try {
    return name !== "" && !/^[+-]/.test(name) && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
