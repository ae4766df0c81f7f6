import { Accordion, Alert, Button, Divider, Flex, Text } from "@hubspot/ui-extensions";
import { type Load, type RecordCard, useApp } from "@pandora/hs-shared";
import { CardGaps } from "./CardGaps.tsx";
import { Findings } from "./Findings.tsx";
import { ScoreSection } from "./ScoreSection.tsx";
import { WrittenTable } from "./WrittenTable.tsx";

export function CardContent({ card, load }: { card: RecordCard; load: Load<RecordCard> }) {
  const { words } = useApp();
  const says = words.card;
  const { connection } = card.freshness;
  const isStale = load.is.state === "ready" && load.is.stale !== null;
  return (
    <Flex direction="column" gap="md">
      {connection === "connected" ? null : <Alert title={says.reconnectNote} variant="warning" />}
      {isStale ? <Alert title={says.stale} variant="warning" /> : null}
      <ScoreSection card={card} />
      <Divider />
      <CardGaps
        card={card}
        canAct={card.abilities.includes("act_on_gaps") && connection === "connected"}
        isViewer={!card.abilities.includes("act_on_gaps")}
        onChanged={() => void load.reload()}
      />
      {card.findings.length > 0 ? (
        <>
          <Divider />
          <Findings findings={card.findings} />
        </>
      ) : null}
      {card.written.length > 0 ? (
        <>
          <Divider />
          <Accordion title={says.written} size="sm">
            <WrittenTable written={card.written} />
          </Accordion>
        </>
      ) : null}
      <Freshness card={card} load={load} />
    </Flex>
  );
}

function Freshness({ card, load }: { card: RecordCard; load: Load<RecordCard> }) {
  const { words, format } = useApp();
  const says = words.card;
  const { analysed_at, mirrored_at } = card.freshness;
  const analysed = analysed_at ? says.analysed(format.ago(analysed_at)) : says.notAnalysedShort;
  return (
    <Flex direction="row" gap="sm" align="center" justify="between">
      <Text variant="microcopy">{`${analysed}, ${says.readFromCrm(format.ago(mirrored_at))}`}</Text>
      <Button
        size="xs"
        variant="transparent"
        disabled={load.is.state === "ready" && load.is.isReloading}
        onClick={() => void load.reload()}
      >
        {says.refresh}
      </Button>
    </Flex>
  );
}
