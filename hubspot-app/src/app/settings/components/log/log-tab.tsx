/** The log: filters, entries, export. */
import { Button, EmptyState, Flex, Text } from "@hubspot/ui-extensions";
import { type LogEntry, type Mapping, StateView, useApp } from "@pandora/hs-shared";
import { useState } from "react";
import { listMappings } from "../../api/mappings.ts";
import { type LogAsked, listLog } from "../../api/runs.ts";
import { MoreOf, usePages } from "../parts/paged.tsx";
import type { Picked } from "../parts/record-picker.tsx";
import { Section } from "../parts/section.tsx";
import { StaleNote } from "../parts/stale-note.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { ExportPanel } from "./export-panel.tsx";
import { LogFilters } from "./log-filters.tsx";
import { LogTable } from "./log-table.tsx";

export type Filters = Omit<LogAsked, "record_id"> & { record: Picked | null };

const noFilters: Filters = { record: null };

export function LogTab() {
  const { client } = useApp();
  const { words, can } = useSettings();
  const said = words.log;
  const [filters, setFilters] = useState<Filters>(noFilters);
  const asked = askedOf(filters);
  const isFiltered = Object.keys(asked).length > 0;
  const read = (cursor?: string) => listLog(client, { ...asked, cursor });
  const load = useTopicLoad(["log"], `log ${JSON.stringify(asked)}`, read);
  const pages = usePages<LogEntry>(load, read);
  const mappings = useTopicLoad(["mappings"], "mappings", () => listMappings(client));
  const known: Mapping[] = mappings.is.state === "ready" ? mappings.is.data.items : [];
  return (
    <Section
      title={said.title}
      text={said.intro}
      action={
        <Flex direction="row" gap="sm">
          <Button size="sm" onClick={() => void load.reload()}>
            {words.refresh}
          </Button>
          {can("read") ? (
            <Button size="sm" testId="export-log" overlay={<ExportPanel asked={asked} mappings={known} />}>
              {said.export.button}
            </Button>
          ) : null}
        </Flex>
      }
    >
      <StaleNote load={load} />
      <LogFilters filters={filters} mappings={known} onChange={setFilters} />
      <StateView
        load={load}
        isEmpty={({ items }) => items.length === 0}
        empty={
          isFiltered ? (
            <Flex direction="column" gap="sm" align="start">
              <Text>{said.emptyFiltered}</Text>
              <Button size="sm" onClick={() => setFilters(noFilters)}>
                {said.clear}
              </Button>
            </Flex>
          ) : (
            <EmptyState title={said.empty.title} layout="vertical">
              <Text>{said.empty.text}</Text>
            </EmptyState>
          )
        }
      >
        {() => (
          <Flex direction="column" gap="sm">
            <LogTable entries={pages.items} mappings={known} onUndone={() => void load.reload()} />
            <MoreOf pages={pages} showEnd />
          </Flex>
        )}
      </StateView>
    </Section>
  );
}

function askedOf({ record, ...rest }: Filters): LogAsked {
  const given = Object.entries({ ...rest, record_id: record?.id }).filter(([, value]) => value);
  return Object.fromEntries(given) as LogAsked;
}
