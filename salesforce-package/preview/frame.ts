/** The page around the components: Lightning Experience's global header, app navigation, record header and regions (SLDS 1). */
import type { PreviewUser } from "./apex.ts";

export type FramePage = {
  base: string;
  title: string;
  /** Which tab is lit. */
  tab: string;
  user: PreviewUser;
  users: PreviewUser[];
  /** HTML, escaped already. */
  body: string;
};

const tabs = [
  { key: "home", label: "Home", path: "" },
  { key: "Pandora_Gaps", label: "Conversation gaps", path: "/n/Pandora_Gaps" },
  { key: "Opportunity", label: "Opportunities", path: "/o/Opportunity" },
  { key: "Account", label: "Accounts", path: "/o/Account" },
  { key: "Pandora_Setup", label: "Pandora setup", path: "/n/Pandora_Setup" },
];

export function framePage(page: FramePage): string {
  const { base, user } = page;
  const shown = tabs.filter(({ key }) => key !== "Pandora_Setup" || user.permissions.includes("Pandora_Admin"));
  return `<!doctype html>
<html lang="en" data-base="${escaped(base)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)} | Salesforce preview</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/slds/styles/salesforce-lightning-design-system.min.css">
<link rel="stylesheet" href="${base}/frame/frame.css">
</head>
<body>
<header class="top">
  <div class="top__logo" aria-hidden="true">${cloud}</div>
  <span class="top__org">Acme Cloud</span>
  <span class="top__note">A preview: simulated org, the package's own components</span>
  <form class="top__who" method="post" action="${base}/who">
    <label for="who">You are</label>
    <div class="slds-select_container"><select class="slds-select" id="who" name="who">
      ${page.users.map((each) => option(each, user)).join("")}
    </select></div>
    <noscript><button class="slds-button slds-button_neutral">Switch</button></noscript>
  </form>
</header>
<nav class="app" aria-label="App">
  <span class="app__launcher" aria-hidden="true">${dots}</span>
  <span class="app__name">Pandora</span>
  <ul>${shown.map((tab) => tabItem(tab, page)).join("")}</ul>
</nav>
<main class="page">${page.body}</main>
<script type="module" src="${base}/app/app.js"></script>
<script src="${base}/frame/frame.js"></script>
</body>
</html>`;
}

/** A region's component, as App Builder places it. */
export function component(name: string, data: Record<string, string> = {}): string {
  const given = Object.entries(data).map(([key, value]) => ` data-${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}="${escaped(value)}"`);
  return `<div class="placed" data-component="${escaped(name)}"${given.join("")}></div>`;
}

export function pageHeader(icon: string, kind: string, title: string, base: string, extra = ""): string {
  return `<div class="slds-page-header slds-page-header_record-home head">
  <div class="slds-media slds-media_center">
    <div class="slds-media__figure"><span class="slds-icon_container slds-icon-standard-${icon.replaceAll("_", "-")}">
      <svg class="slds-icon slds-page-header__icon" aria-hidden="true"><use href="${base}/slds/icons/standard-sprite/svg/symbols.svg#${icon}"></use></svg>
    </span></div>
    <div class="slds-media__body"><p class="head__kind">${escaped(kind)}</p>
    <h1 class="slds-page-header__title">${escaped(title)}</h1></div>
  </div>${extra}</div>`;
}

export function escaped(text: string): string {
  const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

function option(each: PreviewUser, user: PreviewUser): string {
  const chosen = each.key === user.key ? " selected" : "";
  return `<option value="${escaped(each.key)}"${chosen}>${escaped(`${each.title}: ${each.name}`)}</option>`;
}

function tabItem(tab: (typeof tabs)[number], { base, tab: lit }: FramePage): string {
  const here = tab.key === lit ? ' class="lit" aria-current="page"' : "";
  return `<li${here}><a href="${base}${tab.path}">${escaped(tab.label)}</a></li>`;
}

const cloud = `<svg viewBox="0 0 40 28" width="40" height="28"><path fill="#0d9dda" d="M16.6 4.6a6.9 6.9 0 0 1 5-2.1c2.6 0 4.8 1.4 6 3.6a8.2 8.2 0 0 1 3.4-.7c4.6 0 8.3 3.8 8.3 8.4s-3.7 8.4-8.3 8.4c-.6 0-1.1-.1-1.6-.2a6 6 0 0 1-8 2.5 7 7 0 0 1-12.800-.4 6.400 6.400 0 0 1-7.700-6.200c0-2.300 1.200-4.300 3-5.400a7.300 7.300 0 0 1-.6-2.900c0-4.100 3.300-7.400 7.400-7.400 2.400 0 4.600 1.100 5.900 2.400z"/></svg>`;
const dots = `<svg viewBox="0 0 18 18" width="18" height="18">${[2, 9, 16].flatMap((y) => [2, 9, 16].map((x) => `<circle cx="${x}" cy="${y}" r="1.800" fill="#747474"/>`)).join("")}</svg>`;
