/** The calls to look at first, with the same actions as on a record's card. */
import { EmptyState, Flex, Heading, Text, Tile } from "@hubspot/ui-extensions";
import { type Gap, GapList, lineOfGap, useApp } from "@pandora/hs-shared";

export function TopGaps(props: { gaps: readonly Gap[]; pending: number; canAct: boolean; onChanged: () => void }) {
  const { gaps, pending, canAct, onChanged } = props;
  const { words } = useApp();
  const says = words.home;
  return (
    <Tile>
      <Flex direction="column" gap="md">
        <Heading>{pending > gaps.length ? says.topOf(gaps.length, pending) : says.top}</Heading>
        {!canAct && gaps.length > 0 ? <Text variant="microcopy">{words.gaps.viewerNote}</Text> : null}
        <GapList lines={gaps.map(lineOfGap)} canAct={canAct} onChanged={onChanged} />
        {gaps.length === 0 ? (
          <EmptyState title={says.allClear.title} layout="vertical">
            <Text>{says.allClear.text}</Text>
          </EmptyState>
        ) : null}
      </Flex>
    </Tile>
  );
}
