import { Text } from "@hubspot/ui-extensions";
import type { Load } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";

/** What is shown is from before: reading it again has failed. */
export function StaleNote<T>({ load }: { load: Load<T> }) {
  const { words } = useSettings();
  return load.is.state === "ready" && load.is.stale ? <Text variant="microcopy">{words.stale}</Text> : null;
}
