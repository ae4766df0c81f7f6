/** The card of a deal with one call, ready to act on it. */
import { Button, LoadingButton, ScoreCircle } from "@hubspot/ui-extensions";
import { createRenderer } from "@hubspot/ui-extensions/testing";
import { RecordCard } from "../../src/app/cards/components/RecordCard.tsx";
import { gapId } from "./samples.ts";
import { textOf } from "./tree.ts";

export async function openCard() {
  const shown = createRenderer("crm.record.tab");
  const context = { ...shown.mocks.context, crm: { objectId: 501, objectTypeId: "0-3" } };
  shown.render(<RecordCard context={context} actions={shown.mocks.actions as never} />);
  await shown.waitFor(() => shown.find(ScoreCircle));
  /** Read anew each time: what is drawn is replaced. */
  const overlay = (what: "create" | "link" | "dismiss") =>
    shown.findByTestId(Button, `${what}-${gapId}`).props.overlay!;
  const loadingButton = (place: { findAll: typeof shown.findAll }, name: string) => {
    const found = place.findAll(LoadingButton).find((button) => textOf(button) === name);
    if (!found) throw new Error(`There is no button "${name}".`);
    return found;
  };
  return { ...shown, overlay, loadingButton, says: () => textOf(shown.getRootNode()) };
}
