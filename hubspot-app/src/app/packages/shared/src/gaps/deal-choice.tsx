/** Deals to choose from, each with its button. */
import { Box, Button, Flex, Link, LoadingButton, Text } from "@hubspot/ui-extensions";
import { useState } from "react";
import { useApp } from "../app-context.tsx";

/** More than these are seldom read: whoever looks for another one searches. */
const shownMax = 5;

export type DealChoice = { id: string; name: string; detail: string | null; url: string | null };

export function DealChoices(props: {
  deals: readonly DealChoice[];
  label: string;
  pending: string | null;
  onChoose: (deal: DealChoice) => void;
}) {
  const { deals, label, pending, onChoose } = props;
  const { words } = useApp();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? deals : deals.slice(0, shownMax);
  return (
    <Flex direction="column" gap="sm">
      {shown.map((deal) => (
        <Flex key={deal.id} direction="row" gap="md" align="center" justify="between">
          <Box flex={1}>
            {deal.url ? (
              <Link href={{ url: deal.url, external: true }}>{deal.name}</Link>
            ) : (
              <Text format={{ fontWeight: "demibold" }}>{deal.name}</Text>
            )}
            {deal.detail ? <Text variant="microcopy">{deal.detail}</Text> : null}
          </Box>
          <LoadingButton
            size="sm"
            variant="secondary"
            testId={`choose-${deal.id}`}
            loading={pending === deal.id}
            disabled={pending !== null}
            onClick={() => onChoose(deal)}
          >
            {label}
          </LoadingButton>
        </Flex>
      ))}
      {shown.length < deals.length ? (
        <Button size="xs" variant="transparent" onClick={() => setWhole(true)}>
          {words.gaps.showAll(deals.length)}
        </Button>
      ) : null}
    </Flex>
  );
}
