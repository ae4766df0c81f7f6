/** New rows by composite/sobjects, each settled by its own result. */
import { CrmError } from "../errors.ts";
import type { Outcome } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { classifyRow } from "./errors.ts";
import { batchMax } from "./records.ts";
import { saveRows } from "./wire.ts";

export type NewRow = Record<string, string | number | boolean | null>;

/** One call per 200 rows. @param allowDuplicates past the duplicate rules that only warn */
export async function insertRows(
  client: SalesforceClient,
  type: string,
  rows: NewRow[],
  allowDuplicates = false,
): Promise<Outcome<{ id: string }>[]> {
  const outcomes: Outcome<{ id: string }>[] = [];
  for (let at = 0; at < rows.length; at += batchMax) {
    const records = rows.slice(at, at + batchMax).map((row) => ({ attributes: { type }, ...row }));
    const answer = await client.ask(
      {
        method: "POST",
        path: "/composite/sobjects",
        body: { allOrNone: false, records },
        ...(allowDuplicates ? { headers: { "sforce-duplicate-rule-header": "allowSave=true" } } : {}),
      },
      saveRows,
    );
    const whole = answer.length === records.length;
    for (const [index] of records.entries()) outcomes.push(settled(whole ? answer[index] : undefined));
  }
  return outcomes;
}

/** @throws CrmError of the row; outcome_unknown when the answer does not cover it */
export async function insertOne(client: SalesforceClient, type: string, row: NewRow): Promise<{ id: string }> {
  const [outcome] = await insertRows(client, type, [row]);
  if (outcome?.ok) return outcome.value;
  if (!outcome || outcome.error.kind === "no_result") {
    throw new CrmError("outcome_unknown", "Salesforce's answer does not say whether the record was made.");
  }
  throw outcome.error;
}

function settled(result: (typeof saveRows)["_output"][number] | undefined): Outcome<{ id: string }> {
  if (result?.success && result.id) return { ok: true, value: { id: result.id } };
  if (result && !result.success) return { ok: false, error: classifyRow(result.errors) };
  return { ok: false, error: new CrmError("no_result", "Salesforce's answer does not cover this record.") };
}
