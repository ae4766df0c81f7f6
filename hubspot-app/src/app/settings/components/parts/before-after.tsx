/** What a mapping does, or would do, to one record. */
import { Box, Flex, Link, StatusTag, Text, Tile } from "@hubspot/ui-extensions";
import { type TryResult, useApp } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";
import { Value, valueText } from "./value.tsx";

export function BeforeAfter({ result }: { result: TryResult }) {
  const { format } = useApp();
  const { words } = useSettings();
  const said = words.editor.preview;
  const isWrite = result.decision === "write";
  const raw = result.raw_value === null ? null : String(result.raw_value);
  return (
    <Tile compact>
      <Flex direction="column" gap="sm">
        <Flex direction="row" gap="sm" align="center" wrap>
          <StatusTag variant={isWrite ? "success" : "default"}>{isWrite ? said.write : said.skip}</StatusTag>
          {result.reason_text ? <Text variant="microcopy">{result.reason_text}</Text> : null}
        </Flex>
        <Flex direction="column" gap="xs">
          <Text variant="microcopy">{`${said.value}: ${valueText(raw, format, 200) ?? words.blank}`}</Text>
          <Flex direction="row" gap="md" wrap>
            <Box flex={1}>
              <Text variant="microcopy">{said.before}</Text>
              <Value value={result.before} />
            </Box>
            {isWrite ? (
              <Box flex={1}>
                <Text variant="microcopy">{said.after}</Text>
                <Value value={result.after} strong />
              </Box>
            ) : null}
          </Flex>
        </Flex>
        {result.record_url && result.record_name ? (
          <Link href={{ url: result.record_url, external: true }}>{result.record_name}</Link>
        ) : null}
      </Flex>
    </Tile>
  );
}
