/** The words of notices: titles, counts, days. English, in the workspace's time zone. Pure. */

/** @param subject of the alert; for a connection, the CRM */
export function alertTitle(kind: string, subject: string, state: "open" | "over"): string {
  const crm = subject === "salesforce" ? "Salesforce" : subject === "hubspot" ? "HubSpot" : "The CRM";
  const [open, over] = alertTitles(crm)[kind] ?? ["Something needs your attention", "A problem is solved"];
  return state === "open" ? open : over;
}

function alertTitles(crm: string): Record<string, [string, string]> {
  return {
    needs_reconnect: [`${crm} has to be connected again`, `${crm} is connected again`],
    mapping_broken: ["A mapping is stopped", "A stopped mapping works again"],
    run_paused: ["A sync waits for your decision", "The paused sync is settled"],
    run_failed: ["A sync failed", "The failed sync is settled"],
    source_failing: ["A source brings no calls any more", "A source brings calls again"],
  };
}

/** `1 call`, `2 calls`, `1,200 calls` */
export function count(n: number, one: string, more = `${one}s`): string {
  return `${figure(n)} ${n === 1 ? one : more}`;
}

export function figure(n: number): string {
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }).format(n);
}

/** `Mon, Nov 23` */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-US", { weekday: "short", month: "short", day: "numeric", timeZone }).format(at);
}

/** `Mon, Nov 23, 8:05 AM` */
export function momentOf(at: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit", timeZone }).format(at);
  // Newer versions of the time data put a narrow space before AM, which mail programs show as a box.
  return `${dayOf(at, timeZone)}, ${time.replaceAll(/\s/g, " ")}`;
}

/** One line of untrusted text: white space and control signs become single spaces, the rest is cut. */
export function oneLine(text: string, max = 120): string {
  const plain = text.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  const parts = [...new Intl.Segmenter("en").segment(plain)].map(({ segment }) => segment);
  return parts.length <= max ? plain : `${parts.slice(0, max - 1).join("")}…`;
}
