/** Makes a deal of a call: filled in from what is known of it, checked before it is sent, watched until it is there. */
import { Button, LoadingButton, Panel, PanelBody, PanelFooter, PanelSection } from "@hubspot/ui-extensions";
import { useState } from "react";
import { dealOptions, getGap } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import type { Client } from "../client.ts";
import type { Creation, DealOptions, Gap } from "../dto.ts";
import type { Result } from "../failure.ts";
import { useLoad } from "../hooks.ts";
import { StateView } from "../ui/state-view.tsx";
import { CreateForm } from "./create-form.tsx";
import { CreationDone, CreationProgress, CreationUnsure } from "./creation-state.tsx";
import type { GapLine } from "./gap-line.ts";
import { useDealCreation } from "./use-deal-creation.ts";

export function CreatePanel(props: {
  gap: GapLine;
  /** The deal is there; the panel may still be open. */
  onMade: (creation: Creation) => void;
  onLinked: (deal: string) => void;
  /** The panel was closed after the deal was made. */
  onDone: () => void;
}) {
  const { gap, onMade, onLinked, onDone } = props;
  const { client, host, words } = useApp();
  const id = `create-${gap.id}`;
  const [isOpen, setOpen] = useState(false);
  // What is loaded stays while the panel is closed: a second look finds what was typed.
  const [wasOpened, setWasOpened] = useState(false);
  const load = useLoad(wasOpened ? gap.id : null, () => readForm(client, gap.id));
  const form = useDealCreation({
    gapId: gap.id,
    given: load.is.state === "ready" ? load.is.data : null,
    onMade: (creation) => {
      host.refreshRecord();
      onMade(creation);
      if (!isOpen) onDone();
    },
    onLinked: (deal) => {
      host.closeOverlay(id);
      onLinked(deal);
    },
  });
  const { step } = form;
  const isForm = step.name === "form" && load.is.state === "ready";
  const closed = () => {
    setOpen(false);
    if (step.name === "done") onDone();
  };

  return (
    <Panel
      id={id}
      title={words.create.title}
      width="md"
      onOpen={() => {
        setOpen(true);
        setWasOpened(true);
        if (load.is.state === "failed") void load.reload();
      }}
      onClose={closed}
    >
      <PanelBody>
        <PanelSection>
          <StateView load={load} loading={words.create.loading}>
            {({ options, gap: known }) => {
              switch (step.name) {
                case "form":
                  return <CreateForm form={form} options={options} gap={known} />;
                case "progress":
                  return <CreationProgress watch={form.watch} />;
                case "unsure":
                  return <CreationUnsure creation={step.creation} onAgain={() => void form.submit(true)} />;
                case "done":
                  return <CreationDone creation={step.creation} />;
                default:
                  return step satisfies never;
              }
            }}
          </StateView>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        {isForm ? (
          <LoadingButton
            variant="primary"
            testId={`submit-${gap.id}`}
            loading={form.isPending}
            onClick={() => void form.submit(form.duplicates !== null)}
          >
            {form.duplicates ? words.create.submitAnyway : words.create.submit}
          </LoadingButton>
        ) : null}
        <Button onClick={() => host.closeOverlay(id)}>
          {step.name === "form" ? words.actions.cancel : words.actions.close}
        </Button>
      </PanelFooter>
    </Panel>
  );
}

export type FormGiven = { options: DealOptions; gap: Gap };

/** Both are needed to fill the form in; the first that fails is told. */
async function readForm(client: Client, gapId: string): Promise<Result<FormGiven>> {
  const [options, gap] = await Promise.all([dealOptions(client, gapId), getGap(client, gapId)]);
  if (!options.ok) return options;
  if (!gap.ok) return gap;
  return { ok: true, status: 200, data: { options: options.data, gap: gap.data } };
}
