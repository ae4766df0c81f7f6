/** Before and after while the mapping is being made, on a real record or with the field's example. */
import { Divider, Flex, Heading, StatusTag, Text } from "@hubspot/ui-extensions";
import { FailureNote, Loading, useApp } from "@pandora/hs-shared";
import { BeforeAfter } from "../parts/before-after.tsx";
import { RecordPicker } from "../parts/record-picker.tsx";
import { valueText } from "../parts/value.tsx";
import { useSettings } from "../settings-context.tsx";
import type { Editor } from "./use-editor.ts";
import type { Preview } from "./use-preview.ts";

export function LivePreview({ editor, preview }: { editor: Editor; preview: Preview }) {
  const { draft, form, field, property } = editor;
  const { load, record, pick } = preview;
  const { words } = useSettings();
  const said = words.editor.preview;
  return (
    <Flex direction="column" gap="sm">
      <Divider />
      <Heading>{said.title}</Heading>
      {!field || !property ? <Text>{said.pick}</Text> : null}
      {field && property && !draft ? <Text>{said.fix}</Text> : null}
      {field ? (
        <RecordPicker
          name="preview-record"
          label={said.record}
          objectType={form.objectType}
          picked={record}
          onPick={pick}
        />
      ) : null}
      {draft && record === null ? <Text variant="microcopy">{said.example}</Text> : null}
      {draft && record ? <Text variant="microcopy">{said.onRecord(record.name)}</Text> : null}
      {draft && load.is.state === "loading" ? <Loading label={said.loading} /> : null}
      {draft && load.is.state === "failed" ? (
        <FailureNote failure={load.is.failure} onRetry={() => void load.reload()} />
      ) : null}
      {draft && load.is.state === "ready" ? <BeforeAfter result={load.is.data} /> : null}
    </Flex>
  );
}

/** The same in one line, beside the button: the form is longer than a screen. */
export function PreviewLine({ editor, preview }: { editor: Editor; preview: Preview }) {
  const { format } = useApp();
  const { words } = useSettings();
  const { is } = preview.load;
  if (!editor.draft || is.state !== "ready") return null;
  const said = words.editor.preview;
  const { decision, before, after, reason_text: why } = is.data;
  const shown = (value: string | null) => valueText(value, format, 40) ?? words.blank;
  return (
    <Flex direction="row" gap="sm" align="center" wrap>
      <StatusTag variant={decision === "write" ? "success" : "default"}>
        {decision === "write" ? said.write : said.skip}
      </StatusTag>
      <Text variant="microcopy">{decision === "write" ? said.footer(shown(before), shown(after)) : (why ?? "")}</Text>
    </Flex>
  );
}
