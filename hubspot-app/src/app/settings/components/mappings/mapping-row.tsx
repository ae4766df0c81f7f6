/** One mapping in words: what goes where, how, when, how it went last, and whether it is on. */
import { Flex, Link, StatusTag, TableCell, TableRow, Text, Toggle } from "@hubspot/ui-extensions";
import { type Mapping, type Once, useApp } from "@pandora/hs-shared";
import { changeMapping } from "../../api/mappings.ts";
import { scheduleInWords } from "../../lib/schedule.ts";
import type { SettingsWords } from "../../words/index.ts";
import { useAct } from "../parts/act.tsx";
import { valueText } from "../parts/value.tsx";
import { useSettings } from "../settings-context.tsx";
import { MappingMenu } from "./mapping-menu.tsx";

const looks = { active: "success", paused: "default", broken: "danger" } as const;

export function MappingRow({ mapping, label, mayChange }: { mapping: Mapping; label: string; mayChange: boolean }) {
  const { words } = useSettings();
  const said = words.mappings;
  const isConditional = mapping.write_condition !== null;
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: "demibold" }}>{label}</Text>
        <Text variant="microcopy">{said.to(mapping.crm_property_label)}</Text>
      </TableCell>
      <TableCell>{words.objects[mapping.crm_object_type]}</TableCell>
      <TableCell>
        <Text>{modeInWords(mapping, words)}</Text>
        {isConditional ? <Text variant="microcopy">{said.conditionShort}</Text> : null}
      </TableCell>
      <TableCell>
        <Text>{triggerInWords(mapping, words)}</Text>
      </TableCell>
      <TableCell>
        <LastResult mapping={mapping} />
      </TableCell>
      <TableCell>
        <Status mapping={mapping} label={label} mayChange={mayChange} />
      </TableCell>
      {mayChange ? (
        <TableCell>
          <MappingMenu mapping={mapping} label={label} />
        </TableCell>
      ) : null}
    </TableRow>
  );
}

function Status({ mapping, label, mayChange }: { mapping: Mapping; label: string; mayChange: boolean }) {
  const { client } = useApp();
  const { words, changed } = useSettings();
  const said = words.mappings;
  const { press, isPending } = useAct({
    send: (body: Once & { id: string; status: "active" | "paused" }) => changeMapping(client, body),
    done: ({ status }) => (status === "active" ? said.switchedOn(label) : said.switchedOff(label)),
    onDone: () => changed("mappings"),
  });
  const isOn = mapping.status === "active";
  return (
    <Flex direction="column" gap="xs" align="start">
      <StatusTag variant={looks[mapping.status]}>{said.statuses[mapping.status]}</StatusTag>
      {mapping.status_reason ? <Text variant="microcopy">{mapping.status_reason}</Text> : null}
      {mayChange ? (
        <Toggle
          size="xs"
          name={`on-${mapping.id}`}
          label={said.toggle(label)}
          labelDisplay="hidden"
          checked={isOn}
          readOnly={isPending}
          onChange={(on) => void press({ id: mapping.id, status: on ? "active" : "paused" })}
        />
      ) : null}
    </Flex>
  );
}

function LastResult({ mapping }: { mapping: Mapping }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.mappings.last;
  const [last] = mapping.recent_writes;
  if (!last) {
    return <Text>{mapping.last_synced_at ? said.synced(format.ago(mapping.last_synced_at)) : said.none}</Text>;
  }
  const value = valueText(last.value_written, format, 60);
  const what = {
    success: value === null ? said.cleared : said.written(value),
    pending: said.pending,
    skipped: last.reason_text ?? said.none,
    error: last.reason_text ?? said.failed,
    cancelled: said.cancelled,
  }[last.status];
  const where = said.on(last.record_name ?? words.log.noName, format.ago(last.at));
  return (
    <Flex direction="column" gap="flush">
      <Text>{what}</Text>
      {last.record_url ? (
        <Link href={{ url: last.record_url, external: true }}>{where}</Link>
      ) : (
        <Text variant="microcopy">{where}</Text>
      )}
    </Flex>
  );
}

export function modeInWords(mapping: Pick<Mapping, "write_mode" | "keep_human_edits">, words: SettingsWords): string {
  const { modes } = words.mappings;
  return mapping.write_mode === "overwrite" && mapping.keep_human_edits
    ? modes.overwrite_keep
    : modes[mapping.write_mode];
}

export function triggerInWords(mapping: Pick<Mapping, "sync_trigger" | "schedule">, words: SettingsWords): string {
  const { triggers } = words.mappings;
  if (mapping.sync_trigger === "scheduled") return triggers.scheduled(scheduleInWords(mapping.schedule, words));
  return triggers[mapping.sync_trigger];
}
