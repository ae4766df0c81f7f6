/** Weights and limits of the scores, and what a change of them would do. */
import { Flex, Select } from "@hubspot/ui-extensions";
import { type ScoringView, StateView, useApp, useLoad } from "@pandora/hs-shared";
import { useState } from "react";
import { getScoring } from "../../api/workspace.ts";
import { Section } from "../parts/section.tsx";
import { useSettings } from "../settings-context.tsx";
import { ScoreForm } from "./score-form.tsx";

export function ScoringTab() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.scoring;
  const load = useLoad("scoring", () => getScoring(client));
  return (
    <Section title={said.title} text={said.text}>
      <StateView load={load}>{(view) => <Scores view={view} onSaved={load.put} />}</StateView>
    </Section>
  );
}

function Scores({ view, onSaved }: { view: ScoringView; onSaved: (view: ScoringView) => void }) {
  const { words } = useSettings();
  const [score, setScore] = useState<string>(view.items[0]?.score ?? "");
  const shown = view.items.find((item) => item.score === score);
  return (
    <Flex direction="column" gap="md">
      <Select
        name="score"
        label={words.scoring.score}
        value={score}
        options={view.items.map((item) => ({ value: item.score, label: item.label }))}
        onChange={(value) => setScore(String(value))}
      />
      {shown ? <ScoreForm key={shown.score} item={shown} onSaved={onSaved} /> : null}
    </Flex>
  );
}
