/** A mirrored CRM and its conversations planted in short, skills run over them, and what they left behind. */
import { randomUUID } from "node:crypto";
import type { House } from "../../backend/connections/house.ts";
import type { CrmType, ObjectType } from "../../backend/crm/port.ts";
import type { Tx } from "../../backend/db.ts";
import type { SkillName } from "../../backend/skills/catalogue.ts";
import { runSkill, startSkillRun } from "../../backend/skills/runtime.ts";
import type { Factor } from "../../backend/skills/score.ts";
import { getSkillRun } from "../../backend/skills/skill-runs.ts";

/** Columns of the table as they stand; `ago` columns are given in days before now. */
type Columns = Record<string, unknown>;

export type CallIn = {
  /** Days before now; negative: ahead. */
  ago?: number;
  deal?: string;
  companies?: string[];
  /** Contact ids of the customer's people; or an address of somebody unknown. */
  people?: string[];
  summary?: string;
  sentiment?: number;
  nextStep?: boolean;
} & Columns;

export type Value = { value: unknown; factors: Factor[]; value_version: number; run_id: string; history: unknown[] };
export type Planted = ReturnType<typeof planting>;

/** @param house of any test; the workspace must be there */
export function planting(house: House, workspaceId: string, crm: CrmType = "hubspot") {
  const inside = <T>(work: (tx: Tx) => Promise<T>) => house.db.withWorkspace(workspaceId, work);
  const ago = (days: number) => new Date(house.clock.now().getTime() - days * 86_400_000);
  const put = async (table: string, row: Columns) => {
    await inside((tx) => tx`insert into ${tx(table)} ${tx({ workspace_id: workspaceId, ...row } as never)}`);
  };
  const mirrored = { crm, synced_at: house.clock.now() };
  const t = {
    ...{ house, workspaceId, crm, inside, ago },
    owner: (owner_id: string, more: Columns = {}) =>
      put("crm_owners", { ...mirrored, owner_id, name: `Rep ${owner_id}`, active: true, ...more }),
    company: (crm_id: string, more: Columns = {}) =>
      put("companies", { ...mirrored, crm_id, name: `Company ${crm_id}`, ...more }),
    contact: (crm_id: string, more: Columns = {}) =>
      put("contacts", { ...mirrored, crm_id, name: `Contact ${crm_id}`, ...more }),
    deal: async (crm_id: string, { contacts = [], ...more }: { contacts?: string[] } & Columns = {}) => {
      const row = { is_closed: false, is_won: false, crm_created_at: ago(40), ...more };
      await put("deals", { ...mirrored, crm_id, name: `Deal ${crm_id}`, ...row });
      for (const contact_id of contacts) await put("deal_contacts", { crm, deal_id: crm_id, contact_id });
    },
    change: (table: "companies" | "contacts" | "deals", crm_id: string, set: Columns) =>
      inside(
        (tx) =>
          tx`update ${tx(table)} set ${tx(set as never)} where workspace_id = ${workspaceId} and crm_id = ${crm_id}`,
      ),
    call: async (given: CallIn = {}) => {
      const { ago: days = 5, deal, companies = [], people = [], sentiment, nextStep, ...more } = given;
      const id = randomUUID();
      const now = house.clock.now();
      await put("conversations", {
        ...{ id, title: "Call", source: "generic", started_at: ago(days), facts_hash: "" },
        ...{ created_at: now, updated_at: now, dirty: false },
        ...(deal ? { deal_crm: crm, deal_id: deal } : {}),
        ...more,
      });
      if (sentiment !== undefined || nextStep !== undefined) {
        const signals = {
          ...(sentiment === undefined ? {} : { sentiment }),
          ...(nextStep === undefined ? {} : { next_step_agreed: nextStep }),
        };
        await inside((tx) => tx`update conversations set signals = ${tx.json(signals)} where id = ${id}`);
      }
      for (const [n, company_id] of companies.entries()) {
        const link = { participants: 1, method: "contact", confidence: 1, is_primary: n === 0 };
        await put("conversation_companies", { conversation_id: id, crm, company_id, ...link });
      }
      for (const [ordinal, who] of people.entries()) {
        const person = who.includes("@")
          ? { email: who }
          : { email: `${who}@x.test`, contact_crm: crm, contact_id: who };
        await put("conversation_participants", { conversation_id: id, ordinal, side: "external", ...person });
      }
      return id;
    },
    mapping: (pandora_field: string, crm_object_type: ObjectType, crm_property_name: string, more: Columns = {}) => {
      const id = randomUUID();
      return put("crm_property_mappings", {
        ...{ id, crm_type: crm, pandora_field, crm_object_type, crm_property_name, crm_field_type: "" },
        ...{ crm_property_label: crm_property_name, sync_trigger: "after_skill_run", write_mode: "overwrite", ...more },
      }).then(() => id);
    },
    scoring: (scoring: object) =>
      inside(
        (tx) =>
          tx`update workspaces set settings = settings || ${tx.json({ scoring } as never)} where workspace_id = ${workspaceId}`,
      ),
    /** Runs a skill here and now, without the queue. */
    run: async (skill: SkillName, record_ids?: string[]) => {
      const scope = { crm, ...(record_ids ? { record_ids } : {}) };
      const { id } = await startSkillRun(house, workspaceId, { skill, trigger: "manual", scope });
      await runSkill(house, workspaceId, id);
      return getSkillRun(house, workspaceId, id);
    },
    /** Values of a record by field. */
    values: async (objectType: ObjectType, id: string): Promise<Record<string, Value>> => {
      const rows = await inside(
        (tx) => tx<({ field: string } & Value)[]>`
          select field, value, factors, value_version::int as value_version, run_id, history from record_values
          where workspace_id = ${workspaceId} and crm = ${crm} and object_type = ${objectType} and crm_record_id = ${id}`,
      );
      return Object.fromEntries(rows.map(({ field, ...value }) => [field, value]));
    },
    /** Everything stored, to compare before and after. */
    everything: () =>
      inside(
        (tx) => tx`
          select object_type, crm_record_id, field, value, value_version::int, run_id, computed_at from record_values
          where workspace_id = ${workspaceId} order by object_type, crm_record_id, field`,
      ),
    findings: (id?: string) =>
      inside(
        (tx) => tx<{ object_type: string; crm_record_id: string; kind: string; severity: string; found_at: Date }[]>`
          select object_type, crm_record_id, kind, severity, found_at from findings
          where workspace_id = ${workspaceId} ${id ? tx`and crm_record_id = ${id}` : tx``}
          order by object_type, crm_record_id, kind`,
      ),
    /** Jobs that wait, by kind. */
    waiting: async (kind: string) => (await house.queue.pending())[kind] ?? 0,
  };
  return t;
}
