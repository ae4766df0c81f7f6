/** The record's scores with what they are made of, and what Pandora says of it in words. */
import {
  Accordion,
  Box,
  DescriptionList,
  DescriptionListItem,
  EmptyState,
  Flex,
  Heading,
  LineChart,
  ScoreCircle,
  Tag,
  Text,
} from "@hubspot/ui-extensions";
import { type Format, type RecordCard, useApp, type Words } from "@pandora/hs-shared";
import { FactorTable } from "./FactorTable.tsx";

type Score = RecordCard["scores"][number];

export function ScoreSection({ card }: { card: RecordCard }) {
  const { words, format } = useApp();
  const says = words.card;
  const { scores, texts, values } = card;
  if (scores.length + texts.length + values.length === 0) {
    return (
      <EmptyState title={says.notAnalysed.title} layout="vertical">
        <Text>{says.notAnalysed.text}</Text>
      </EmptyState>
    );
  }
  return (
    <Flex direction="column" gap="md">
      <Flex direction="row" gap="lg" wrap>
        {scores.map((score) => (
          <ScoreHead key={score.field} score={score} />
        ))}
      </Flex>
      {texts.length + values.length > 0 ? (
        <DescriptionList direction="column">
          {inReadingOrder(texts).map(({ field, label, value }) => (
            <DescriptionListItem key={field} label={label}>
              <Text>{value}</Text>
            </DescriptionListItem>
          ))}
          {values.map(({ field, label, value }) => (
            <DescriptionListItem key={field} label={label}>
              <Text>{valueText(value, format)}</Text>
            </DescriptionListItem>
          ))}
        </DescriptionList>
      ) : null}
      {scores
        .filter(({ factors }) => factors.length > 0)
        .map((score) => (
          <Accordion key={score.field} title={says.whyOf(score.label)} size="sm">
            <Flex direction="column" gap="md">
              <FactorTable factors={score.factors} />
              <Trend score={score} />
            </Flex>
          </Accordion>
        ))}
    </Flex>
  );
}

function ScoreHead({ score }: { score: Score }) {
  const { words, format } = useApp();
  const says = words.card;
  const { value, label, trend } = score;
  const before = trend.at(-2)?.value;
  const moved = before === undefined ? 0 : value - before;
  return (
    <Flex direction="row" gap="md" align="center">
      <ScoreCircle score={Math.min(100, Math.max(0, value))} />
      <Box>
        <Heading>{label}</Heading>
        <Tag variant={toneOf(value)}>{bandOf(value, words)}</Tag>
        {moved === 0 ? null : (
          <Text variant="microcopy">{(moved > 0 ? says.better : says.worse)(format.number(Math.abs(moved)))}</Text>
        )}
      </Box>
    </Flex>
  );
}

function Trend({ score }: { score: Score }) {
  const { words, format } = useApp();
  const says = words.card;
  const points = pointsOf(score.trend, format);
  if (points.length < 2) return null;
  return (
    <LineChart
      data={points}
      axes={{
        x: { field: "when", fieldType: "category", label: says.trendWhen },
        y: { field: "score", fieldType: "linear", label: says.trendScore },
      }}
      options={{ title: says.trend, showDataLabels: true, showTooltips: true }}
    />
  );
}

/** Told apart by the day where that is enough, else by the time of day. */
function pointsOf(trend: Score["trend"], format: Format): { when: string; score: number }[] {
  const ways = [format.day, format.moment, format.second];
  const nameOf = ways.find((way) => new Set(trend.map(({ at }) => way(at))).size === trend.length) ?? format.second;
  const points = new Map(trend.map(({ at, value }) => [nameOf(at), value]));
  return [...points].map(([when, score]) => ({ when, score }));
}

const textOrder = ["next_step_recommendation", "deal_risk_summary", "account_signals_text"];

function inReadingOrder(texts: RecordCard["texts"]): RecordCard["texts"] {
  const placeOf = (field: string) => (textOrder.includes(field) ? textOrder.indexOf(field) : textOrder.length);
  return [...texts].sort((one, other) => placeOf(one.field) - placeOf(other.field));
}

function valueText(value: string | number | null, format: Format): string {
  if (value === null) return "–";
  if (typeof value === "number") return format.number(value);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? format.moment(value) : value;
}

function bandOf(value: number, words: Words): string {
  return words.card.scoreLabels.find(({ from }) => value >= from)?.label ?? "";
}

function toneOf(value: number): "success" | "info" | "warning" | "error" {
  if (value >= 90) return "success";
  if (value >= 70) return "success";
  return value >= 50 ? "warning" : "error";
}
