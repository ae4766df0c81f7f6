/** Before and after while the mapping is being made, on a real record or with the field's example. Writes nothing. */
import { Divider, Flex, Heading, Text } from "@hubspot/ui-extensions";
import { FailureNote, Loading, newRequestId, useApp, useLoad, useSettled } from "@pandora/hs-shared";
import { useState } from "react";
import { type Draft, previewMapping } from "../../api/mappings.ts";
import { BeforeAfter } from "../parts/before-after.tsx";
import { type Picked, RecordPicker } from "../parts/record-picker.tsx";
import { useSettings } from "../settings-context.tsx";
import type { Editor } from "./use-editor.ts";

export function LivePreview({ editor }: { editor: Editor }) {
  const { draft, form, field, property } = editor;
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.editor.preview;
  const [picked, setPicked] = useState<Picked | null>(null);
  // A record of another object is no record of this mapping.
  const record = picked?.objectType === form.objectType ? picked : null;
  const wanted = useSettled(draft ? JSON.stringify({ draft, record: record?.id ?? null }) : "", 500);
  const load = useLoad(wanted === "" ? null : wanted, () => {
    const asked = JSON.parse(wanted) as { draft: Draft; record: string | null };
    return previewMapping(client, {
      ...{ request_id: newRequestId(), mapping: asked.draft, crm_record_id: asked.record },
    });
  });
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
          onPick={setPicked}
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
