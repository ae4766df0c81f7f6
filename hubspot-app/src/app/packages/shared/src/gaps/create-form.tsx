/** The form of a new deal: everything filled in, every choice a real one. */
import { Alert, Box, CurrencyInput, DateInput, Flex, Input, Select, Text, TextArea } from "@hubspot/ui-extensions";
import { useApp } from "../app-context.tsx";
import type { DealOptions, Gap } from "../dto.ts";
import { fieldMessages } from "../failure.ts";
import { FailureNote } from "../ui/failure-panel.tsx";
import { ContactFields } from "./contact-fields.tsx";
import { dayOf, isoOf } from "./days.ts";
import { DealChoices } from "./deal-choice.tsx";
import { isDemanded, isShown } from "./deal-draft.ts";
import { CompanyFields, RequiredFields } from "./deal-fields.tsx";
import type { DealCreation } from "./use-deal-creation.ts";

/** A choice of its own: an empty value would read as "not chosen yet". */
const nobody = "nobody";

export function CreateForm({ form, options, gap }: { form: DealCreation; options: DealOptions; gap: Gap }) {
  const { words } = useApp();
  const says = words.create;
  const { draft, change, faults } = form;
  if (!draft) return null;
  const pipeline = options.pipelines.find(({ id }) => id === draft.pipeline);
  const elsewhere = Object.entries(fieldMessages(form.failure))
    .filter(([field]) => !isShown(field, options))
    .map(([, message]) => message);
  const at = (field: string) => ({ error: faults[field] !== undefined, validationMessage: faults[field] });

  return (
    <Flex direction="column" gap="md">
      <FailureNote failure={form.failure} lines={elsewhere} />
      {form.isRefused ? <Alert title={says.fixFirst} variant="warning" /> : null}
      <DuplicateNote form={form} />
      <Input
        {...{ label: says.name, name: "deal_name", required: true, value: draft.name, ...at("deal_name") }}
        onInput={(name) => change({ name })}
      />
      <Flex direction="row" gap="md">
        <Box flex={1}>
          <Select
            {...{
              label: says.pipeline,
              name: "pipeline_id",
              required: true,
              value: draft.pipeline,
              ...at("pipeline_id"),
            }}
            options={options.pipelines.map(({ id, label }) => ({ value: id, label }))}
            onChange={(value) => {
              const chosen = options.pipelines.find(({ id }) => id === value);
              change({ pipeline: String(value), stage: chosen?.stages.find((stage) => !stage.is_closed)?.id ?? "" });
            }}
          />
        </Box>
        <Box flex={1}>
          <Select
            {...{ label: says.stage, name: "stage", required: true, value: draft.stage, ...at("stage") }}
            options={(pipeline?.stages ?? []).map(({ id, label }) => ({ value: id, label }))}
            onChange={(value) => change({ stage: String(value) })}
          />
        </Box>
      </Flex>
      <Flex direction="row" gap="md">
        <Box flex={1}>
          <Select
            {...{ label: says.owner, name: "owner_email", value: draft.owner || nobody, ...at("owner_email") }}
            required={isDemanded(options, "owner_email")}
            options={[
              { value: nobody, label: says.noOwner },
              ...options.owners.map(({ email, name }) => ({ value: email, label: name || email })),
            ]}
            onChange={(value) => change({ owner: value === nobody ? "" : String(value) })}
          />
        </Box>
        <Box flex={1}>
          <DateInput
            {...{ label: says.closeDate, name: "close_date", format: "standard", ...at("close_date") }}
            required={isDemanded(options, "close_date")}
            value={dayOf(draft.closeDate) ?? undefined}
            onChange={(value) => change({ closeDate: isoOf(value) })}
          />
        </Box>
      </Flex>
      <Flex direction="row" gap="md">
        <Box flex={1}>
          <CurrencyInput
            {...{ label: says.amount, name: "amount", currency: draft.currency || undefined, ...at("amount") }}
            required={isDemanded(options, "amount")}
            value={draft.amount ?? undefined}
            onChange={(value) => change({ amount: typeof value === "number" ? value : null })}
          />
        </Box>
        <Box flex={1}>
          {options.currencies.length > 1 ? (
            <Select
              {...{ label: says.currency, name: "currency", value: draft.currency, ...at("currency") }}
              options={options.currencies.map((currency) => ({ value: currency, label: currency }))}
              onChange={(value) => change({ currency: String(value) })}
            />
          ) : null}
        </Box>
      </Flex>
      <RequiredFields form={form} options={options} />
      {gap.company ? <Text>{says.companyKnown(gap.company.name)}</Text> : <CompanyFields form={form} />}
      <ContactFields form={form} />
      <TextArea
        {...{ label: says.note, name: "notes", rows: 5, value: draft.notes, ...at("notes") }}
        onInput={(notes) => change({ notes })}
      />
    </Flex>
  );
}

function DuplicateNote({ form }: { form: DealCreation }) {
  const { words, format } = useApp();
  const says = words.create.duplicate;
  const { duplicates } = form;
  if (!duplicates) return null;
  const deals = duplicates.candidates.map(({ crm_id, name, url, stage, amount, close_date, owner }) => ({
    ...{ id: crm_id, name, url },
    detail:
      [stage, amount === null ? null : format.number(amount), close_date ? format.day(close_date) : null, owner]
        .filter(Boolean)
        .join(" · ") || null,
  }));
  return (
    <Alert title={says.title} variant="warning">
      <Flex direction="column" gap="sm">
        <Text>{says.text}</Text>
        <DealChoices
          deals={deals}
          label={says.linkInstead}
          pending={form.linking}
          onChoose={(deal) => void form.link(deal)}
        />
        {duplicates.hidden > 0 ? <Text variant="microcopy">{says.hidden(duplicates.hidden)}</Text> : null}
      </Flex>
    </Alert>
  );
}
