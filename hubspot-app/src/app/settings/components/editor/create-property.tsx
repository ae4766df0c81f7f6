/** Makes a new property without leaving the editor. */
import { Flex, Input, LoadingButton, Select, TextArea } from "@hubspot/ui-extensions";
import {
  type CrmProperty,
  FailureNote,
  fieldMessages,
  type ObjectType,
  type PandoraField,
  type PropertyType,
  useApp,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { createProperty, type PropertyDraft } from "../../api/mappings.ts";
import { internalName } from "../../lib/lists.ts";
import { useOnce } from "../parts/use-once.ts";
import { useSettings } from "../settings-context.tsx";

export function CreateProperty(props: {
  objectType: ObjectType;
  field: PandoraField;
  onCreated: (property: CrmProperty) => void;
}) {
  const { objectType, field, onCreated } = props;
  const { client, host } = useApp();
  const { words } = useSettings();
  const said = words.editor.create;
  const kinds = field.compatible_types.filter((type) => type !== "multi_enum");
  const [label, setLabel] = useState(`Pandora ${field.label.charAt(0).toLowerCase()}${field.label.slice(1)}`);
  const [ownName, setOwnName] = useState<string | null>(null);
  const [type, setType] = useState<PropertyType>(kinds[0] ?? "text");
  const [description, setDescription] = useState(field.description);
  const [options, setOptions] = useState(said.scoreOptions);
  const [wasTried, setTried] = useState(false);
  const { run, isPending, failure } = useMutation<PropertyDraft, CrmProperty>((body) => createProperty(client, body));

  const name = ownName ?? internalName(label);
  const lines = options
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const local: Record<string, string> = {
    ...(label.trim() === "" ? { label: said.faults.label } : {}),
    ...(label.trim().length > 100 ? { label: words.tooLong(100) } : {}),
    ...(/^[a-z][a-z0-9_]{0,99}$/.test(name) ? {} : { name: said.faults.name }),
    ...(description.length > 1000 ? { description: words.tooLong(1000) } : {}),
    ...(type === "enum" && lines.length === 0 ? { options: said.faults.options } : {}),
    ...(type === "enum" && new Set(lines).size < lines.length ? { options: said.faults.optionsTwice } : {}),
  };
  const server = fieldMessages(failure);
  const at = (place: string) => {
    const message = (wasTried ? local[place] : undefined) ?? server[place];
    return { error: message !== undefined, validationMessage: message };
  };
  const submit = useOnce(async () => {
    setTried(true);
    if (Object.keys(local).length > 0) return;
    const result = await run({
      ...{ object_type: objectType, name, label: label.trim(), type, description: description.trim() },
      ...(type === "enum" ? { options: lines.map((line) => ({ value: line, label: line })) } : {}),
    });
    if (!result.ok) return;
    host.tell("success", said.done(result.data.label));
    onCreated(result.data);
  });
  return (
    <Flex direction="column" gap="sm">
      <FailureNote failure={failure} />
      <Input
        name="new-property-label"
        label={said.label}
        description={said.labelDescription}
        required
        value={label}
        {...at("label")}
        onInput={setLabel}
        onChange={setLabel}
      />
      <Input
        name="new-property-name"
        label={said.name}
        description={said.nameDescription}
        required
        value={name}
        {...at("name")}
        onInput={setOwnName}
        onChange={setOwnName}
      />
      <Select
        name="new-property-type"
        label={said.type}
        value={type}
        options={kinds.map((value) => ({ value, label: words.editor.types[value] }))}
        {...at("type")}
        onChange={(value) => setType(value as PropertyType)}
      />
      {type === "enum" ? (
        <TextArea
          name="new-property-options"
          label={said.options}
          description={said.optionsDescription}
          rows={4}
          value={options}
          {...at("options")}
          onInput={setOptions}
          onChange={setOptions}
        />
      ) : null}
      <Input
        name="new-property-description"
        label={said.description}
        value={description}
        {...at("description")}
        onInput={setDescription}
        onChange={setDescription}
      />
      <Flex direction="row">
        <LoadingButton size="sm" loading={isPending} testId="create-property" onClick={() => void submit()}>
          {said.submit}
        </LoadingButton>
      </Flex>
    </Flex>
  );
}
