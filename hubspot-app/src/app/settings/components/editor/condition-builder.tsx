import { conditionsFor, needsNumber } from "../../lib/rules.ts";
import { useSettings } from "../settings-context.tsx";
import { Rows } from "./rows.tsx";
import type { Editor } from "./use-editor.ts";

export function ConditionBuilder({ editor }: { editor: Editor }) {
  const { form, field, set, faultOf } = editor;
  const { words } = useSettings();
  const offered = conditionsFor(field?.value_type);
  const unused = offered.filter((kind) => !form.conditions.some((row) => row.kind === kind));
  return (
    <Rows
      name="condition"
      said={words.editor.conditions}
      rows={form.conditions}
      kindsAt={(at) => (at < form.conditions.length ? offered : unused)}
      needsNumber={needsNumber}
      faultAt={(at) => faultOf(`write_condition.${at}`)}
      fault={faultOf("write_condition")}
      onChange={(conditions) => set({ conditions })}
    />
  );
}
