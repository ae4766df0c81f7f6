/** People, what reps see, notices, the workspace, API keys. Everybody sees their own notices. */
import { Divider, Flex } from "@hubspot/ui-extensions";
import { AdminsOnly } from "../parts/admins-only.tsx";
import { useSettings } from "../settings-context.tsx";
import { KeysSection } from "./keys.tsx";
import { MembersSection } from "./members.tsx";
import { NoticesSection } from "./notices.tsx";
import { WorkspaceSection } from "./workspace.tsx";

export function PeopleTab() {
  const { can } = useSettings();
  if (!can("manage_members")) {
    return (
      <Flex direction="column" gap="lg">
        <NoticesSection />
        <Divider />
        <AdminsOnly ability="manage_members">{null}</AdminsOnly>
      </Flex>
    );
  }
  return (
    <Flex direction="column" gap="lg">
      <MembersSection />
      <Divider />
      <NoticesSection />
      <Divider />
      <WorkspaceSection />
      <Divider />
      <KeysSection />
    </Flex>
  );
}
