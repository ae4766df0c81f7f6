/** All mappings with their last results; where there are none, the templates are proposed. */
import {
  Button,
  EmptyState,
  Flex,
  Table,
  TableBody,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import { type Mapping, type PandoraField, StateView, useApp, useLoad } from "@pandora/hs-shared";
import { listFields, listMappings } from "../../api/mappings.ts";
import { MappingPanel } from "../editor/mapping-panel.tsx";
import { Section } from "../parts/section.tsx";
import { StaleNote } from "../parts/stale-note.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";
import { MappingRow } from "./mapping-row.tsx";

export function MappingsTab() {
  const { client } = useApp();
  const { words, can } = useSettings();
  const said = words.mappings;
  const mappings = useTopicLoad(["mappings", "runs", "log"], "mappings", () => listMappings(client));
  const fields = useLoad("fields", () => listFields(client));
  const mayChange = can("manage_mappings");
  return (
    <Section
      title={words.tabs.mappings}
      text={said.intro}
      // In one place, whether there are mappings or none: its panel stays open when the first one is saved.
      action={
        mayChange ? (
          <Button testId="add-mapping" overlay={<MappingPanel id="new-mapping" mapping={null} />}>
            {said.add}
          </Button>
        ) : null
      }
    >
      <StaleNote load={mappings} />
      <StateView load={mappings} isEmpty={({ items }) => items.length === 0} empty={<NoMappings />}>
        {({ items }) => (
          <StateView load={fields}>
            {({ items: known }) => <MappingTable mappings={items} fields={known} mayChange={mayChange} />}
          </StateView>
        )}
      </StateView>
    </Section>
  );
}

function NoMappings() {
  const { words, can, goTo } = useSettings();
  const said = words.mappings.empty;
  return (
    <EmptyState title={said.title} layout="vertical" imageName="object">
      <Text>{said.text}</Text>
      {can("manage_mappings") ? (
        <Button variant="primary" onClick={() => goTo("templates")}>
          {words.connection.toTemplates}
        </Button>
      ) : null}
    </EmptyState>
  );
}

function MappingTable(props: { mappings: Mapping[]; fields: PandoraField[]; mayChange: boolean }) {
  const { mappings, fields, mayChange } = props;
  const { words } = useSettings();
  const { columns } = words.mappings;
  return (
    <Flex direction="column" gap="sm">
      <Table bordered density="condensed">
        <TableHead>
          <TableRow>
            <TableHeader width="auto">{columns.what}</TableHeader>
            <TableHeader>{columns.object}</TableHeader>
            <TableHeader>{columns.mode}</TableHeader>
            <TableHeader>{columns.trigger}</TableHeader>
            <TableHeader width="auto">{columns.last}</TableHeader>
            <TableHeader>{columns.status}</TableHeader>
            {mayChange ? <TableHeader>{columns.actions}</TableHeader> : null}
          </TableRow>
        </TableHead>
        <TableBody>
          {mappings.map((mapping) => (
            <MappingRow
              key={mapping.id}
              mapping={mapping}
              label={fields.find(({ name }) => name === mapping.pandora_field)?.label ?? mapping.crm_property_label}
              mayChange={mayChange}
            />
          ))}
        </TableBody>
      </Table>
    </Flex>
  );
}
