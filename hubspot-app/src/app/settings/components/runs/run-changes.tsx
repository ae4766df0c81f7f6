/** What a run changed or would change, value by value, to page through. */
import {
  Flex,
  Link,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { type Change, type Run, StateView, useApp, useLoad } from "@pandora/hs-shared";
import { useState } from "react";
import { type Decision, listChanges } from "../../api/runs.ts";
import { failed, leftAlone } from "../../lib/run-facts.ts";
import { MoreOf, usePages } from "../parts/paged.tsx";
import { Value } from "../parts/value.tsx";
import { useSettings } from "../settings-context.tsx";

const decisions: Decision[] = ["write", "skip", "error"];

export function RunChanges({ run }: { run: Run }) {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.runs.changes;
  const isDry = run.kind === "dry_run";
  const [decision, setDecision] = useState<Decision>(() => firstWorthSeeing(run));
  const read = (cursor?: string) => listChanges(client, run.id, { decision, cursor });
  const load = useLoad(`${run.id} ${decision}`, read);
  const pages = usePages<Change>(load, read);
  const labels = new Map(run.by_mapping.map((one) => [one.mapping_id, one.crm_property_label]));
  const kinds = isDry ? said.kindsDry : said.kinds;
  return (
    <Flex direction="column" gap="sm">
      <Select
        name="changes-kind"
        label={said.filter}
        value={decision}
        options={decisions.map((value) => ({ value, label: kinds[value] }))}
        onChange={(value) => setDecision(value as Decision)}
      />
      <StateView load={load} isEmpty={({ items }) => items.length === 0} empty={<Text>{said.none}</Text>}>
        {() => (
          <Flex direction="column" gap="sm">
            <Table bordered density="condensed">
              <TableHead>
                <TableRow>
                  <TableHeader>{said.record}</TableHeader>
                  <TableHeader>{said.property}</TableHeader>
                  <TableHeader width="auto">{said.before}</TableHeader>
                  <TableHeader width="auto">
                    {decision === "write" ? (isDry ? said.wouldBe : said.after) : said.why}
                  </TableHeader>
                </TableRow>
              </TableHead>
              <TableBody>
                {pages.items.map((change) => (
                  <ChangeRow
                    key={change.id}
                    change={change}
                    property={labels.get(change.mapping_id) ?? change.crm_property_name}
                  />
                ))}
              </TableBody>
            </Table>
            <MoreOf pages={pages} />
          </Flex>
        )}
      </StateView>
    </Flex>
  );
}

function ChangeRow({ change, property }: { change: Change; property: string }) {
  const { words } = useSettings();
  const name = change.record_name ?? words.log.noName;
  return (
    <TableRow>
      <TableCell>
        {change.record_url ? (
          <Link href={{ url: change.record_url, external: true }}>{name}</Link>
        ) : (
          <Text>{name}</Text>
        )}
      </TableCell>
      <TableCell>{property}</TableCell>
      <TableCell>
        <Value value={change.before} />
      </TableCell>
      <TableCell>
        {change.decision === "write" ? <Value value={change.after} strong /> : <Text>{change.reason_text ?? ""}</Text>}
      </TableCell>
    </TableRow>
  );
}

function firstWorthSeeing({ totals }: Run): Decision {
  if (totals.written > 0) return "write";
  return failed(totals) > 0 || leftAlone(totals) === 0 ? "error" : "skip";
}
