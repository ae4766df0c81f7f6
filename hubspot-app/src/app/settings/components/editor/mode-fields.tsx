/** How it is written: mode, what people changed, blanks, history, condition, shape. */
import { Accordion, Alert, Checkbox, Flex, Heading, Text, ToggleGroup } from "@hubspot/ui-extensions";
import type { WriteMode } from "@pandora/hs-shared";
import { appends } from "../../lib/mapping-form.ts";
import { canAppend } from "../../lib/rules.ts";
import { useSettings } from "../settings-context.tsx";
import { AppendFields } from "./append-fields.tsx";
import { ConditionBuilder } from "./condition-builder.tsx";
import { TransformBuilder } from "./transform-builder.tsx";
import type { Editor } from "./use-editor.ts";

const modes: WriteMode[] = ["overwrite", "never_overwrite", "append", "append_if_changed"];

export function ModeFields({ editor }: { editor: Editor }) {
  const { form, property, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  const fault = faultOf("write_mode");
  const isOffered = (mode: WriteMode) => !appends(mode) || !property || canAppend(property.type) || form.mode === mode;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{said.sections.how}</Heading>
      <ToggleGroup
        toggleType="radioButtonList"
        name="mode"
        label={said.mode}
        value={form.mode}
        error={fault !== undefined}
        validationMessage={fault}
        options={modes.filter(isOffered).map((value) => ({
          ...{ value, label: said.modes[value].label, description: said.modes[value].text },
        }))}
        onChange={(value) => set({ mode: value as WriteMode })}
      />
      {form.mode === "overwrite" ? <ReplaceFields editor={editor} /> : null}
      {appends(form.mode) ? <AppendFields editor={editor} /> : null}
      <ConditionBuilder editor={editor} />
      <TransformBuilder editor={editor} />
    </Flex>
  );
}

function ReplaceFields({ editor }: { editor: Editor }) {
  const { form, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  return (
    <Flex direction="column" gap="sm">
      {form.skipsRead ? null : (
        <ToggleGroup
          toggleType="radioButtonList"
          name="humans"
          label={said.humans}
          value={form.keepsHumans ? "keep" : "replace"}
          error={faultOf("keep_human_edits") !== undefined}
          validationMessage={faultOf("keep_human_edits")}
          options={[
            { value: "keep", label: said.humansKeep.label, description: said.humansKeep.text },
            { value: "replace", label: said.humansReplace.label, description: said.humansReplace.text },
          ]}
          onChange={(value) => set({ keepsHumans: value === "keep" })}
        />
      )}
      {form.skipsRead ? null : (
        <ToggleGroup
          toggleType="radioButtonList"
          name="when-empty"
          label={said.whenEmpty}
          value={form.clearsEmpty ? "clear" : "keep"}
          error={faultOf("when_empty") !== undefined}
          validationMessage={faultOf("when_empty")}
          options={[
            { value: "keep", label: said.whenEmptyKeep },
            { value: "clear", label: said.whenEmptyClear },
          ]}
          onChange={(value) => set({ clearsEmpty: value === "clear" })}
        />
      )}
      <Accordion title={said.skipRead} size="xs" defaultOpen={form.skipsRead}>
        <Flex direction="column" gap="xs">
          <Checkbox
            name="skip-read"
            checked={form.skipsRead}
            description={said.skipReadText}
            onChange={(checked) => set({ skipsRead: checked })}
          >
            {said.skipRead}
          </Checkbox>
          {form.skipsRead ? (
            <Alert title={said.skipReadWarning.title} variant="warning">
              <Text>{said.skipReadWarning.text}</Text>
            </Alert>
          ) : null}
          {faultOf("skip_read") ? <Text variant="microcopy">{faultOf("skip_read")}</Text> : null}
        </Flex>
      </Accordion>
    </Flex>
  );
}
