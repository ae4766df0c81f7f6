/** One score's weights and limits: changed, tried out on real records, saved. */
import { Accordion, AutoGrid, Button, ButtonRow, Flex, Input, LoadingButton, Text } from "@hubspot/ui-extensions";
import {
  FailureNote,
  fieldMessages,
  Loading,
  type Once,
  type ScoringPreview,
  type ScoringView,
  useApp,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { changeScoring, previewScoring, type ScoringChange } from "../../api/workspace.ts";
import {
  type Item,
  type NumberForm,
  numberFormOf,
  scoringChange,
  scoringFaults,
  usualForm,
} from "../../lib/scoring-form.ts";
import { Confirm } from "../parts/confirm.tsx";
import { useSettings } from "../settings-context.tsx";
import { ScoringEffect } from "./scoring-effect.tsx";

export function ScoreForm({ item, onSaved }: { item: Item; onSaved: (view: ScoringView) => void }) {
  const { client, format } = useApp();
  const { words, can, changed } = useSettings();
  const said = words.scoring;
  const mayChange = can("manage_settings");
  const [form, setForm] = useState<NumberForm>(() => numberFormOf(item));
  const [effect, setEffect] = useState<ScoringPreview | null>(null);
  const preview = useMutation<{ score: string; scoring: ScoringChange }, ScoringPreview>((body) =>
    previewScoring(client, body),
  );
  const change = scoringChange(form, item);
  const isChanged = change !== null;
  const local = scoringFaults(form, item, words);
  const isValid = Object.keys(local).length === 0;
  const server = fieldMessages(preview.failure);
  const at = (part: "weights" | "thresholds", key: string) => {
    const message = local[`${part}.${key}`] ?? server[`scoring.${item.score}.${part}.${key}`];
    return { error: message !== undefined, validationMessage: message };
  };
  const set = (part: "weights" | "thresholds", key: string, value: string) => {
    setForm((was) => ({ ...was, [part]: { ...was[part], [key]: value } }));
    setEffect(null);
  };
  const look = async () => {
    if (!change) return;
    const result = await preview.run({ score: item.score, scoring: change });
    if (result.ok) setEffect(result.data);
  };
  const sum = Object.values(form.weights).reduce((all, text) => all + (Number(text) || 0), 0);
  const share = (text: string) => (sum > 0 ? `${Math.round((100 * (Number(text) || 0)) / sum)}%` : "0%");
  return (
    <Flex direction="column" gap="md">
      <Text format={{ fontWeight: "demibold" }}>{said.weights}</Text>
      <AutoGrid columnWidth={300} gap="md" flexible>
        {item.weights.map((weight) => (
          <Input
            key={weight.key}
            name={`weight-${weight.key}`}
            label={weight.label}
            tooltip={weight.explanation}
            description={`${said.share(share(form.weights[weight.key] ?? ""))}. ${said.usual(format.number(weight.default))}.`}
            readOnly={!mayChange}
            value={form.weights[weight.key] ?? ""}
            {...at("weights", weight.key)}
            onInput={(value) => set("weights", weight.key, value)}
            onChange={(value) => set("weights", weight.key, value)}
          />
        ))}
      </AutoGrid>
      {local["weights"] ? <Text format={{ fontWeight: "demibold" }}>{local["weights"]}</Text> : null}
      {item.thresholds.length > 0 ? (
        <Accordion title={said.limits} size="sm">
          <AutoGrid columnWidth={300} gap="md" flexible>
            {item.thresholds.map((limit) => (
              <Input
                key={limit.key}
                name={`limit-${limit.key}`}
                label={limit.label}
                description={[said.units[limit.unit] ?? "", said.usual(format.number(limit.default))]
                  .filter(Boolean)
                  .join(". ")}
                readOnly={!mayChange}
                value={form.thresholds[limit.key] ?? ""}
                {...at("thresholds", limit.key)}
                onInput={(value) => set("thresholds", limit.key, value)}
                onChange={(value) => set("thresholds", limit.key, value)}
              />
            ))}
          </AutoGrid>
        </Accordion>
      ) : null}
      <FailureNote failure={preview.failure} />
      {mayChange ? (
        <ButtonRow>
          <LoadingButton
            variant="primary"
            loading={preview.isPending}
            disabled={!isChanged || !isValid}
            testId="preview-scoring"
            onClick={() => void look()}
          >
            {said.preview}
          </LoadingButton>
          <Button
            disabled={!isChanged || !isValid}
            testId="save-scoring"
            overlay={
              <Confirm
                id={`save-scoring-${item.score}`}
                title={said.saveTitle}
                text={said.saveText}
                confirm={said.save}
                send={(body: Once & { scoring: ScoringChange }) => changeScoring(client, body)}
                body={{ scoring: change ?? {} }}
                done={said.saved}
                onDone={(view) => {
                  onSaved(view);
                  setEffect(null);
                  changed("runs");
                }}
              />
            }
          >
            {said.save}
          </Button>
          <Button variant="transparent" onClick={() => setForm(usualForm(item))}>
            {said.reset}
          </Button>
        </ButtonRow>
      ) : null}
      {preview.isPending ? <Loading label={said.previewing} /> : null}
      {effect ? <ScoringEffect effect={effect} /> : null}
    </Flex>
  );
}
