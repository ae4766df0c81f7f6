/** Where conversations come from, what counts as a gap, and deals made by a rule. */
import { Divider, Flex } from "@hubspot/ui-extensions";
import { AdminsOnly } from "../parts/admins-only.tsx";
import { AutoCreateSection } from "./auto-create.tsx";
import { GapRules } from "./gap-rules.tsx";
import { SourcesSection } from "./sources.tsx";

export function ConversationsTab() {
  return (
    <AdminsOnly ability="manage_connections">
      <Flex direction="column" gap="lg">
        <SourcesSection />
        <Divider />
        <GapRules />
        <Divider />
        <AutoCreateSection />
      </Flex>
    </AdminsOnly>
  );
}
