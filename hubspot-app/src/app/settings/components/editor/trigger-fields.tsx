/** When it is written. */
import { Flex, Heading, Input, Select, Text, ToggleGroup } from "@hubspot/ui-extensions";
import type { SyncTrigger } from "@pandora/hs-shared";
import { clock, type Every } from "../../lib/schedule.ts";
import { useSettings } from "../settings-context.tsx";
import type { Editor } from "./use-editor.ts";

const triggers: SyncTrigger[] = ["after_skill_run", "scheduled", "manual"];
const everies: Every[] = ["day", "weekdays", "week", "cron"];

export function TriggerFields({ editor }: { editor: Editor }) {
  const { form, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  const fault = faultOf("sync_trigger");
  return (
    <Flex direction="column" gap="sm">
      <Heading>{said.sections.when}</Heading>
      <ToggleGroup
        toggleType="radioButtonList"
        name="trigger"
        label={said.trigger}
        value={form.trigger}
        error={fault !== undefined}
        validationMessage={fault}
        options={triggers.map((value) => ({
          ...{ value, label: said.triggers[value].label, description: said.triggers[value].text },
        }))}
        onChange={(value) => set({ trigger: value as SyncTrigger })}
      />
      {form.trigger === "scheduled" ? <ScheduleFields editor={editor} /> : null}
    </Flex>
  );
}

function ScheduleFields({ editor }: { editor: Editor }) {
  const { form, set, faultOf } = editor;
  const { words, session } = useSettings();
  const said = words.editor;
  const { schedule } = form;
  const fault = faultOf("schedule");
  const choose = (part: Partial<typeof schedule>) => set({ schedule: { ...schedule, ...part } });
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="md">
        <Select
          name="every"
          label={said.every}
          value={schedule.every}
          options={everies.map((value) => ({ value, label: said.everies[value] }))}
          error={fault !== undefined && schedule.every !== "cron"}
          validationMessage={schedule.every === "cron" ? undefined : fault}
          onChange={(value) => choose({ every: value as Every })}
        />
        {schedule.every === "week" ? (
          <Select
            name="weekday"
            label={said.weekday}
            value={schedule.weekday}
            options={said.weekdays.map((label, value) => ({ value, label }))}
            onChange={(value) => choose({ weekday: Number(value) })}
          />
        ) : null}
        {schedule.every === "cron" ? null : (
          <Select
            name="hour"
            label={said.hour}
            value={schedule.hour}
            options={Array.from({ length: 24 }, (_none, value) => ({ value, label: clock(value) }))}
            onChange={(value) => choose({ hour: Number(value) })}
          />
        )}
      </Flex>
      {schedule.every === "cron" ? (
        <Input
          name="cron"
          label={said.cron}
          description={said.cronDescription}
          required
          value={schedule.cron}
          error={fault !== undefined}
          validationMessage={fault}
          onInput={(cron) => choose({ cron })}
          onChange={(cron) => choose({ cron })}
        />
      ) : null}
      <Text variant="microcopy">{said.zone(session.workspace.time_zone)}</Text>
    </Flex>
  );
}
