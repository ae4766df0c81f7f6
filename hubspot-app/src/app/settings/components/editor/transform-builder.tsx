import { needsNumber, stepsFor, typesAlong } from "../../lib/rules.ts";
import { useSettings } from "../settings-context.tsx";
import { Rows } from "./rows.tsx";
import type { Editor } from "./use-editor.ts";

export function TransformBuilder({ editor }: { editor: Editor }) {
  const { form, field, set, faultOf } = editor;
  const { words } = useSettings();
  const along = field ? typesAlong(field.value_type, form.steps) : [];
  return (
    <Rows
      name="step"
      said={words.editor.transforms}
      rows={form.steps}
      // A step works on what the one before made of the value.
      kindsAt={(at) => (field ? stepsFor(along[at] ?? null) : [])}
      needsNumber={needsNumber}
      faultAt={(at) => faultOf(`value_transform.${at}`)}
      fault={faultOf("value_transform")}
      onChange={(steps) => set({ steps })}
    />
  );
}
