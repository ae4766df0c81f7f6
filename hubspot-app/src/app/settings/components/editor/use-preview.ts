/** Asks what the mapping would do, a moment after the last change. Writes nothing. */
import { type Load, newRequestId, type TryResult, useApp, useLoad, useSettled } from "@pandora/hs-shared";
import { useState } from "react";
import { type Draft, previewMapping } from "../../api/mappings.ts";
import type { Picked } from "../parts/record-picker.tsx";
import type { Editor } from "./use-editor.ts";

export type Preview = { load: Load<TryResult>; record: Picked | null; pick(record: Picked | null): void };

const settledAfterMs = 500;

export function usePreview({ draft, form }: Editor): Preview {
  const { client } = useApp();
  const [picked, setPicked] = useState<Picked | null>(null);
  // A record of another object is no record of this mapping.
  const record = picked?.objectType === form.objectType ? picked : null;
  const wanted = useSettled(draft ? JSON.stringify({ draft, record: record?.id ?? null }) : "", settledAfterMs);
  const load = useLoad(wanted === "" ? null : wanted, () => {
    const asked = JSON.parse(wanted) as { draft: Draft; record: string | null };
    return previewMapping(client, {
      ...{ request_id: newRequestId(), mapping: asked.draft, crm_record_id: asked.record },
    });
  });
  return { load, record, pick: setPicked };
}
