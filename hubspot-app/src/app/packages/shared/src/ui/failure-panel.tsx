/** What went wrong and the way on, in place of what could not be shown. */
import { Alert, Button, ErrorState, Flex, Link, Text } from "@hubspot/ui-extensions";
import { useApp } from "../app-context.tsx";
import type { Failure } from "../failure.ts";
import type { Words } from "../words.ts";

/** Instead of a screen that can't be shown. */
export function FailurePanel(props: { failure: Failure; onRetry: () => void; title?: string; text?: string }) {
  const { failure, onRetry } = props;
  const { words, host } = useApp();
  const told = failureWords(failure, words);
  const { kind, connectUrl } = failure;
  return (
    <ErrorState title={props.title ?? told.title} type={kind === "no_permission" ? "lock" : "error"}>
      <Text>{props.text ?? told.text}</Text>
      {kind === "stale_page" ? (
        <Button onClick={host.reloadPage}>{words.actions.reloadPage}</Button>
      ) : (
        <Button onClick={onRetry}>{words.actions.tryAgain}</Button>
      )}
      {kind === "not_connected" && connectUrl ? (
        <Link href={{ url: connectUrl, external: true }}>{words.actions.connect}</Link>
      ) : null}
    </ErrorState>
  );
}

/** Above a form or list that stays as it is. Without `onRetry` the form's own button is the way on. */
export function FailureNote(props: {
  failure: Failure | null;
  onRetry?: () => void;
  /** What belongs to no field on the screen. */
  lines?: readonly string[];
}) {
  const { failure, onRetry, lines = [] } = props;
  const { words, host } = useApp();
  if (!failure) return null;
  const { title, text } = failureWords(failure, words);
  return (
    <Alert title={title} variant={failure.kind === "refused" ? "warning" : "danger"}>
      <Flex direction="column" gap="xs" align="start">
        <Text>{keepsTyping.has(failure.kind) ? `${text} ${words.typedIsKept}` : text}</Text>
        {lines.map((line) => (
          <Text key={line}>{line}</Text>
        ))}
        {failure.kind === "stale_page" ? (
          <Button size="xs" onClick={host.reloadPage}>
            {words.actions.reloadPage}
          </Button>
        ) : onRetry ? (
          <Button size="xs" onClick={onRetry}>
            {words.actions.tryAgain}
          </Button>
        ) : null}
      </Flex>
    </Alert>
  );
}

/** Our words, unless the server has a better sentence: it knows the case. */
export function failureWords(failure: Failure, words: Words): { title: string; text: string } {
  const { title, text } = words.failures[failure.kind];
  const isBare = failure.kind === "refused" && failure.errors.length === 0;
  const server = isBare || saysMore.has(failure.kind) ? failure.says : null;
  const wait = failure.retryAfterS === null ? null : words.waitAbout(failure.retryAfterS);
  return { title, text: [server ?? text, wait].filter(Boolean).join(" ") };
}

/** Where a person may wonder. */
const keepsTyping = new Set<Failure["kind"]>(["slow", "down", "busy", "crm_busy"]);

const saysMore = new Set<Failure["kind"]>(["conflict", "crm_busy", "no_permission", "reconnect"]);
