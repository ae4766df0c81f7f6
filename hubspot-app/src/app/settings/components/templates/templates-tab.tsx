/** Tested sets of mappings, applied in one step. */
import {
  Alert,
  Button,
  ButtonRow,
  EmptyState,
  Flex,
  Heading,
  LoadingButton,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
  Tile,
} from "@hubspot/ui-extensions";
import {
  FailureNote,
  Loading,
  type Once,
  StateView,
  type Template,
  type TemplateApplied,
  useApp,
  useLoad,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { applyTemplate, listFields, listTemplates } from "../../api/mappings.ts";
import { startRun } from "../../api/runs.ts";
import { Act } from "../parts/act.tsx";
import { Section } from "../parts/section.tsx";
import { useOnce } from "../parts/use-once.ts";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

export function TemplatesTab() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.templates;
  const templates = useTopicLoad(["mappings", "connection"], "templates", () => listTemplates(client));
  const fields = useLoad("fields", () => listFields(client));
  const labels = new Map(
    fields.is.state === "ready" ? fields.is.data.items.map(({ name, label }) => [name, label]) : [],
  );
  return (
    <Section title={said.title} text={said.intro}>
      <StateView
        load={templates}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title={said.none.title}>
            <Text>{said.none.text}</Text>
          </EmptyState>
        }
      >
        {({ items }) => (
          <Flex direction="column" gap="md">
            {items.map((template) => (
              <TemplateTile key={template.key} template={template} labels={labels} />
            ))}
          </Flex>
        )}
      </StateView>
    </Section>
  );
}

function TemplateTile({ template, labels }: { template: Template; labels: Map<string, string> }) {
  const { client } = useApp();
  const { words, can, changed } = useSettings();
  const said = words.templates;
  const [applied, setApplied] = useState<TemplateApplied | null>(null);
  const apply = useMutation<{ key: string }, TemplateApplied>((body) => applyTemplate(client, body));
  const isDone = template.mappings.every((part) => part.already_mapped);
  const press = useOnce(async () => {
    const result = await apply.run({ key: template.key });
    if (!result.ok) return;
    setApplied(result.data);
    changed("mappings");
  });
  return (
    <Tile>
      <Flex direction="column" gap="sm">
        <Flex direction="row" justify="between" align="center" gap="md">
          <Flex direction="column" gap="flush">
            <Heading>{`${template.label} · ${words.objects[template.object_type]}`}</Heading>
            <Text>{template.description}</Text>
          </Flex>
          {isDone ? <StatusTag variant="success">{said.applied}</StatusTag> : null}
          {!isDone && can("manage_mappings") ? (
            <LoadingButton
              variant="primary"
              loading={apply.isPending}
              testId={`apply-${template.key}`}
              onClick={() => void press()}
            >
              {said.applyNamed(template.label)}
            </LoadingButton>
          ) : null}
        </Flex>
        {apply.isPending ? <Loading label={said.busy} /> : null}
        <FailureNote failure={apply.failure} />
        {applied ? <Applied template={template} applied={applied} /> : null}
        <Parts template={template} labels={labels} />
      </Flex>
    </Tile>
  );
}

function Parts({ template, labels }: { template: Template; labels: Map<string, string> }) {
  const { words } = useSettings();
  const said = words.templates;
  return (
    <Table density="compact">
      <TableHead>
        <TableRow>
          <TableHeader>{said.field}</TableHeader>
          <TableHeader>{said.property}</TableHeader>
          <TableHeader>{said.state}</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {template.mappings.map((part) => (
          <TableRow key={part.crm_property_name}>
            <TableCell>{labels.get(part.pandora_field) ?? part.crm_property_label}</TableCell>
            <TableCell>{part.crm_property_label}</TableCell>
            <TableCell>
              {part.already_mapped ? said.mapped : part.creates_property ? said.creates : said.maps}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function Applied({ template, applied }: { template: Template; applied: TemplateApplied }) {
  const { client } = useApp();
  const { words, goTo, openRun, changed } = useSettings();
  const said = words.templates;
  const counts = [
    applied.created_properties.length > 0 ? said.doneProperties(applied.created_properties.length) : "",
    said.doneMappings(applied.created_mappings.length),
    applied.kept_mappings.length > 0 ? said.doneKept(applied.kept_mappings.length) : "",
  ];
  const ids = applied.created_mappings.map(({ id }) => id);
  return (
    <Alert title={said.doneTitle(template.label)} variant="success">
      <Flex direction="column" gap="sm">
        <Text>{[...counts, said.next].filter(Boolean).join(" ")}</Text>
        <ButtonRow>
          {ids.length > 0 ? (
            <Act
              size="xs"
              variant="primary"
              testId={`dry-run-${template.key}`}
              send={(body: Once & { mapping_ids: string[] }) => startRun(client, "dry_run", body)}
              body={{ mapping_ids: ids }}
              onDone={(run) => {
                changed("runs");
                openRun(run.id);
              }}
            >
              {said.dryRun}
            </Act>
          ) : null}
          <Button size="xs" onClick={() => goTo("mappings")}>
            {said.toMappings}
          </Button>
        </ButtonRow>
      </Flex>
    </Alert>
  );
}
