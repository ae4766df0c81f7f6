/** The neutral shape of a conversation: what every source is converted into, and all that ingest knows of sources. */

export type Affiliation = "internal" | "external" | "unknown";

export type SourceKind = "generic" | "gong" | "fireflies" | "zoom" | "hubspot" | "salesforce";

export type IncomingParticipant = {
  name: string | null;
  /** Lower case, trimmed; plus-addressing kept. */
  email: string | null;
  phone: string | null;
  /** What the source says; `unknown` is neither internal nor external. */
  affiliation: Affiliation;
};

export type NamedRecord = {
  /** null: the source does not say which CRM it means. */
  crm: "hubspot" | "salesforce" | null;
  object_type: "deal" | "company" | "contact";
  id: string;
};

export type IncomingConversation = {
  /** The source's own id. */
  externalId: string;
  title: string;
  /** UTC ISO. */
  startedAt: string;
  /** null: the source does not say. */
  durationMinutes: number | null;
  url: string | null;
  /** `zoom:…`, `meet:…`, `teams:…` or `calendar:…` (meeting-key.ts): the same for all who were in it. */
  meetingKey: string | null;
  hostEmail: string | null;
  callType: string | null;
  scopeHint: Affiliation;
  participants: IncomingParticipant[];
  namedRecords: NamedRecord[];
  /** null: this delivery does not tell; what an earlier one told stays. */
  summary: string | null;
  transcript: string | null;
  /** The source's own time of this telling, UTC ISO; null: when it arrives. */
  toldAt: string | null;
};

/** What became of one item of a source; `gone`: the source took it back. */
export type Converted =
  | { ok: true; conversation: IncomingConversation }
  | { ok: true; gone: { externalId: string; toldAt: string | null } }
  | { ok: false; externalId: string | null; reason: string };
