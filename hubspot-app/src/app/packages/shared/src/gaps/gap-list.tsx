/** Calls without a deal, and above them what was just done about one, with the way back. */
import { Alert, Divider, Flex, Link, List, Text } from "@hubspot/ui-extensions";
import { Fragment, useState } from "react";
import { useApp } from "../app-context.tsx";
import type { Creation } from "../dto.ts";
import { type GapEvents, GapItem, Restore } from "./gap-item.tsx";
import type { GapLine } from "./gap-line.ts";

type Happened =
  | { what: "dismissed"; gap: GapLine }
  | { what: "restored"; gap: GapLine }
  | { what: "linked"; deal: string }
  | { what: "made"; creation: Creation };

export function GapList(props: {
  lines: readonly GapLine[];
  canAct: boolean;
  /** Reads again what is shown. */
  onChanged: () => void;
}) {
  const { lines, canAct, onChanged } = props;
  const { host } = useApp();
  const [happened, setHappened] = useState<Happened | null>(null);
  const events: GapEvents = {
    onDismissed: (gap) => {
      setHappened({ what: "dismissed", gap });
      onChanged();
    },
    onRestored: (gap) => {
      setHappened({ what: "restored", gap });
      onChanged();
    },
    onLinked: (_gap, deal) => {
      setHappened({ what: "linked", deal });
      host.refreshRecord();
      onChanged();
    },
    // The panel shows it first; the list follows when it is closed.
    onMade: (_gap, creation) => setHappened({ what: "made", creation }),
    onDone: onChanged,
  };
  if (lines.length === 0 && !happened) return null;
  return (
    <Flex direction="column" gap="md">
      {happened ? <HappenedNote happened={happened} events={events} /> : null}
      {lines.map((gap, at) => (
        <Fragment key={gap.id}>
          {at > 0 ? <Divider /> : null}
          <GapItem gap={gap} canAct={canAct} events={events} />
        </Fragment>
      ))}
    </Flex>
  );
}

function HappenedNote({ happened, events }: { happened: Happened; events: GapEvents }) {
  const { words } = useApp();
  switch (happened.what) {
    case "dismissed":
      return (
        <Alert title={words.dismiss.done(happened.gap.title)} variant="info">
          <Restore gap={happened.gap} events={events} />
        </Alert>
      );
    case "restored":
      return <Alert title={words.restored(happened.gap.title)} variant="success" />;
    case "linked":
      return <Alert title={words.link.done(happened.deal)} variant="success" />;
    case "made": {
      const { deal_name, deal_url, warnings } = happened.creation;
      return (
        <Alert title={words.create.done.note(deal_name)} variant="success">
          <Flex direction="column" gap="xs" align="start">
            {deal_url ? <Link href={{ url: deal_url, external: true }}>{words.create.done.open}</Link> : null}
            {warnings.length > 0 ? (
              <List>
                {warnings.map(({ code, message }) => (
                  <Text key={`${code} ${message}`}>{message}</Text>
                ))}
              </List>
            ) : null}
          </Flex>
        </Alert>
      );
    }
    default:
      return happened satisfies never;
  }
}
