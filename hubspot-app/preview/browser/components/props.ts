/** Props of remote components: the SDK's types checked them where they were written; here they have crossed a worker's border. */
import type { ReactNode } from "react";

// biome-ignore lint/suspicious/noExplicitAny: see above
export type Props = Record<string, any> & { children?: ReactNode };

const gaps: Record<string, number> = {
  ...{ flush: 0, none: 0, xs: 4, "extra-small": 4, sm: 8, small: 8, md: 16, medium: 16 },
  ...{ lg: 24, large: 24, xl: 32, "extra-large": 32 },
};

export function gapOf(name: string | undefined, usual = 0): number {
  return name === undefined ? usual : (gaps[name] ?? usual);
}

const aligns: Record<string, string> = {
  ...{ start: "flex-start", end: "flex-end", center: "center", between: "space-between" },
  ...{ around: "space-around", stretch: "stretch", baseline: "baseline" },
};

export function alignOf(name: string | undefined): string | undefined {
  return name === undefined ? undefined : aligns[name];
}

/** "md" and "medium" are one size. */
export function sizeOf(name: string | undefined, usual = "md"): string {
  const short: Record<string, string> = { "extra-small": "xs", small: "sm", medium: "md", large: "lg" };
  return name === undefined ? usual : (short[name] ?? name);
}

/** Handlers get HubSpot's event and the old way to open overlays. */
export const reactions = { openPanel() {}, closePanel() {}, openModal() {}, closeModal() {} };

export function hrefOf(href: string | { url: string; external?: boolean } | undefined) {
  if (href === undefined) return null;
  const { url, external = false } = typeof href === "string" ? { url: href } : href;
  return { href: insideHubSpot(url), ...(external ? { target: "_blank", rel: "noreferrer" } : {}) };
}

const objects: Record<string, string> = { "0-1": "contact", "0-2": "company", "0-3": "deal" };

/** The demo's links to HubSpot's records open its own bare pages; here they lead to the record as HubSpot shows it. */
function insideHubSpot(url: string): string {
  const [, origin, type = "", id] = /^(https?:\/\/[^/]+)\/crm\/hubspot\/([^/]+)\/([^/?#]+)$/.exec(url) ?? [];
  return objects[type] ? `${origin}/hubspot/${objects[type]}/${id}` : url;
}
