/** Asks before something that is hard to take back. Put it into the `overlay` of what opens it. */
import { Button, Flex, LoadingButton, Modal, ModalBody, ModalFooter, Text } from "@hubspot/ui-extensions";
import { FailureNote, type Once, type Result, useApp, useMutation } from "@pandora/hs-shared";
import type { ReactNode } from "react";
import { useSettings } from "../settings-context.tsx";
import { useOnce } from "./use-once.ts";

export type ConfirmProps<Body extends object, T> = {
  id: string;
  title: string;
  text: string;
  confirm: string;
  isDangerous?: boolean;
  send: (body: Body & Once) => Promise<Result<T>>;
  body: Body;
  done?: string;
  onDone?: (data: T) => void;
  children?: ReactNode;
};

export function Confirm<Body extends object, T>(props: ConfirmProps<Body, T>) {
  const { id, title, text, confirm, isDangerous = false, send, body, done, onDone, children } = props;
  const { host } = useApp();
  const { words } = useSettings();
  const { run, isPending, failure, clear } = useMutation<Body, T>(send);
  const press = useOnce(async () => {
    const result = await run(body);
    // After a failure the question stays, with what went wrong.
    if (!result.ok) return;
    host.closeOverlay(id);
    if (done) host.tell("success", done);
    onDone?.(result.data);
  });
  return (
    <Modal id={id} title={title} variant={isDangerous ? "danger" : "default"} width="md" onOpen={clear}>
      <ModalBody>
        <Flex direction="column" gap="md">
          <FailureNote failure={failure} />
          <Text>{text}</Text>
          {children ?? null}
        </Flex>
      </ModalBody>
      <ModalFooter>
        <LoadingButton
          variant={isDangerous ? "destructive" : "primary"}
          loading={isPending}
          onClick={() => void press()}
          testId={`${id}-confirm`}
        >
          {confirm}
        </LoadingButton>
        <Button variant="secondary" disabled={isPending} onClick={() => host.closeOverlay(id)}>
          {words.cancel}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
