/** After saving: look first, write now, or leave it to the next analysis. */
import { Alert, Button, Flex, PanelBody, PanelFooter, PanelSection, Text } from "@hubspot/ui-extensions";
import { type Mapping, useApp } from "@pandora/hs-shared";
import { startRun } from "../../api/runs.ts";
import { Act } from "../parts/act.tsx";
import { useSettings } from "../settings-context.tsx";

export function SavedStep({ panelId, mapping }: { panelId: string; mapping: Mapping }) {
  const { client, host } = useApp();
  const { words, changed, openRun } = useSettings();
  const said = words.editor;
  const body = { mapping_ids: [mapping.id] };
  const onDone = (run: { id: string }) => {
    changed("runs");
    host.closeOverlay(panelId);
    openRun(run.id);
  };
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Alert title={said.savedTitle} variant="success">
            <Text>{mapping.status === "active" ? said.savedText : said.savedPaused}</Text>
          </Alert>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <Flex direction="row" gap="sm">
          <Act
            variant="primary"
            testId="saved-sync"
            send={(once: typeof body & { request_id: string }) => startRun(client, "sync", once)}
            body={body}
            onDone={onDone}
          >
            {said.syncNow}
          </Act>
          <Act
            testId="saved-dry-run"
            send={(once: typeof body & { request_id: string }) => startRun(client, "dry_run", once)}
            body={body}
            onDone={onDone}
          >
            {said.dryRun}
          </Act>
          <Button variant="transparent" onClick={() => host.closeOverlay(panelId)}>
            {words.close}
          </Button>
        </Flex>
      </PanelFooter>
    </>
  );
}
