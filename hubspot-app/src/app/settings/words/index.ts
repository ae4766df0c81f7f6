/**
 * Everything the settings page says. Another language is another object of this shape, chosen in `settingsWordsFor`;
 * what the whole app says stands in the shared package's words.
 */
import { connection } from "./connection.ts";
import { conversations } from "./conversations.ts";
import { log } from "./log.ts";
import { editor, mappings, templates } from "./mappings.ts";
import { people } from "./people.ts";
import { reasons, runs } from "./runs.ts";
import { scoring } from "./scoring.ts";

const english = {
  loading: "Loading Pandora's settings…",
  tabs: {
    connection: "Overview",
    mappings: "Mappings",
    templates: "Templates",
    runs: "Dry run and sync",
    log: "Log",
    conversations: "Conversations",
    people: "People",
    scoring: "Scoring",
  },
  readOnly: {
    title: "You can look, but not change",
    text: "Settings are changed by admins of Pandora. Ask one of them to change something, or to make you an admin.",
  },
  adminsOnly: {
    title: "For admins",
    text: "What stands here is for admins of Pandora. Ask one of them if you need it.",
  },
  objects: { deal: "Deals", company: "Companies", contact: "Contacts" },
  object: { deal: "Deal", company: "Company", contact: "Contact" },
  /** Both CRMs may be connected to one workspace; what is not HubSpot's says so. */
  inSalesforce: (what: string) => `${what}, Salesforce`,
  blank: "blank",
  save: "Save",
  saved: "Saved.",
  unsaved: "Not saved yet",
  cancel: "Cancel",
  close: "Close",
  copy: "Copy",
  copied: "Copied.",
  copyFailed: "It could not be copied. Select it and copy it by hand.",
  showMore: "Show more",
  thatIsAll: "That is all.",
  refresh: "Refresh",
  stale: "What you see may be a little old: the last look failed.",
  never: "never",
  required: "Please fill this in.",
  tooLong: (max: number) => `At most ${max} characters.`,
  numberBetween: (min: number, max: number) => `A number from ${min} to ${max}.`,
  wholeBetween: (min: number, max: number) => `A whole number from ${min} to ${max}.`,
  people: {
    pandora: "Pandora",
    key: "An API key",
    colleague: "A colleague",
    rule: "The rule for automatic deals",
  },
  connection,
  mappings,
  editor,
  templates,
  runs,
  reasons,
  log,
  conversations,
  peopleTab: people,
  scoring,
};

export type SettingsWords = typeof english;

/** @param language as HubSpot has it; only English so far */
export function settingsWordsFor(_language?: string): SettingsWords {
  return english;
}
