/** After connecting: the address to enter at the tool, and a secret that is shown this once. */
import { Alert, Button, Flex, Input, PanelBody, PanelFooter, PanelSection } from "@hubspot/ui-extensions";
import { type SourceCreated, useApp } from "@pandora/hs-shared";
import { CopyButton } from "../parts/copy-button.tsx";
import { useSettings } from "../settings-context.tsx";

export function SourceConnected({ panelId, source }: { panelId: string; source: SourceCreated }) {
  const { host } = useApp();
  const { words } = useSettings();
  const said = words.conversations.sources;
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <Alert title={said.connected(source.name)} variant="success" />
            {source.hook_url ? (
              <Flex direction="column" gap="xs" align="start">
                <Input
                  name="hook-url"
                  label={said.hook}
                  description={said.hookDescription}
                  value={source.hook_url}
                  readOnly
                />
                <CopyButton text={source.hook_url} testId="copy-hook" />
              </Flex>
            ) : null}
            {source.hook_secret ? (
              <Alert title={said.madeSecret.title} variant="warning">
                <Flex direction="column" gap="xs" align="start">
                  {said.madeSecret.text}
                  <Input name="hook-secret" label={said.secrets.hook_secret} value={source.hook_secret} readOnly />
                  <CopyButton text={source.hook_secret} testId="copy-secret" />
                </Flex>
              </Alert>
            ) : null}
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <Button variant="primary" onClick={() => host.closeOverlay(panelId)}>
          {words.close}
        </Button>
      </PanelFooter>
    </>
  );
}
