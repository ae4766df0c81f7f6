/** A button that asks for one thing, shows that it is under way, and says what came of it at the top of the page. */
import { LoadingButton, type LoadingButtonProps } from "@hubspot/ui-extensions";
import { failureWords, type Once, type Result, useApp, useMutation } from "@pandora/hs-shared";
import { useOnce } from "./use-once.ts";

export type ActProps<Body extends object, T> = {
  send: (body: Body & Once) => Promise<Result<T>>;
  body: Body;
  /** Said when it worked; null: nothing is said. */
  done?: (data: T) => string | null;
  onDone?: (data: T) => void;
  children: string;
} & Pick<LoadingButtonProps, "variant" | "size" | "disabled" | "testId">;

export function Act<Body extends object, T>(props: ActProps<Body, T>) {
  const { send, body, done, onDone, children, ...look } = props;
  const { isPending, press } = useAct({ send, done, onDone });
  return (
    <LoadingButton {...look} loading={isPending} onClick={() => void press(body)}>
      {children}
    </LoadingButton>
  );
}

/** The same without a button, for switches and selects. */
export function useAct<Body extends object, T>(props: Pick<ActProps<Body, T>, "send" | "done" | "onDone">) {
  const { send, done, onDone } = props;
  const { host, words } = useApp();
  const { run, isPending } = useMutation<Body, T>(send);
  const press = useOnce(async (body: Body) => {
    const result = await run(body);
    if (!result.ok) {
      const { title, text } = failureWords(result.failure, words);
      // A refusal that names no field says best itself what is wrong.
      host.tell("danger", result.failure.kind === "refused" ? (result.failure.says ?? text) : `${title}. ${text}`);
      return;
    }
    const said = done?.(result.data) ?? null;
    if (said) host.tell("success", said);
    onDone?.(result.data);
  });
  return { isPending, press };
}
