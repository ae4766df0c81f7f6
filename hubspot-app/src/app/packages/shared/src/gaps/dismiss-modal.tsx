/** Asks why a call needs no deal, and takes it off the list. */
import {
  Button,
  Flex,
  LoadingButton,
  Modal,
  ModalBody,
  ModalFooter,
  Select,
  Text,
  TextArea,
} from "@hubspot/ui-extensions";
import { useState } from "react";
import { type DismissBody, dismissGap } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import type { DismissReason, Gap } from "../dto.ts";
import { fieldMessages } from "../failure.ts";
import { useMutation } from "../hooks.ts";
import { FailureNote } from "../ui/failure-panel.tsx";
import type { GapLine } from "./gap-line.ts";

const noteMax = 500;

export function DismissModal({ gap, onDone }: { gap: GapLine; onDone: () => void }) {
  const { client, host, words } = useApp();
  const says = words.dismiss;
  const id = `dismiss-${gap.id}`;
  const [reason, setReason] = useState<DismissReason | null>(null);
  const [note, setNote] = useState("");
  const [isAsked, setAsked] = useState(false);
  const { run, isPending, failure } = useMutation<DismissBody, Gap>((body) => dismissGap(client, gap.id, body));
  const server = fieldMessages(failure);
  const reasonFault = isAsked && reason === null ? says.reasonMissing : server["reason"];
  const noteFault = note.trim().length > noteMax ? says.noteTooLong(noteMax) : server["note"];

  const dismiss = async () => {
    setAsked(true);
    if (reason === null || note.trim().length > noteMax) return;
    const result = await run({ reason, ...(note.trim() ? { note: note.trim() } : {}) });
    if (!result.ok) return;
    host.closeOverlay(id);
    onDone();
  };

  return (
    <Modal id={id} title={says.title} width="md">
      <ModalBody>
        <Flex direction="column" gap="md">
          <Text>{says.text(gap.title)}</Text>
          <FailureNote failure={failure} />
          <Select
            label={says.reason}
            name="reason"
            required
            placeholder={says.reasonPlaceholder}
            value={reason ?? undefined}
            options={Object.entries(words.dismissReasons).map(([value, label]) => ({ value, label }))}
            error={reasonFault !== undefined}
            validationMessage={reasonFault}
            onChange={(value) => setReason(value as DismissReason)}
          />
          <TextArea
            label={says.note}
            name="note"
            placeholder={says.notePlaceholder}
            value={note}
            error={noteFault !== undefined}
            validationMessage={noteFault}
            onInput={setNote}
          />
        </Flex>
      </ModalBody>
      <ModalFooter>
        <LoadingButton variant="primary" loading={isPending} onClick={() => void dismiss()}>
          {says.confirm}
        </LoadingButton>
        <Button onClick={() => host.closeOverlay(id)}>{words.actions.cancel}</Button>
      </ModalFooter>
    </Modal>
  );
}
