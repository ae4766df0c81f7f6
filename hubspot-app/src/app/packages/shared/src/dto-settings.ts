/** Shapes that only the settings page needs. Types only, like dto.ts. */
export type { Alert } from "../../../../../../backend/contract/alerts.ts";
export type { ApiKey, ApiKeyCreated } from "../../../../../../backend/contract/api-keys.ts";
export type { AutoCreate, AutoCreateDryRun } from "../../../../../../backend/contract/auto-create.ts";
export type { Connection, ImportProgress } from "../../../../../../backend/contract/connections.ts";
export type { CrmProperty, CrmPropertyList } from "../../../../../../backend/contract/crm-properties.ts";
export type { PandoraField, ValueType } from "../../../../../../backend/contract/fields.ts";
export type { FilterChoices } from "../../../../../../backend/contract/filter-choices.ts";
export type { GapSettings } from "../../../../../../backend/contract/gap-settings.ts";
export type { LogEntry, LogStatus } from "../../../../../../backend/contract/log.ts";
export type {
  Mapping,
  MappingDraftInput,
  RecordFilter,
  SyncTrigger,
  TimestampFormat,
  TryResult,
  WriteMode,
} from "../../../../../../backend/contract/mappings.ts";
export type { Member } from "../../../../../../backend/contract/members.ts";
export type { NoticeSwitch, Notifications } from "../../../../../../backend/contract/notifications.ts";
export type { ErrorCode, SkipReason } from "../../../../../../backend/contract/reasons.ts";
export type { Change, RunKind, RunStatus, Tally } from "../../../../../../backend/contract/runs.ts";
export type { Settings } from "../../../../../../backend/contract/settings.ts";
export type { ScoringPreview, ScoringView } from "../../../../../../backend/contract/skills.ts";
export type {
  SecretName,
  Source,
  SourceCreated,
  SourceKind,
  SourceTest,
} from "../../../../../../backend/contract/sources.ts";
export type { Template, TemplateApplied } from "../../../../../../backend/contract/templates.ts";
