/** The two ways out of HubSpot for the log: a link for one download, or the clipboard. */
import { Alert, Flex, Heading, Link, LoadingButton, PanelBody, PanelSection, Text } from "@hubspot/ui-extensions";
import { type Failure, FailureNote, type LogEntry, type Mapping, useApp, useMutation } from "@pandora/hs-shared";
import { useState } from "react";
import { exportLink, type LogAsked, listLog } from "../../api/runs.ts";
import { csvOf } from "../../lib/csv.ts";
import { triggerWords } from "../../lib/run-facts.ts";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { useSettings } from "../settings-context.tsx";
import { propertyOf } from "./log-table.tsx";

/** What fits a clipboard and a person's patience: five pages of the list. */
const copiedMax = 1_000;

type Props = { asked: LogAsked; mappings: Mapping[] };

export function ExportPanel({ asked, mappings }: Props) {
  const { words } = useSettings();
  const said = words.log.export;
  return (
    <LazyPanel id="export-log" title={said.title} width="sm">
      {() => (
        <PanelBody>
          <PanelSection>
            <Flex direction="column" gap="lg">
              <Text>{said.text}</Text>
              <DownloadLink asked={asked} />
              <CopyRows asked={asked} mappings={mappings} />
            </Flex>
          </PanelSection>
        </PanelBody>
      )}
    </LazyPanel>
  );
}

function DownloadLink({ asked }: { asked: LogAsked }) {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.log.export;
  const [url, setUrl] = useState<string | null>(null);
  const make = useMutation<LogAsked, { url: string }>((body) => exportLink(client, body));
  const press = async () => {
    const result = await make.run(asked);
    if (result.ok) setUrl(result.data.url);
  };
  return (
    <Flex direction="column" gap="sm" align="start">
      <Text>{said.linkText}</Text>
      <FailureNote failure={make.failure} />
      {url ? (
        <Link href={{ url, external: true }} onClick={() => setUrl(null)}>
          {said.linkReady}
        </Link>
      ) : (
        <LoadingButton size="sm" loading={make.isPending} testId="export-link" onClick={() => void press()}>
          {said.link}
        </LoadingButton>
      )}
    </Flex>
  );
}

function CopyRows({ asked, mappings }: Props) {
  const { client, host, format } = useApp();
  const { words, nameOf } = useSettings();
  const said = words.log.export;
  const [count, setCount] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const rowOf = (entry: LogEntry): (string | null)[] => [
    entry.created_at,
    words.log.statuses[entry.status],
    entry.reason_text,
    words.object[entry.crm_object_type],
    entry.record_name,
    propertyOf(entry, mappings),
    entry.previous_value,
    entry.value_written,
    words.log.who(nameOf(entry.initiated_by), triggerWords(entry.trigger_source, words)),
  ];
  const press = async () => {
    if (count !== null) return;
    setFailure(null);
    setCount(0);
    const rows: LogEntry[] = [];
    let cursor: string | undefined;
    do {
      const page = await listLog(client, { ...asked, cursor, limit: 200 });
      if (!page.ok) {
        setFailure(page.failure);
        setCount(null);
        return;
      }
      rows.push(...page.data.items);
      setCount(rows.length);
      cursor = page.data.next_cursor ?? undefined;
    } while (cursor && rows.length < copiedMax);
    try {
      await host.copy(csvOf([said.headings, ...rows.map(rowOf)]));
      host.tell("success", said.copied(format.number(rows.length)));
    } catch {
      host.tell("danger", words.copyFailed);
    }
    setCount(null);
  };
  return (
    <Flex direction="column" gap="sm" align="start">
      <Heading>{said.copy(format.number(copiedMax))}</Heading>
      <Text>{said.copyText}</Text>
      <FailureNote failure={failure} onRetry={() => void press()} />
      {count === null ? null : <Alert title={said.copying(format.number(count))} variant="info" />}
      <LoadingButton size="sm" loading={count !== null} testId="copy-log" onClick={() => void press()}>
        {words.copy}
      </LoadingButton>
    </Flex>
  );
}
