/** Deals to choose from, each with its button. */
import { Box, Flex, Link, LoadingButton, Text } from "@hubspot/ui-extensions";

export type DealChoice = { id: string; name: string; detail: string | null; url: string | null };

export function DealChoices(props: {
  deals: readonly DealChoice[];
  /** On the button, and the whole of it for who can't see the line it stands in. */
  label: string;
  pending: string | null;
  onChoose: (deal: DealChoice) => void;
}) {
  const { deals, label, pending, onChoose } = props;
  return (
    <Flex direction="column" gap="sm">
      {deals.map((deal) => (
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
    </Flex>
  );
}
