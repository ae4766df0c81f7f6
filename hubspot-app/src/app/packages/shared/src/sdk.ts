/**
 * The only file that touches HubSpot's fetch, hooks and actions. Their announced renames (SDK v1) end here; components are
 * imported from the SDK by whoever draws with them.
 */
import {
  type ExtensionPointApiActions,
  type ExtensionPointApiContext,
  hubspot,
  useDebounce as useSdkDebounce,
} from "@hubspot/ui-extensions";

export type CardContext = ExtensionPointApiContext<"crm.record.tab">;
export type CardActions = ExtensionPointApiActions<"crm.record.tab">;
export type SettingsContext = ExtensionPointApiContext<"settings">;
export type SettingsActions = ExtensionPointApiActions<"settings">;
export type PagesContext = ExtensionPointApiContext<"pages">;
export type PagesActions = ExtensionPointApiActions<"pages">;

export type AnyContext = CardContext | SettingsContext | PagesContext;
export type AnyActions = CardActions | SettingsActions | PagesActions;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** @param timeoutMs HubSpot gives up after it; 15 s when absent, 120 s at most */
export function callBackend(
  url: string,
  options: { method: Method; body?: Record<string, unknown>; timeoutMs?: number },
): Promise<Response> {
  const { method, body, timeoutMs } = options;
  return hubspot.fetch(url, { method, ...(body ? { body } : {}), ...(timeoutMs ? { timeout: timeoutMs } : {}) });
}

/** @returns `value`, once it has stopped changing for `ms` */
export function useSettled<T extends string | number | boolean | null | undefined>(value: T, ms = 300): T {
  return useSdkDebounce(value, ms) as T;
}

/** What the page around an extension can do for it. */
export type Host = {
  /** A passing note at the top of the page. */
  tell(type: "success" | "info" | "warning" | "danger", message: string): void;
  closeOverlay(id: string): void;
  copy(text: string): Promise<void>;
  openPage(to: string): void;
  reloadPage(): void;
  /** HubSpot reads the record's properties again; nothing where there is no record. */
  refreshRecord(): void;
};

export function hostOf(actions: AnyActions): Host {
  return {
    tell: (type, message) => actions.addAlert({ type, message }),
    closeOverlay: (id) => actions.closeOverlay(id),
    copy: (text) => actions.copyTextToClipboard(text),
    openPage: (to) => actions.navigateToPage({ to }),
    reloadPage: () => actions.reloadPage(),
    refreshRecord: () => {
      if ("refreshObjectProperties" in actions) actions.refreshObjectProperties();
    },
  };
}

/** Where our server is: from the project's profile (`hsprofile.<name>.json`), else the public one. */
export function serverOf(context: AnyContext): string {
  const given = context.variables?.["API_URL"];
  return (typeof given === "string" && given !== "" ? given : "https://api.pandora.example").replace(/\/+$/, "");
}
