/**
 * The worker an extension runs in: HubSpot's globals, and nothing of the browser that HubSpot blocks. Which globals a bundle
 * expects was read in the SDK (version 0.17.0): dist/hubspot.js, internal/global-utils.js, pages/internal.
 */
import { createRemoteRoot, type RemoteChannel } from "@remote-ui/core";
import * as RemoteUI from "@remote-ui/react";
import { createEndpoint, retain } from "@remote-ui/rpc";
import * as React from "react";

type Api = { context: unknown; actions: unknown };
type HostSide = {
  fetchForApp(url: string, options: object): Promise<{ status: number; contentType: string; body: string }>;
};
type PageLocation = { path: string; params: Record<string, string> };

const scope = self as unknown as Record<string, unknown> & { importScripts(url: string): void };
const importBundle = scope.importScripts.bind(self);
let register: ((api: Api) => React.ReactElement) | null = null;
let api: Api | null = null;

const listeners = new Set<() => void>();
let pageLocation: PageLocation = { path: "/", params: {} };

const endpoint = createEndpoint<HostSide>(self as never, { callable: ["fetchForApp"] });
endpoint.expose({
  async render(channel: RemoteChannel, given: Api, bundleUrl: string) {
    retain(channel);
    retain(given);
    api = given;
    importBundle(bundleUrl);
    if (!register) throw new Error("The bundle did not call hubspot.extend().");
    // Not strict: HubSpot's own root takes any component by name; the page around throws for unknown ones.
    const root = createRemoteRoot(channel, { strict: false });
    RemoteUI.createRoot(root).render(register(api));
    root.mount();
  },
  async goTo(next: PageLocation) {
    pageLocation = next;
    for (const listener of listeners) listener();
  },
} as never);

const globals: Record<string, unknown> = {
  __HUBSPOT_EXTENSION_WORKER__: true,
  React,
  RemoteUI,
  logger: { debug: () => {}, info: () => {}, warn: console.warn, error: console.error },
  extend_V2: (callback: typeof register) => {
    register = callback;
  },
  serverless: () => Promise.reject(new Error("Serverless functions are not for marketplace apps.")),
  hsFetch: async (url: string | URL, options: { headers?: Headers | Record<string, string> } = {}) => {
    const headers = options.headers instanceof Headers ? Object.fromEntries(options.headers) : options.headers;
    const answer = await endpoint.call.fetchForApp(String(url), { ...options, headers });
    return new Response(answer.body, { status: answer.status, headers: { "content-type": answer.contentType } });
  },
  hsWorkerAPI: {
    useExtensionContext: () => api?.context,
    useExtensionActions: () => api?.actions,
    useExtensionApi: () => api,
    useAppPageLocation: () =>
      React.useSyncExternalStore(
        (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        () => pageLocation,
      ),
  },
};
Object.assign(self, globals);

for (const name of [
  "fetch",
  "XMLHttpRequest",
  "WebSocket",
  "localStorage",
  "sessionStorage",
  "indexedDB",
  "importScripts",
]) {
  Object.defineProperty(self, name, {
    configurable: true,
    get() {
      throw new Error(`${name} is blocked inside HubSpot: use hubspot.fetch().`);
    },
  });
}
