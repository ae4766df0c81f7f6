/** How a history looks: what stands between entries, their date, how many are kept. */
import { Box, Flex, Input, Select } from "@hubspot/ui-extensions";
import type { TimestampFormat } from "@pandora/hs-shared";
import type { SeparatorChoice } from "../../lib/mapping-form.ts";
import { useSettings } from "../settings-context.tsx";
import type { Editor } from "./use-editor.ts";

const separators: SeparatorChoice[] = ["rule", "blank", "line", "own"];
const stamps: TimestampFormat[] = ["prefix", "suffix", "none"];

export function AppendFields({ editor }: { editor: Editor }) {
  const { form, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  const at = (place: string) => ({ error: faultOf(place) !== undefined, validationMessage: faultOf(place) });
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="md">
        <Box flex={1}>
          <Select
            name="stamp"
            label={said.stamp}
            value={form.stamp}
            options={stamps.map((value) => ({ value, label: said.stamps[value] }))}
            {...at("append_timestamp_format")}
            onChange={(value) => set({ stamp: value as TimestampFormat })}
          />
        </Box>
        <Box flex={1}>
          <Select
            name="separator"
            label={said.separator}
            value={form.separator}
            options={separators.map((value) => ({ value, label: said.separators[value] }))}
            {...(form.separator === "own" ? {} : at("append_separator"))}
            onChange={(value) => set({ separator: value as SeparatorChoice })}
          />
        </Box>
      </Flex>
      {form.separator === "own" ? (
        <Input
          name="separator-own"
          label={said.separatorOwn}
          required
          value={form.separatorOwn}
          {...at("append_separator")}
          onInput={(value) => set({ separatorOwn: value })}
          onChange={(value) => set({ separatorOwn: value })}
        />
      ) : null}
      <Input
        name="max-entries"
        label={said.maxEntries}
        description={said.maxEntriesDescription}
        value={form.maxEntries}
        {...at("append_max_entries")}
        onInput={(value) => set({ maxEntries: value })}
        onChange={(value) => set({ maxEntries: value })}
      />
    </Flex>
  );
}
