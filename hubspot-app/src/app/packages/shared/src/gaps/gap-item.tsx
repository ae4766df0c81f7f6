/** One call without a deal, with what can be done about it. */
import { Box, Button, Flex, Link, LoadingButton, Tag, Text } from "@hubspot/ui-extensions";
import { restoreGap } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import type { Creation, Gap } from "../dto.ts";
import { useMutation } from "../hooks.ts";
import { FailureNote } from "../ui/failure-panel.tsx";
import { CreatePanel } from "./create-panel.tsx";
import { DismissModal } from "./dismiss-modal.tsx";
import type { GapLine } from "./gap-line.ts";
import { LinkPanel } from "./link-panel.tsx";

export type GapEvents = {
  onDismissed: (gap: GapLine) => void;
  onRestored: (gap: GapLine) => void;
  onLinked: (gap: GapLine, deal: string) => void;
  onMade: (gap: GapLine, creation: Creation) => void;
  /** The list may be read again. */
  onDone: () => void;
};

const severityVariants = { high: "error", medium: "warning", low: "default" } as const;

export function GapItem({ gap, canAct, events }: { gap: GapLine; canAct: boolean; events: GapEvents }) {
  const { words, format } = useApp();
  const says = words.gaps;
  const facts = [
    format.day(gap.startedAt),
    gap.minutes === null ? null : format.minutes(gap.minutes),
    gap.rep ? says.rep(gap.rep) : says.noRep,
    gap.company,
  ].filter((each): each is string => each !== null);
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="column" gap="xs">
        <Flex direction="row" gap="sm" align="center" wrap>
          {gap.severity ? <Tag variant={severityVariants[gap.severity]}>{words.severity[gap.severity]}</Tag> : null}
          <Text format={{ fontWeight: "demibold" }}>{gap.title}</Text>
          {gap.url ? <Link href={{ url: gap.url, external: true }}>{says.listen}</Link> : null}
        </Flex>
        <Text variant="microcopy">{facts.join(" · ")}</Text>
        {gap.dismissed ? (
          <Text variant="microcopy">{dismissedText(gap, says.dismissedBy, words.dismissReasons, format.ago)}</Text>
        ) : gap.reason || gap.cause ? (
          <Text>{whyText(gap, words.causes)}</Text>
        ) : null}
        {gap.beingCreatedBy ? <Text variant="microcopy">{says.beingCreatedBy(gap.beingCreatedBy)}</Text> : null}
      </Flex>
      {canAct ? gap.dismissed ? <Restore gap={gap} events={events} /> : <Actions gap={gap} events={events} /> : null}
    </Flex>
  );
}

function Actions({ gap, events }: { gap: GapLine; events: GapEvents }) {
  const { words } = useApp();
  const says = words.gaps;
  return (
    <Flex direction="row" gap="sm" align="center" wrap>
      <Button
        {...{ size: "sm", variant: "primary", testId: `create-${gap.id}` }}
        overlay={
          <CreatePanel
            gap={gap}
            onMade={(creation) => events.onMade(gap, creation)}
            onLinked={(deal) => events.onLinked(gap, deal)}
            onDone={events.onDone}
          />
        }
      >
        {says.createDeal}
      </Button>
      <Button
        {...{ size: "sm", variant: "secondary", testId: `link-${gap.id}` }}
        overlay={<LinkPanel gap={gap} onDone={(deal) => events.onLinked(gap, deal)} />}
      >
        {says.linkDeal}
      </Button>
      <Button
        {...{ size: "sm", variant: "transparent", testId: `dismiss-${gap.id}` }}
        overlay={<DismissModal gap={gap} onDone={() => events.onDismissed(gap)} />}
      >
        {says.dismiss}
      </Button>
    </Flex>
  );
}

export function Restore({ gap, events }: { gap: GapLine; events: Pick<GapEvents, "onRestored"> }) {
  const { client, words } = useApp();
  const { run, isPending, failure } = useMutation<object, Gap>((body) => restoreGap(client, gap.id, body));
  const restore = async () => {
    const result = await run({});
    if (result.ok) events.onRestored(gap);
  };
  return (
    <Box>
      <FailureNote failure={failure} />
      <LoadingButton size="sm" testId={`restore-${gap.id}`} loading={isPending} onClick={() => void restore()}>
        {words.gaps.restore}
      </LoadingButton>
    </Box>
  );
}

/** The reason names the open deals already: the cause would say it twice. */
function whyText({ reason, cause }: GapLine, causes: Record<string, string>): string {
  const isTold = cause === null || cause === "unknown" || (cause === "deal_linking_gap" && reason !== null);
  return [reason, isTold ? null : causes[cause]].filter(Boolean).join(" ");
}

function dismissedText(
  { dismissed }: GapLine,
  by: (who: string, ago: string) => string,
  reasons: Record<string, string>,
  ago: (at: string) => string,
): string {
  if (!dismissed) return "";
  const { reason, note } = dismissed;
  return [by(dismissed.by, ago(dismissed.at)), reason ? (reasons[reason] ?? null) : null, note]
    .filter(Boolean)
    .join(" · ");
}
