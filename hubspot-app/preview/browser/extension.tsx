/** One extension: its worker, what it draws, and what it may ask of the page around. */
import { createController, createRemoteReceiver, RemoteRenderer } from "@remote-ui/react/host";
import { createEndpoint, fromWebWorker } from "@remote-ui/rpc";
import { useEffect, useMemo, useRef, useState } from "react";
import { type Alert, Alerts } from "./alerts.tsx";
import { components } from "./components/index.ts";
import { Overlays } from "./components/overlays.tsx";
import { chosenPerson, given } from "./given.ts";

export type ExtensionProps = {
  bundle: "card" | "settings" | "pages";
  location: "crm.record.tab" | "settings" | "pages";
  crm?: { objectId: string; objectTypeId: string };
  /** Reads the record's properties again. */
  onRefresh?: () => void;
};

type WorkerSide = {
  render(channel: unknown, api: unknown, bundleUrl: string): Promise<void>;
  goTo(location: { path: string; params: Record<string, string> }): Promise<void>;
};

export function Extension(props: ExtensionProps) {
  const { bundle, location, crm } = props;
  const [alerts, setAlerts] = useState<Alert[]>([]);
  const [fault, setFault] = useState<string | null>(null);
  const [isDrawn, setDrawn] = useState(false);
  const receiver = useMemo(() => createRemoteReceiver(), []);
  const controller = useMemo(() => createController(components as never), []);
  const refresh = useRef(props.onRefresh);
  refresh.current = props.onRefresh;
  const [openOverlays, setOpenOverlays] = useState<string[]>([]);

  useEffect(() => {
    const worker = new Worker(`${given.base}/files/worker.js`);
    worker.onerror = (event) => setFault(event.message);
    const endpoint = createEndpoint<WorkerSide>(fromWebWorker(worker), { callable: ["render", "goTo"] });
    endpoint.expose({ fetchForApp } as never);
    const actions = {
      addAlert: (alert: Alert) => setAlerts((shown) => [...shown, alert]),
      closeOverlay: (id: string) => setOpenOverlays((open) => open.filter((each) => each !== id)),
      copyTextToClipboard: (text: string) => navigator.clipboard.writeText(text),
      navigateToPage: ({ to, params = {} }: { to: string; params?: Record<string, string> }) =>
        void endpoint.call.goTo({ path: to, params }),
      openIframeModal: () => {},
      reloadPage: () => window.location.reload(),
      refreshObjectProperties: () => refresh.current?.(),
      fetchCrmObjectProperties: async () => ({}),
      onCrmPropertiesUpdate: () => {},
    };
    const api = { context: contextOf(location, crm), actions };
    endpoint.call
      .render(receiver.receive, api, `${window.location.origin}${given.base}/files/${bundle}.js`)
      .then(() => setDrawn(true))
      .catch((error: Error) => setFault(error.message));
    const follow = (event: Event) => {
      const { to, params = {} } = (event as CustomEvent<{ to: string; params?: Record<string, string> }>).detail;
      void endpoint.call.goTo({ path: to, params });
    };
    window.addEventListener("pandora:go", follow);
    return () => {
      window.removeEventListener("pandora:go", follow);
      worker.terminate();
    };
  }, [receiver, bundle, location, crm?.objectId, crm?.objectTypeId]);

  const overlays = useMemo(
    () => ({
      open: openOverlays,
      show: (id: string) => setOpenOverlays((open) => [...open.filter((each) => each !== id), id]),
      hide: (id: string) => setOpenOverlays((open) => open.filter((each) => each !== id)),
    }),
    [openOverlays],
  );
  return (
    <Overlays.Provider value={overlays}>
      {fault ? (
        <pre className="fault" role="alert">
          {fault}
        </pre>
      ) : (
        <>
          {isDrawn ? null : <p className="soft">Loading the app…</p>}
          <RemoteRenderer receiver={receiver} controller={controller} />
        </>
      )}
      <Alerts alerts={alerts} onGone={(gone) => setAlerts((shown) => shown.filter((each) => each !== gone))} />
    </Overlays.Provider>
  );
}

/** HubSpot's servers stand between the app and its server; here it is the preview's own. */
async function fetchForApp(url: string, options: object) {
  const answer = await fetch(`${given.base}/proxy`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...options, url, as: chosenPerson().role }),
  });
  return {
    status: answer.status,
    contentType: answer.headers.get("content-type") ?? "application/json",
    body: await answer.text(),
  };
}

function contextOf(location: ExtensionProps["location"], crm: ExtensionProps["crm"]) {
  const person = chosenPerson();
  return {
    location,
    user: {
      ...{ id: Number(person.userId), email: person.email, emails: [person.email] },
      ...{ firstName: person.firstName, lastName: person.lastName, roles: [], teams: [] },
      ...{ locale: navigator.language, language: navigator.language.slice(0, 2) },
      permissions: person.role === "admin" ? ["integrations-management-write"] : [],
    },
    portal: { id: Number(given.portalId), timezone: given.timeZone },
    extension: { appId: Number(given.appId), appName: "Pandora", cardTitle: "Pandora" },
    variables: { API_URL: given.publicUrl },
    ...(crm ? { crm: { objectId: Number(crm.objectId), objectTypeId: crm.objectTypeId } } : {}),
  };
}
