/** HubSpot's passing notes at the top of the page. */
import { useEffect } from "react";

export type Alert = { type?: string; title?: string; message: string };

const shownMs = 9_000;

export function Alerts({ alerts, onGone }: { alerts: Alert[]; onGone: (gone: Alert) => void }) {
  const first = alerts[0];
  useEffect(() => {
    if (!first) return;
    const timer = setTimeout(() => onGone(first), shownMs);
    return () => clearTimeout(timer);
  }, [first, onGone]);
  return (
    <div className="toasts" aria-live="polite">
      {alerts.map((alert, at) => (
        <div className={`toast toast-${alert.type ?? "info"}`} role="status" key={`${at}-${alert.message}`}>
          <span>
            {alert.title ? <b>{alert.title} </b> : null}
            {alert.message}
          </span>
          <button type="button" aria-label="Close this note" onClick={() => onGone(alert)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
