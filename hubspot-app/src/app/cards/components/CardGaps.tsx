/** The record's calls without a deal: three come with the card, the others and the dismissed ones when they are asked for. */
import { Button, Flex, Heading, Text } from "@hubspot/ui-extensions";
import {
  GapList,
  lineOfCard,
  lineOfGap,
  listGaps,
  type RecordCard,
  StateView,
  useApp,
  useLoad,
} from "@pandora/hs-shared";
import { useState } from "react";

export function CardGaps(props: { card: RecordCard; canAct: boolean; isViewer: boolean; onChanged: () => void }) {
  const { card, canAct, isViewer, onChanged } = props;
  const { client, words } = useApp();
  const says = words.gaps;
  const [more, setMore] = useState<"none" | "all" | "dismissed">("none");
  const record = { objectType: card.object_type, id: card.crm_record_id };
  const all = useLoad(more === "all" ? "all" : null, () => listGaps(client, { record, limit: 50 }));
  const dismissed = useLoad(more === "dismissed" ? "dismissed" : null, () =>
    listGaps(client, { record, limit: 50, status: "dismissed" }),
  );
  const { pending, items } = card.gaps;
  const isLong = more === "all" && all.is.state === "ready";
  const changed = () => {
    if (more === "all") void all.reload();
    if (more === "dismissed") void dismissed.reload();
    onChanged();
  };
  const shown = isLong && all.is.state === "ready" ? all.is.data.items.map(lineOfGap) : items.map(lineOfCard);
  return (
    <Flex direction="column" gap="md">
      <Heading>{pending === 0 ? says.title : says.count(pending)}</Heading>
      {pending > 0 && isViewer ? <Text variant="microcopy">{says.viewerNote}</Text> : null}
      {pending === 0 ? <Text>{says.none}</Text> : null}
      <GapList lines={shown} canAct={canAct} onChanged={changed} />
      {more === "all" && !isLong ? <StateView load={all}>{() => null}</StateView> : null}
      <Flex direction="row" gap="sm">
        {pending > items.length && more !== "all" ? (
          <Button size="sm" variant="secondary" onClick={() => setMore("all")}>
            {says.showAll(pending)}
          </Button>
        ) : null}
        {more === "dismissed" ? null : (
          <Button size="sm" variant="transparent" onClick={() => setMore("dismissed")}>
            {says.showDismissed}
          </Button>
        )}
      </Flex>
      {more === "dismissed" ? (
        <Flex direction="column" gap="sm">
          <Heading>{says.dismissedTitle}</Heading>
          <StateView
            load={dismissed}
            isEmpty={(list) => list.items.length === 0}
            empty={<Text>{says.noneDismissed}</Text>}
          >
            {(list) => <GapList lines={list.items.map(lineOfGap)} canAct={canAct} onChanged={changed} />}
          </StateView>
        </Flex>
      ) : null}
    </Flex>
  );
}
