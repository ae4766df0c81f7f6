/** The card on a deal, company or contact: what Pandora knows of it, in one read, and the calls that have no deal. */
import {
  AppProvider,
  type CardActions,
  type CardContext,
  FailurePanel,
  type ObjectType,
  recordCard,
  StateView,
  useApp,
  useLoad,
} from "@pandora/hs-shared";
import { CardContent } from "./CardContent.tsx";

export type RecordCardProps = { context: CardContext; actions: CardActions };

const objectTypes: Record<string, ObjectType> = { "0-1": "contact", "0-2": "company", "0-3": "deal" };

export function RecordCard({ context, actions }: RecordCardProps) {
  const { objectId, objectTypeId } = context.crm;
  return (
    <AppProvider context={context} actions={actions}>
      <LoadedCard objectType={objectTypes[objectTypeId] ?? "deal"} id={String(objectId)} />
    </AppProvider>
  );
}

function LoadedCard({ objectType, id }: { objectType: ObjectType; id: string }) {
  const { client, words } = useApp();
  const load = useLoad(`${objectType}/${id}`, () => recordCard(client, objectType, id));
  return (
    <StateView
      load={load}
      loading={words.loading.card}
      failed={(failure) => {
        if (failure.kind !== "not_found") return null;
        const says = failure.code === "not_seen_yet" ? words.card.notKnown : words.card.notYours;
        return (
          <FailurePanel failure={failure} onRetry={() => void load.reload()} title={says.title} text={says.text} />
        );
      }}
    >
      {(card) => <CardContent card={card} load={load} />}
    </StateView>
  );
}
