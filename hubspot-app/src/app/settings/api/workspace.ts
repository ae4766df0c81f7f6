/** People, keys, notices, settings, sources, the rule of automatic deals, scoring. */
import type {
  ApiKey,
  ApiKeyCreated,
  AutoCreate,
  AutoCreateDryRun,
  Client,
  GapSettings,
  ListOf,
  Member,
  Notifications,
  Once,
  Role,
  ScoringPreview,
  ScoringView,
  SecretName,
  Settings,
  Source,
  SourceCreated,
  SourceKind,
  SourceTest,
} from "@pandora/hs-shared";
import { crm } from "./connections.ts";

export const listMembers = (client: Client) => client.get<ListOf<Member>>("members", { limit: 200 });

export const addMember = (client: Client, body: Once & { email: string; name: string; role: Role }) =>
  client.send<Member>("POST", "members", body);

export const changeMember = (client: Client, { id, ...body }: Once & { id: string; role: Role }) =>
  client.send<Member>("PATCH", `members/${id}`, body);

export const removeMember = (client: Client, { id, request_id }: Once & { id: string }) =>
  client.remove<{ deleted: true }>(`members/${id}`, { request_id });

export const listKeys = (client: Client) => client.get<ListOf<ApiKey>>("api-keys", { limit: 200 });

export const createKey = (client: Client, body: Once & { name: string; role: Role }) =>
  client.send<ApiKeyCreated>("POST", "api-keys", body);

export const revokeKey = (client: Client, { id, request_id }: Once & { id: string }) =>
  client.remove<{ deleted: true }>(`api-keys/${id}`, { request_id });

export const getSettings = (client: Client) => client.get<Settings>("settings");

export type SettingsChange = Partial<
  Pick<Settings, "name" | "time_zone" | "currency" | "reps_see" | "transcript_days">
> & {
  gaps?: Partial<GapSettings>;
};

export const changeSettings = (client: Client, body: Once & SettingsChange) =>
  client.send<Settings>("PATCH", "settings", body);

export const getNotices = (client: Client) => client.get<Notifications>("notifications");

export type NoticesChange = { me?: Record<string, boolean>; workspace?: Record<string, boolean> };

export const changeNotices = (client: Client, body: Once & NoticesChange) =>
  client.send<Notifications>("PATCH", "notifications", body);

export const sendTestMail = (client: Client, body: Once) =>
  client.send<{ sent: boolean; message: string }>("POST", "notifications/test", body);

export const listSources = (client: Client) => client.get<ListOf<Source>>("sources", { limit: 100 });

export type Secrets = Partial<Record<SecretName, string>>;

export type SourceDraft = { kind: SourceKind; name?: string; secrets?: Secrets; settings?: { base_url?: string } };

export const createSource = (client: Client, body: Once & SourceDraft) =>
  client.send<SourceCreated>("POST", "sources", body);

export type SourcePatch = Omit<SourceDraft, "kind"> & { id: string; status?: "connected" | "paused" };

export const changeSource = (client: Client, { id, ...body }: Once & SourcePatch) =>
  client.send<Source>("PATCH", `sources/${id}`, body);

export const deleteSource = (client: Client, { id, request_id }: Once & { id: string }) =>
  client.remove<{ deleted: true }>(`sources/${id}`, { request_id });

export const testSource = (client: Client, { id, ...body }: Once & { id: string }) =>
  client.send<SourceTest>("POST", `sources/${id}/test`, body);

export const getAutoCreate = (client: Client) => client.get<AutoCreate>("auto-create");

export const putAutoCreate = (client: Client, body: Once & AutoCreate) =>
  client.send<AutoCreate>("PUT", "auto-create", body);

export const tryAutoCreate = (client: Client, body: Once & { rule: Partial<Omit<AutoCreate, "enabled">> }) =>
  client.send<AutoCreateDryRun>("POST", "auto-create/dry-run", body);

export const getScoring = (client: Client) => client.get<ScoringView>("skills/scoring");

export type ScoringChange = Record<string, { weights?: Record<string, number>; thresholds?: Record<string, number> }>;

export const changeScoring = (client: Client, body: Once & { scoring: ScoringChange }) =>
  client.send<ScoringView>("PATCH", "skills/scoring", body);

export const previewScoring = (client: Client, body: Once & { score: string; scoring: ScoringChange }) =>
  client.send<ScoringPreview>("POST", "skills/scoring/preview", { ...body, crm });
