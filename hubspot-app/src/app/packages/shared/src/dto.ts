/**
 * The API's shapes, as the server's own contract declares them. Types only: the compiler erases this file, so neither the
 * contract nor its validation library reaches a bundle, and the bundles build where the server's sources are not at hand.
 */
export type { CrmType, ListOf, ObjectType, PropertyType } from "../../../../../../backend/contract/common.ts";
export type {
  Candidate,
  CreateDealRequest,
  Creation,
  CreationWarning,
} from "../../../../../../backend/contract/creations.ts";
export type { DealOptionsShape as DealOptions } from "../../../../../../backend/contract/deal-options.ts";
export type {
  CrmSearchResult,
  DismissReason,
  Gap,
  GapStatus,
  GapSummary,
  GapTrend,
  LikelyCauseCode,
  SeverityName as Severity,
} from "../../../../../../backend/contract/gaps.ts";
export type { Envelope, FieldErrorShape, Problem } from "../../../../../../backend/contract/problem.ts";
export type { RecordCard } from "../../../../../../backend/contract/records.ts";
export type { Run } from "../../../../../../backend/contract/runs.ts";
export type { Ability, Role, Session } from "../../../../../../backend/contract/session.ts";
