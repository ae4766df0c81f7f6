/** What of the log is shown. */
import { Box, Flex, Select } from "@hubspot/ui-extensions";
import { type LogStatus, type Mapping, type ObjectType, useApp } from "@pandora/hs-shared";
import { useState } from "react";
import { pageOfRuns } from "../../api/runs.ts";
import { RecordPicker } from "../parts/record-picker.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import type { Filters } from "./log-tab.tsx";

const statuses: LogStatus[] = ["success", "skipped", "error", "pending", "cancelled"];
const objectTypes: ObjectType[] = ["deal", "company", "contact"];
/** What a select holds for "no filter": HubSpot's takes no null. */
const all = "";

export function LogFilters(props: { filters: Filters; mappings: Mapping[]; onChange: (filters: Filters) => void }) {
  const { filters, mappings, onChange } = props;
  const { client, format } = useApp();
  const { words } = useSettings();
  const said = words.log;
  const runs = useTopicLoad(["runs"], "runs", () => pageOfRuns(client));
  const [objectType, setObjectType] = useState<ObjectType>("deal");
  const known = runs.is.state === "ready" ? runs.is.data.items.filter(({ kind }) => kind !== "dry_run") : [];
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="md" wrap>
        <Box flex={1}>
          <Select
            name="log-status"
            label={said.filters.status}
            value={filters.status ?? all}
            options={[
              { value: all, label: said.all.status },
              ...statuses.map((value) => ({ value, label: said.statuses[value] })),
            ]}
            onChange={(value) => onChange({ ...filters, status: (value as LogStatus) || undefined })}
          />
        </Box>
        <Box flex={1}>
          <Select
            name="log-mapping"
            label={said.filters.mapping}
            value={filters.mapping_id ?? all}
            options={[
              { value: all, label: said.all.mapping },
              ...mappings.map((one) => ({
                value: one.id,
                label: `${one.crm_property_label} (${words.objects[one.crm_object_type]})`,
              })),
            ]}
            onChange={(value) => onChange({ ...filters, mapping_id: String(value) || undefined })}
          />
        </Box>
        <Box flex={1}>
          <Select
            name="log-run"
            label={said.filters.run}
            value={filters.run_id ?? all}
            options={[
              { value: all, label: said.all.run },
              ...known.map((run) => ({
                value: run.id,
                label: words.runs.of(words.runs.kinds[run.kind], format.moment(run.created_at)),
              })),
            ]}
            onChange={(value) => onChange({ ...filters, run_id: String(value) || undefined })}
          />
        </Box>
      </Flex>
      <Flex direction="row" gap="md" align="end">
        <Box flex={1}>
          <Select
            name="log-object"
            label={words.editor.object}
            value={objectType}
            options={objectTypes.map((value) => ({ value, label: words.object[value] }))}
            onChange={(value) => {
              setObjectType(value as ObjectType);
              onChange({ ...filters, record: null });
            }}
          />
        </Box>
        <Box flex={2}>
          <RecordPicker
            name="log-record"
            label={said.filters.record}
            objectType={objectType}
            picked={filters.record}
            onPick={(record) => onChange({ ...filters, record })}
          />
        </Box>
      </Flex>
    </Flex>
  );
}
