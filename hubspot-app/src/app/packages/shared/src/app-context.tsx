/** What every screen needs, handed down once: the client, what the page around can do, the words, and how things are written. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type Client, createClient } from "./client.ts";
import { createFormat, type Format } from "./format.ts";
import { type AnyActions, type AnyContext, type Host, hostOf, serverOf } from "./sdk.ts";
import { type Words, wordsFor } from "./words.ts";

export type App = { client: Client; host: Host; words: Words; format: Format };

const AppContext = createContext<App | null>(null);

export function AppProvider(props: { context: AnyContext; actions: AnyActions; children: ReactNode }) {
  const { context, actions, children } = props;
  const server = serverOf(context);
  const { locale, language } = context.user;
  const { timezone } = context.portal;
  const app = useMemo(
    () => ({
      client: createClient(server),
      host: hostOf(actions),
      words: wordsFor(language),
      format: createFormat(locale ?? language, timezone),
    }),
    [server, actions, locale, language, timezone],
  );
  return <AppContext.Provider value={app}>{children}</AppContext.Provider>;
}

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("A screen stands outside of AppProvider.");
  return app;
}
