/** The editor of a mapping, in a panel. */
import { Alert, Button, Flex, LoadingButton, PanelBody, PanelFooter, PanelSection } from "@hubspot/ui-extensions";
import { FailureNote, type Mapping, type PandoraField, StateView, useApp, useLoad } from "@pandora/hs-shared";
import { listFields } from "../../api/mappings.ts";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { useSettings } from "../settings-context.tsx";
import { FilterFields } from "./filter-fields.tsx";
import { ModeFields } from "./mode-fields.tsx";
import { LivePreview, PreviewLine } from "./preview.tsx";
import { SavedStep } from "./saved-step.tsx";
import { TargetFields } from "./target-fields.tsx";
import { TriggerFields } from "./trigger-fields.tsx";
import { useEditor } from "./use-editor.ts";
import { usePreview } from "./use-preview.ts";

export function MappingPanel(props: { id: string; mapping: Mapping | null; label?: string }) {
  const { id, mapping, label } = props;
  const { words } = useSettings();
  const title = mapping && label ? words.editor.editTitle(label) : words.editor.newTitle;
  return (
    <LazyPanel id={id} title={title} width="md">
      {() => <Fields panelId={id} mapping={mapping} />}
    </LazyPanel>
  );
}

function Fields({ panelId, mapping }: { panelId: string; mapping: Mapping | null }) {
  const { client } = useApp();
  const fields = useLoad("fields", () => listFields(client));
  return (
    <StateView load={fields}>{({ items }) => <Form panelId={panelId} mapping={mapping} fields={items} />}</StateView>
  );
}

function Form({ panelId, mapping, fields }: { panelId: string; mapping: Mapping | null; fields: PandoraField[] }) {
  const editor = useEditor({ mapping, fields });
  const preview = usePreview(editor);
  const { host } = useApp();
  const { words } = useSettings();
  const said = words.editor;
  if (editor.saved) return <SavedStep panelId={panelId} mapping={editor.saved} />;
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <TargetFields editor={editor} />
            <ModeFields editor={editor} />
            <TriggerFields editor={editor} />
            <FilterFields editor={editor} />
            <LivePreview editor={editor} preview={preview} />
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <Flex direction="column" gap="sm">
          {editor.asksDuplicate ? (
            <Alert title={said.duplicate.title} variant="warning">
              {said.duplicate.text}
            </Alert>
          ) : (
            <FailureNote failure={editor.failure} />
          )}
          <PreviewLine editor={editor} preview={preview} />
          <Flex direction="row" gap="sm">
            <LoadingButton
              variant="primary"
              loading={editor.isSaving}
              testId="save-mapping"
              onClick={() => void editor.save({ confirmDuplicate: editor.asksDuplicate })}
            >
              {editor.asksDuplicate ? said.duplicate.confirm : editor.mapping ? said.submitEdit : said.submitNew}
            </LoadingButton>
            <Button variant="secondary" disabled={editor.isSaving} onClick={() => host.closeOverlay(panelId)}>
              {words.cancel}
            </Button>
          </Flex>
        </Flex>
      </PanelFooter>
    </>
  );
}
