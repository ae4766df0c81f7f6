/** What a step is handed and what it answers; how an error of the CRM becomes an answer. */
import type { CreationWarning } from "../contract/creations.ts";
import type { CrmError } from "../crm/errors.ts";
import type { Crm } from "../crm/port.ts";
import { meaningOf } from "./creation-next.ts";
import type { CreationRow, Steps, StoredError } from "./creation-row.ts";

export type StepContext = {
  row: CreationRow;
  crm: Crm;
  now: () => Date;
  /**
   * Stores that something is sent now, before it is; the lease then lasts until its answer must be here.
   * @throws LeaseLost when somebody else works at it by now: nothing may be sent
   */
  intend(steps: Partial<Steps>): Promise<void>;
  /** An id, "busy", or null (creation-store.ts `companyBeingMade`), and in the same transaction the intent. */
  intendCompany(domain: string | null): Promise<string | null>;
  /** The company of this domain in the mirror. */
  mirroredCompany(domain: string): Promise<string | null>;
};

export type StepEnd =
  | { kind: "done"; steps: Partial<Steps>; warnings?: CreationWarning[]; keyIsUnique?: boolean }
  /** Try again; `steps`: what is known all the same. */
  | { kind: "later"; afterMs: number | undefined; steps?: Partial<Steps> }
  /** The connection is dead. */
  | { kind: "paused" }
  /** No deal was made, and none will be. */
  | { kind: "failed"; error: StoredError; steps?: Partial<Steps> }
  /** A deal may have been made, and nobody can tell. */
  | { kind: "unknown"; error: StoredError };

/** Somebody else took the work over. */
export class LeaseLost extends Error {}

export function done(steps: Partial<Steps>, warnings: CreationWarning[] = []): StepEnd {
  return { kind: "done", steps, ...(warnings.length > 0 ? { warnings } : {}) };
}

/**
 * An error where nothing was sent, or where what was sent was not done.
 * @param refused what a refusal for good comes to
 * @param cleared the intent taken back: it was not done
 */
export function endOf(error: CrmError, refused: () => StepEnd, cleared?: Partial<Steps>): StepEnd {
  const meaning = meaningOf(error);
  const steps = cleared ? { steps: cleared } : {};
  switch (meaning.kind) {
    case "later":
      return { kind: "later", afterMs: meaning.afterMs, ...steps };
    case "unknown":
      // Its intent stands: it is looked for next time.
      return { kind: "later", afterMs: undefined };
    case "paused":
      return { kind: "paused" };
    case "refused":
      return refused();
    default:
      return meaning satisfies never;
  }
}

/** The CRM's own words, and the field they are about. */
export function refusedBy(error: CrmError, field: string | null): StoredError {
  const message = sentence(error.message);
  if (error.kind === "missing_scope") {
    const lacks = error.detail.scope ? ` (${error.detail.scope})` : "";
    const says = `The connection to the CRM lacks a permission${lacks}. Ask an admin to grant it and to reconnect.`;
    return { code: "missing_scope", status: 409, message: says, errors: [] };
  }
  const named = field ?? error.detail.property ?? null;
  return {
    code: "crm_refused",
    status: 422,
    message: `The CRM refused the deal: ${message}`,
    errors: named ? [{ field: named, code: error.kind, message }] : [],
  };
}

export function warning(code: string, message: string, field: string | null = null): CreationWarning {
  return { code, message, field };
}

export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
