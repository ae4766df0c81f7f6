/** A mail before it is put on paper: blocks that both the plain and the HTML form are made of. Types only. */
import type { SeverityName } from "../contract/gaps.ts";

export type Item = {
  title: string;
  /** Facts in one line. */
  detail: string;
  /** A second line, softer. */
  note: string | null;
  /** http(s); anything else is left out. */
  url: string | null;
  mark: SeverityName | null;
};

export type Block =
  | { kind: "text"; text: string; soft?: boolean }
  | { kind: "heading"; text: string }
  | { kind: "figures"; items: { figure: string; label: string }[] }
  | { kind: "items"; items: Item[] }
  | { kind: "rows"; rows: [label: string, value: string][] }
  | { kind: "link"; label: string; url: string };

export type Letter = {
  /** Short; no name of a person or company, since subjects are seen on locked screens. */
  subject: string;
  heading: string;
  blocks: Block[];
};

/** What stands around every letter. */
export type Frame = {
  workspaceName: string;
  /** Why this person gets it, one sentence. */
  why: string;
  unsubscribeUrl: string;
  helpUrl: string;
};
