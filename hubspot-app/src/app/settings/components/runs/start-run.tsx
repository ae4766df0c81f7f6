/** Starts a dry run or a sync of all mappings or some. */
import { Button, ButtonRow, EmptyState, Flex, LoadingButton, MultiSelect, Text } from "@hubspot/ui-extensions";
import { FailureNote, type Run, StateView, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { listMappings } from "../../api/mappings.ts";
import { startRun } from "../../api/runs.ts";
import { Section } from "../parts/section.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

/** So many the server takes by name. */
const namedMax = 200;

export function StartRun({ onStarted }: { onStarted: (run: Run) => void }) {
  const { client } = useApp();
  const { words, goTo, session } = useSettings();
  const said = words.runs;
  const mappings = useTopicLoad(["mappings"], "mappings", () => listMappings(client));
  const [chosen, setChosen] = useState<string[]>([]);
  const dryRun = useMutation<{ mapping_ids?: string[] }, Run>((body) => startRun(client, "dry_run", body));
  const sync = useMutation<{ mapping_ids?: string[] }, Run>((body) => startRun(client, "sync", body));
  const both = session.connections.length > 1;
  const known = mappings.is.state === "ready" ? mappings.is.data.items : [];
  /** All means all of HubSpot: with another CRM beside it they are named one by one. */
  const wanted = (): { mapping_ids?: string[] } => {
    if (chosen.length > 0) return { mapping_ids: chosen };
    const active = known.filter(({ status }) => status === "active").map(({ id }) => id);
    return both && active.length > 0 && active.length <= namedMax ? { mapping_ids: active } : {};
  };
  const press = async (kind: "dry_run" | "sync") => {
    const [one, other] = kind === "sync" ? [sync, dryRun] : [dryRun, sync];
    other.clear();
    const result = await one.run(wanted());
    if (!result.ok) return;
    onStarted(result.data);
  };
  return (
    <Section title={said.title} text={said.intro}>
      <StateView
        load={mappings}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title={said.noMappings.title} imageName="object" layout="vertical">
            <Text>{said.noMappings.text}</Text>
            <Button variant="primary" onClick={() => goTo("templates")}>
              {words.connection.toTemplates}
            </Button>
          </EmptyState>
        }
      >
        {({ items }) => (
          <Flex direction="column" gap="sm">
            <MultiSelect
              name="run-mappings"
              label={said.which}
              placeholder={said.whichAll}
              description={said.whichDescription}
              value={chosen}
              options={items
                .filter(({ status }) => status !== "broken")
                .map(({ id, crm_property_label, crm_object_type }) => ({
                  value: id,
                  label: `${crm_property_label} (${words.objects[crm_object_type]})`,
                }))}
              onChange={(ids) => setChosen(ids.map(String))}
            />
            <FailureNote failure={dryRun.failure ?? sync.failure} />
            <ButtonRow>
              <LoadingButton
                variant="primary"
                loading={dryRun.isPending}
                disabled={sync.isPending}
                testId="start-dry-run"
                onClick={() => void press("dry_run")}
              >
                {said.dryRun}
              </LoadingButton>
              <LoadingButton
                variant="secondary"
                loading={sync.isPending}
                disabled={dryRun.isPending}
                testId="start-sync"
                onClick={() => void press("sync")}
              >
                {said.sync}
              </LoadingButton>
            </ButtonRow>
          </Flex>
        )}
      </StateView>
    </Section>
  );
}
