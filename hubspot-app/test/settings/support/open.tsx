/** The settings page with one tab open, over a fake server. */
import { Button, LoadingButton, Tab, Tabs } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { AppProvider } from "@pandora/hs-shared";
import { vi } from "vitest";
import { SettingsApp } from "../../../src/app/settings/components/settings-app.tsx";
import type { TabId } from "../../../src/app/settings/components/settings-context.tsx";
import { type Answer, fakeServer } from "../../support/server.ts";
import { textOf } from "../../support/tree.ts";
import { connectionOf, fieldOf, listed, mappingOf, sessionOf } from "./samples.ts";

/** What every tab may ask for. */
export const usual: Record<string, Answer> = {
  "GET session": sessionOf(),
  "GET members": listed(),
  "GET alerts": listed(),
  "GET connections/hubspot": connectionOf(),
  "GET connections/hubspot/import": { crm: "hubspot", status: "done", objects: [] },
  "GET crm-writeback/mappings": listed(mappingOf()),
  "GET crm-writeback/fields": listed(fieldOf()),
  "GET crm-writeback/runs": listed(),
};

/** @param routes what differs from the usual */
export async function openSettings(tab: TabId, routes: Record<string, Answer> = {}) {
  const server = fakeServer({ ...usual, ...routes });
  const shown = createRenderer("settings");
  shown.render(
    <AppProvider context={shown.mocks.context} actions={shown.mocks.actions as never}>
      <SettingsApp />
    </AppProvider>,
  );
  /** Tries again until it holds: the renderer's own wait ends with the last drawing, and not everything is drawn. */
  const until = <T,>(check: () => T) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
  await until(() => shown.find(Tabs));
  if (tab !== "connection") shown.find(Tabs).trigger("onSelectedChange", tab as never);
  const tabNode = () => {
    const found = shown.findAll(Tab).find(({ props }) => props.tabId === tab);
    if (!found) throw new Error(`There is no tab ${tab}.`);
    return found;
  };
  return {
    ...shown,
    server,
    until,
    tab: tabNode,
    says: () => textOf(tabNode()),
    told: () => shown.mocks.actions.addAlert.calls.map(([alert]) => (alert as { message: string }).message),
    /** The overlay of the button with this test id. */
    overlay: (testId: string) => shown.findByTestId(Button, testId).props.overlay!,
  };
}

export type Page = Awaited<ReturnType<typeof openSettings>>;
export function buttonNamed(place: unknown, name: string) {
  const tree = place as Pick<Page, "findAll">;
  const found = [...tree.findAll(Button), ...tree.findAll(LoadingButton)].find((button) => textOf(button) === name);
  if (!found) throw new Error(`There is no button "${name}".`);
  return { press: () => found.trigger("onClick" as never), props: found.props };
}
