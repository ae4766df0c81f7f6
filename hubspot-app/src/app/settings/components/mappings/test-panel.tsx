/** Tries a saved mapping on one record; writes only when told to. */
import { Alert, Flex, LoadingButton, PanelBody, PanelFooter, PanelSection, Text } from "@hubspot/ui-extensions";
import { FailureNote, type Mapping, type TryResult, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { type Trial, testMapping } from "../../api/mappings.ts";
import { BeforeAfter } from "../parts/before-after.tsx";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { type Picked, RecordPicker } from "../parts/record-picker.tsx";
import { useSettings } from "../settings-context.tsx";

export function TestPanel({ id, mapping, label }: { id: string; mapping: Mapping; label: string }) {
  const { words } = useSettings();
  return (
    <LazyPanel id={id} title={words.mappings.test.title(label)}>
      {() => <TestForm mapping={mapping} />}
    </LazyPanel>
  );
}

function TestForm({ mapping }: { mapping: Mapping }) {
  const { client } = useApp();
  const { words, changed } = useSettings();
  const said = words.mappings.test;
  const [picked, setPicked] = useState<Picked | null>(null);
  const [result, setResult] = useState<TryResult | null>(null);
  const test = useMutation<Trial, TryResult>((body) => testMapping(client, body));
  const run = async (write: boolean) => {
    // What is written is what was looked at: the record that was shown, even if Pandora chose it.
    const record = write ? (result?.crm_record_id ?? picked?.id) : picked?.id;
    const answer = await test.run({ id: mapping.id, crm_record_id: record ?? null, write });
    if (!answer.ok) return;
    setResult(answer.data);
    if (answer.data.written) changed("log", "mappings");
  };
  const pick = (next: Picked | null) => {
    setPicked(next);
    setResult(null);
    test.clear();
  };
  const canWrite = result !== null && !result.written && result.decision === "write" && result.crm_record_id !== null;
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <Text>{said.intro}</Text>
            <RecordPicker
              name={`test-record-${mapping.id}`}
              label={words.editor.preview.record}
              objectType={mapping.crm_object_type}
              picked={picked}
              onPick={pick}
            />
            <FailureNote failure={test.failure} />
            {result ? <BeforeAfter result={result} /> : null}
            {result?.written ? <Alert title={said.written} variant="success" /> : null}
            {result && !result.written ? <Text variant="microcopy">{said.notWritten}</Text> : null}
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <LoadingButton
          variant={canWrite ? "secondary" : "primary"}
          loading={test.isPending}
          testId="test-run"
          onClick={() => void run(false)}
        >
          {said.run}
        </LoadingButton>
        {canWrite ? (
          <LoadingButton variant="primary" loading={test.isPending} testId="test-write" onClick={() => void run(true)}>
            {said.write}
          </LoadingButton>
        ) : null}
      </PanelFooter>
    </>
  );
}
