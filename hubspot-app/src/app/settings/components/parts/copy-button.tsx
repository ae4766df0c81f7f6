import { Button } from "@hubspot/ui-extensions";
import { useApp } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";

/** Copies a text and says so; where the page around can't, it says that. */
export function CopyButton({ text, label, testId }: { text: string; label?: string; testId?: string }) {
  const { host } = useApp();
  const { words } = useSettings();
  const press = async () => {
    try {
      await host.copy(text);
      host.tell("success", words.copied);
    } catch {
      host.tell("danger", words.copyFailed);
    }
  };
  return (
    <Button size="xs" testId={testId} onClick={() => void press()}>
      {label ?? words.copy}
    </Button>
  );
}
