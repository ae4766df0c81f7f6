/** A deal being made, made, or not known to be made. */
import { Alert, Button, Flex, Link, List, Text } from "@hubspot/ui-extensions";
import { useApp } from "../app-context.tsx";
import type { Creation } from "../dto.ts";
import type { Poll } from "../hooks.ts";
import { failureWords } from "../ui/failure-panel.tsx";
import { Loading } from "../ui/loading.tsx";

export function CreationProgress({ watch }: { watch: Poll<Creation> }) {
  const { words, format } = useApp();
  const says = words.create.progress;
  const waits = watch.data?.next_try_at;
  if (watch.failure) {
    return (
      <Alert title={says.lost} variant="warning">
        <Flex direction="column" gap="sm" align="start">
          <Text>{failureWords(watch.failure, words).text}</Text>
          <Button size="sm" onClick={watch.resume}>
            {says.askAgain}
          </Button>
        </Flex>
      </Alert>
    );
  }
  return (
    <Flex direction="column" gap="sm">
      <Loading label={says.title} />
      <Text>{waits ? says.waiting(format.ago(waits)) : says.text}</Text>
    </Flex>
  );
}

export function CreationUnsure({ creation, onAgain }: { creation: Creation; onAgain: () => void }) {
  const { words } = useApp();
  const says = words.create.unsure;
  return (
    <Alert title={says.title} variant="warning">
      <Flex direction="column" gap="sm" align="start">
        <Text>{creation.error?.message ?? says.text}</Text>
        <Candidates creation={creation} />
        <Button size="sm" onClick={onAgain}>
          {says.again}
        </Button>
      </Flex>
    </Alert>
  );
}

function Candidates({ creation }: { creation: Creation }) {
  const { candidates = [] } = creation.error ?? {};
  if (candidates.length === 0) return null;
  return (
    <List>
      {candidates.map(({ crm_id, name, url }) =>
        url ? (
          <Link key={crm_id} href={{ url, external: true }}>
            {name}
          </Link>
        ) : (
          <Text key={crm_id}>{name}</Text>
        ),
      )}
    </List>
  );
}

export function CreationDone({ creation }: { creation: Creation }) {
  const { words } = useApp();
  const says = words.create.done;
  const { existing, deal_name, deal_url, contacts_associated, warnings } = creation;
  return (
    <Flex direction="column" gap="md">
      <Alert title={existing ? says.existed : says.title} variant="success">
        <Flex direction="column" gap="xs" align="start">
          <Text format={{ fontWeight: "demibold" }}>{deal_name}</Text>
          {contacts_associated.length > 0 ? <Text>{says.contacts(contacts_associated.length)}</Text> : null}
          {deal_url ? <Link href={{ url: deal_url, external: true }}>{says.open}</Link> : null}
        </Flex>
      </Alert>
      {warnings.length > 0 ? (
        <Alert title={says.withWarnings} variant="warning">
          <List>
            {warnings.map(({ code, message }) => (
              <Text key={`${code} ${message}`}>{message}</Text>
            ))}
          </List>
        </Alert>
      ) : null}
    </Flex>
  );
}
