/** The rule by which Pandora makes deals by itself: off until an admin switches it on, and tried out before. */
import {
  AutoGrid,
  Button,
  ButtonRow,
  Flex,
  Input,
  LoadingButton,
  Select,
  StatusTag,
  Text,
  ToggleGroup,
} from "@hubspot/ui-extensions";
import {
  type AutoCreate,
  type AutoCreateDryRun,
  FailureNote,
  fieldMessages,
  Loading,
  type Once,
  type Severity,
  StateView,
  useApp,
  useLoad,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { filterChoices } from "../../api/connections.ts";
import { getAutoCreate, putAutoCreate, tryAutoCreate } from "../../api/workspace.ts";
import { isWhole } from "../../lib/mapping-form.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Section } from "../parts/section.tsx";
import { useSettings } from "../settings-context.tsx";
import { AutoCreateTrial } from "./auto-create-trial.tsx";

type Cause = AutoCreate["causes"][number];

export function AutoCreateSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.conversations.auto;
  const load = useLoad("auto-create", () => getAutoCreate(client));
  return (
    <Section title={said.title} text={said.text}>
      <StateView load={load}>{(rule) => <RuleForm rule={rule} onSaved={load.put} />}</StateView>
    </Section>
  );
}

function RuleForm({ rule, onSaved }: { rule: AutoCreate; onSaved: (rule: AutoCreate) => void }) {
  const { client, host, words: common } = useApp();
  const { words } = useSettings();
  const said = words.conversations.auto;
  const [severity, setSeverity] = useState<Severity[]>(rule.severity);
  const [causes, setCauses] = useState<Cause[]>(rule.causes);
  const [minAge, setMinAge] = useState(String(rule.min_age_days));
  const [cap, setCap] = useState(String(rule.daily_cap));
  const [pipeline, setPipeline] = useState(rule.pipeline_id ?? "");
  const choices = useLoad("filter choices", () => filterChoices(client));
  const trial = useMutation<{ rule: Partial<Omit<AutoCreate, "enabled">> }, AutoCreateDryRun>((body) =>
    tryAutoCreate(client, body),
  );
  const [found, setFound] = useState<AutoCreateDryRun | null>(null);
  const save = useMutation<AutoCreate, AutoCreate>((body) => putAutoCreate(client, body));

  const local: Record<string, string> = {
    ...(severity.length === 0 ? { severity: said.severityFault } : {}),
    ...(isWhole(minAge, 0, 365) ? {} : { min_age_days: words.wholeBetween(0, 365) }),
    ...(isWhole(cap, 1, 200) ? {} : { daily_cap: words.wholeBetween(1, 200) }),
  };
  const isValid = Object.keys(local).length === 0;
  const server = { ...fieldMessages(trial.failure), ...fieldMessages(save.failure) };
  const at = (name: string) => {
    const message = local[name] ?? server[name] ?? server[`rule.${name}`];
    return { error: message !== undefined, validationMessage: message };
  };
  const wanted: Omit<AutoCreate, "enabled"> = {
    ...{ severity, causes, min_age_days: Number(minAge), daily_cap: Number(cap), owner: "rep" },
    pipeline_id: pipeline || null,
    // A stage belongs to its pipeline: another pipeline begins in its first open one.
    stage: pipeline === (rule.pipeline_id ?? "") ? rule.stage : null,
  };
  const look = async () => {
    const result = await trial.run({ rule: wanted });
    if (result.ok) setFound(result.data);
  };
  const saved = (now: AutoCreate) => {
    onSaved(now);
    host.tell("success", now.enabled ? said.savedOn : said.savedOff);
  };
  const put = async (enabled: boolean) => {
    const result = await save.run({ ...wanted, enabled });
    if (result.ok) saved(result.data);
  };
  const pipelines = choices.is.state === "ready" ? choices.is.data.pipelines : [];
  return (
    <Flex direction="column" gap="md">
      <StatusTag variant={rule.enabled ? "success" : "default"}>{rule.enabled ? said.isOn : said.isOff}</StatusTag>
      <ToggleGroup
        toggleType="checkboxList"
        name="auto-severity"
        label={said.severity}
        inline
        value={severity}
        {...at("severity")}
        options={(["high", "medium", "low"] as const).map((value) => ({ value, label: said.severities[value] }))}
        onChange={(values) => setSeverity(values as Severity[])}
      />
      <ToggleGroup
        toggleType="checkboxList"
        name="auto-causes"
        label={`${said.causes} (${said.causesDescription})`}
        value={causes}
        {...at("causes")}
        options={(Object.keys(common.causes) as Cause[]).map((value) => ({ value, label: common.causes[value] }))}
        onChange={(values) => setCauses(values as Cause[])}
      />
      <AutoGrid columnWidth={240} gap="md" flexible>
        <Input
          name="auto-age"
          label={said.minAge}
          description={said.minAgeText}
          value={minAge}
          {...at("min_age_days")}
          onInput={setMinAge}
          onChange={setMinAge}
        />
        <Input
          name="auto-cap"
          label={said.cap}
          description={said.capText}
          value={cap}
          {...at("daily_cap")}
          onInput={setCap}
          onChange={setCap}
        />
        <Select
          name="auto-pipeline"
          label={said.pipeline}
          description={said.pipelineText}
          value={pipeline}
          options={[
            { value: "", label: said.pipelineDefault },
            ...(pipeline && !pipelines.some(({ id }) => id === pipeline) ? [{ value: pipeline, label: pipeline }] : []),
            ...pipelines.map(({ id, label }) => ({ value: id, label })),
          ]}
          {...at("pipeline_id")}
          onChange={(value) => setPipeline(String(value))}
        />
      </AutoGrid>
      <Text variant="microcopy">{wanted.stage ? said.stageKept(wanted.stage) : said.stageNote}</Text>
      <FailureNote failure={save.failure ?? trial.failure} />
      <ButtonRow>
        <LoadingButton loading={trial.isPending} disabled={!isValid} testId="auto-try" onClick={() => void look()}>
          {said.try}
        </LoadingButton>
        {rule.enabled ? (
          <LoadingButton
            variant="primary"
            loading={save.isPending}
            disabled={!isValid}
            testId="auto-save"
            onClick={() => void put(true)}
          >
            {words.save}
          </LoadingButton>
        ) : (
          <Button
            variant="primary"
            disabled={!isValid}
            testId="auto-on"
            overlay={
              <Confirm
                id="auto-create-on"
                title={said.onTitle}
                text={said.onText(Number(cap))}
                confirm={said.onConfirm}
                send={(body: Once & AutoCreate) => putAutoCreate(client, body)}
                body={{ ...wanted, enabled: true }}
                onDone={saved}
              />
            }
          >
            {said.enabled}
          </Button>
        )}
        {rule.enabled ? (
          <LoadingButton loading={save.isPending} testId="auto-off" onClick={() => void put(false)}>
            {said.isOff}
          </LoadingButton>
        ) : null}
      </ButtonRow>
      {trial.isPending ? <Loading label={said.trying} /> : null}
      {found ? <AutoCreateTrial found={found} /> : null}
    </Flex>
  );
}
