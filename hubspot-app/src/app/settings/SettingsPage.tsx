/** Where HubSpot enters the settings page. */
import { hubspot } from "@hubspot/ui-extensions";
import { AppProvider } from "@pandora/hs-shared";
import { SettingsApp } from "./components/settings-app.tsx";

hubspot.extend<"settings">(({ context, actions }) => (
  <AppProvider context={context} actions={actions}>
    <SettingsApp />
  </AppProvider>
));
