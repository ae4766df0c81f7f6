/** What every tab needs: who sits here and what they may do, the words, names behind ids, and news of what changed. */
import { type Ability, type Load, type Member, type Result, type Session, useLoad } from "@pandora/hs-shared";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { type SettingsWords, settingsWordsFor } from "../words/index.ts";

export type TabId = "connection" | "mappings" | "templates" | "runs" | "log" | "conversations" | "people" | "scoring";

/** What one tab changes and another shows. */
export type Topic = "connection" | "mappings" | "runs" | "log" | "sources" | "members" | "settings";

export type SettingsValue = {
  session: Session;
  words: SettingsWords;
  can(ability: Ability): boolean;
  /** The person behind "member:…", as people know them. */
  nameOf(actor: string): string;
  goTo(tab: TabId): void;
  /** Opens a run on its tab. */
  openRun(id: string): void;
  shownRun: string | null;
  changed(...topics: Topic[]): void;
  revisionOf(topics: readonly Topic[]): number;
};

const Context = createContext<SettingsValue | null>(null);

export function SettingsProvider(props: {
  session: Session;
  members: readonly Member[];
  onTab: (tab: TabId) => void;
  children: ReactNode;
}) {
  const { session, members, onTab, children } = props;
  const [revisions, setRevisions] = useState<Partial<Record<Topic, number>>>({});
  const [shownRun, setShownRun] = useState<string | null>(null);
  const words = settingsWordsFor();

  const changed = useCallback((...topics: Topic[]) => {
    setRevisions((was) => ({ ...was, ...Object.fromEntries(topics.map((topic) => [topic, (was[topic] ?? 0) + 1])) }));
  }, []);
  const openRun = useCallback(
    (id: string) => {
      setShownRun(id);
      onTab("runs");
    },
    [onTab],
  );
  const value = useMemo<SettingsValue>(
    () => ({
      ...{ session, words, goTo: onTab, openRun, shownRun, changed },
      can: (ability) => session.abilities.includes(ability),
      nameOf: (actor) => nameOf(actor, session, members, words),
      revisionOf: (topics) => topics.reduce((sum, topic) => sum + (revisions[topic] ?? 0), 0),
    }),
    [session, members, words, onTab, openRun, shownRun, changed, revisions],
  );
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useSettings(): SettingsValue {
  const value = useContext(Context);
  if (!value) throw new Error("A tab stands outside of SettingsProvider.");
  return value;
}

/** Like useLoad, and read again when another tab changed something of these topics. */
export function useTopicLoad<T>(topics: readonly Topic[], key: string | null, read: () => Promise<Result<T>>): Load<T> {
  const load = useLoad(key, read);
  const revision = useSettings().revisionOf(topics);
  const seen = useRef(revision);
  const { reload } = load;
  useEffect(() => {
    if (seen.current === revision) return;
    seen.current = revision;
    if (key !== null) void reload();
  }, [revision, key, reload]);
  return load;
}

function nameOf(actor: string, session: Session, members: readonly Member[], words: SettingsWords): string {
  const [kind, id] = actor.split(":");
  if (kind === "api_key") return words.people.key;
  if (kind === "rule") return words.people.rule;
  if (kind !== "member") return words.people.pandora;
  if (id === session.user.id) return session.user.name || session.user.email || words.people.colleague;
  const member = members.find((each) => each.id === id);
  return member ? member.name || member.email : words.people.colleague;
}
