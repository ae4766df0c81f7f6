import { ErrorState, Text } from "@hubspot/ui-extensions";
import type { Ability } from "@pandora/hs-shared";
import type { ReactNode } from "react";
import { useSettings } from "../settings-context.tsx";

/** Shows its content to those who may; to others, whom to ask. Nothing is asked of the server for them. */
export function AdminsOnly({ ability, children }: { ability: Ability; children: ReactNode }) {
  const { can, words } = useSettings();
  if (can(ability)) return <>{children}</>;
  return (
    <ErrorState type="lock" title={words.adminsOnly.title}>
      <Text>{words.adminsOnly.text}</Text>
    </ErrorState>
  );
}
