/** The property: only those that can hold the value, your own first, or a new one. */
import { Accordion, Button, Flex, SearchInput, Select, Text } from "@hubspot/ui-extensions";
import { type CrmProperty, type PandoraField, StateView, useApp } from "@pandora/hs-shared";
import { useState } from "react";
import { listProperties } from "../../api/mappings.ts";
import type { SettingsWords } from "../../words/index.ts";
import { useSettings } from "../settings-context.tsx";
import { CreateProperty } from "./create-property.tsx";
import type { Editor } from "./use-editor.ts";

/** From so many on, looking through a list takes longer than typing. */
const searchFrom = 12;

export function PropertyField({ editor, field }: { editor: Editor; field: PandoraField }) {
  const { form, mapping, properties, set } = editor;
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.editor;
  const [isAsking, setAsking] = useState(false);
  const askAgain = async () => {
    setAsking(true);
    const result = await listProperties(client, form.objectType, true);
    setAsking(false);
    if (result.ok) properties.put(result.data);
    else await properties.reload();
  };
  return (
    <StateView load={properties} loading={said.propertyLoading}>
      {(list) => {
        const fitting = list.items.filter(({ type, unique }) => field.compatible_types.includes(type) && !unique);
        const free = fitting.filter(({ mapped_by }) => mapped_by === null || mapped_by === mapping?.id);
        return (
          <Flex direction="column" gap="sm">
            <PropertyChoice editor={editor} properties={free} taken={fitting.length - free.length} field={field} />
            <Flex direction="row" gap="sm">
              <Button size="xs" variant="transparent" disabled={isAsking} onClick={() => void askAgain()}>
                {said.propertyRefresh}
              </Button>
            </Flex>
            <Accordion title={said.create.open} size="sm">
              <CreateProperty
                objectType={form.objectType}
                field={field}
                onCreated={(property) => {
                  properties.put({ ...list, items: [property, ...list.items] });
                  set({ property: property.name });
                }}
              />
            </Accordion>
          </Flex>
        );
      }}
    </StateView>
  );
}

function PropertyChoice(props: { editor: Editor; properties: CrmProperty[]; taken: number; field: PandoraField }) {
  const { editor, properties, taken, field } = props;
  const { form, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  const [typed, setTyped] = useState("");
  const q = typed.trim().toLowerCase();
  const found = properties.filter(
    ({ name, label }) => name === form.property || `${label} ${name}`.toLowerCase().includes(q),
  );
  const fault = faultOf("crm_property_name");
  const kinds = field.compatible_types.map((type) => said.types[type]).join(", ");
  const notes = [said.propertyFitting(kinds), taken > 0 ? said.propertyTaken(taken) : ""].filter(Boolean).join(" ");
  if (properties.length === 0) return <Text>{[said.propertyNoneAtAll, notes].join(" ")}</Text>;
  return (
    <Flex direction="column" gap="sm">
      {properties.length >= searchFrom ? (
        <SearchInput
          name="property-search"
          label={said.propertySearch}
          placeholder={said.propertySearchPlaceholder}
          value={typed}
          onInput={setTyped}
          onChange={setTyped}
          clearable
        />
      ) : null}
      {found.length === 0 ? <Text variant="microcopy">{said.propertyNone(typed.trim())}</Text> : null}
      <Select
        name="property"
        label={said.property}
        required
        placeholder={said.propertyPlaceholder}
        value={form.property}
        options={found.map((each) => ({ value: each.name, label: optionLabel(each, words) }))}
        error={fault !== undefined}
        validationMessage={fault}
        description={notes}
        onChange={(value) => set({ property: String(value) })}
      />
    </Flex>
  );
}

function optionLabel({ label, type, custom }: CrmProperty, words: SettingsWords): string {
  const { types, propertyOwn, propertyStandard } = words.editor;
  return `${label} (${types[type]}, ${custom ? propertyOwn : propertyStandard})`;
}
