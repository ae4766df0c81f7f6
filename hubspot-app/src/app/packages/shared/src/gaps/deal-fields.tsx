/** The parts of the form that not every deal has: a company to create, and what this account demands besides. */
import {
  Checkbox,
  DateInput,
  Flex,
  Heading,
  Input,
  MultiSelect,
  NumberInput,
  Select,
  TextArea,
  Toggle,
} from "@hubspot/ui-extensions";
import { useApp } from "../app-context.tsx";
import type { DealOptions } from "../dto.ts";
import { dayOf, isoOf } from "./days.ts";
import { type CustomValue, extraFields, type RequiredField } from "./deal-draft.ts";
import type { DealCreation } from "./use-deal-creation.ts";

export function CompanyFields({ form }: { form: DealCreation }) {
  const { words } = useApp();
  const says = words.create;
  const { draft, change, faults } = form;
  if (!draft?.company) return null;
  const { company } = draft;
  const put = (part: Partial<typeof company>) => change({ company: { ...company, ...part } });
  const fault = faults["company_to_create"] ?? faults["company_to_create.name"];
  return (
    <Flex direction="column" gap="sm">
      <Checkbox name="company" checked={company.isChosen} onChange={(isChosen) => put({ isChosen })}>
        {says.companyNew}
      </Checkbox>
      {company.isChosen ? (
        <>
          <Input
            {...{ label: says.companyName, name: "company_name", required: true, value: company.name }}
            error={fault !== undefined}
            validationMessage={fault}
            onInput={(name) => put({ name })}
          />
          <Input
            {...{ label: says.companyDomain, name: "company_domain", value: company.domain }}
            error={faults["company_to_create.domain"] !== undefined}
            validationMessage={faults["company_to_create.domain"]}
            onInput={(domain) => put({ domain })}
          />
        </>
      ) : null}
    </Flex>
  );
}

export function RequiredFields({ form, options }: { form: DealCreation; options: DealOptions }) {
  const { words } = useApp();
  const fields = extraFields(options);
  const { draft, change } = form;
  if (!draft || fields.length === 0) return null;
  return (
    <Flex direction="column" gap="md">
      <Heading>{words.create.required}</Heading>
      {fields.map((field) => (
        <RequiredInput
          key={field.name}
          field={field}
          value={draft.custom[field.name] ?? null}
          fault={form.faults[`custom_properties.${field.name}`] ?? form.faults[field.name]}
          onChange={(value) => change({ custom: { ...draft.custom, [field.name]: value } })}
        />
      ))}
    </Flex>
  );
}

function RequiredInput(props: {
  field: RequiredField;
  value: CustomValue;
  fault: string | undefined;
  onChange: (value: CustomValue) => void;
}) {
  const { field, value, fault, onChange } = props;
  const { words } = useApp();
  const given = {
    ...{ label: field.label, name: field.name, required: true },
    ...{ error: fault !== undefined, validationMessage: fault },
  };
  const text = value === null ? "" : String(value);
  switch (field.type) {
    case "enum":
      return (
        <Select
          {...given}
          placeholder={words.create.choose}
          value={value ?? undefined}
          options={field.options}
          onChange={(chosen) => onChange(String(chosen))}
        />
      );
    case "multi_enum":
      return (
        <MultiSelect
          {...given}
          placeholder={words.create.choose}
          value={text === "" ? [] : text.split(";")}
          options={field.options}
          onChange={(chosen) => onChange(chosen.length === 0 ? null : chosen.join(";"))}
        />
      );
    case "number":
    case "currency":
      return (
        <NumberInput
          {...given}
          value={typeof value === "number" ? value : undefined}
          onChange={(typed) => onChange(typeof typed === "number" ? typed : null)}
        />
      );
    case "boolean":
      return (
        <Toggle
          label={field.label}
          name={field.name}
          checked={value === true}
          textChecked={words.create.yes}
          textUnchecked={words.create.no}
          onChange={onChange}
        />
      );
    case "date":
    case "datetime":
      return <DateInput {...given} value={dayOf(text) ?? undefined} onChange={(day) => onChange(isoOf(day))} />;
    case "textarea":
    case "rich_text":
      return <TextArea {...given} value={text} onInput={(typed) => onChange(typed)} />;
    default:
      return <Input {...given} value={text} onInput={(typed) => onChange(typed)} />;
  }
}
