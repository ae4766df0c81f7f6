/** What goes where: object, Pandora's value, the property. */
import { Box, Flex, Heading, Select, Text } from "@hubspot/ui-extensions";
import type { ObjectType } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";
import { PropertyField } from "./property-field.tsx";
import type { Editor } from "./use-editor.ts";

const objectTypes: ObjectType[] = ["deal", "company", "contact"];

export function TargetFields({ editor }: { editor: Editor }) {
  const { form, field, fields, mapping, set, faultOf } = editor;
  const { words } = useSettings();
  const said = words.editor;
  const fault = faultOf("pandora_field") ?? faultOf("crm_object_type");
  const chooseObject = (objectType: ObjectType) =>
    // A value or property of one object means nothing on another.
    set({ objectType, field: "", property: "", pipelines: [], owners: form.owners, openDeals: objectType === "deal" });
  return (
    <Flex direction="column" gap="sm">
      <Heading>{said.sections.what}</Heading>
      <Flex direction="row" gap="md">
        <Box flex={1}>
          <Select
            name="object"
            label={said.object}
            value={form.objectType}
            readOnly={mapping !== null}
            options={objectTypes.map((value) => ({ value, label: words.object[value] }))}
            onChange={(value) => chooseObject(value as ObjectType)}
          />
        </Box>
        <Box flex={2}>
          <Select
            name="field"
            label={said.field}
            required
            placeholder={said.fieldPlaceholder}
            value={form.field}
            readOnly={mapping !== null}
            options={fields.map(({ name, label }) => ({ value: name, label }))}
            error={fault !== undefined}
            validationMessage={fault}
            onChange={(value) => set({ field: String(value), steps: [], conditions: [], property: "" })}
          />
        </Box>
      </Flex>
      {field ? (
        <Text variant="microcopy">{`${sentence(field.description)} ${said.example(short(field.example))}`}</Text>
      ) : null}
      {mapping ? <Text variant="microcopy">{said.fixed}</Text> : null}
      {field ? <PropertyField editor={editor} field={field} /> : null}
    </Flex>
  );
}

/** Descriptions of the registry end without a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function short(text: string): string {
  return text.length > 90 ? `${text.slice(0, 90).trimEnd()}…` : text;
}
