import { Flex, Heading, Tag, Text } from "@hubspot/ui-extensions";
import { type RecordCard, useApp } from "@pandora/hs-shared";

const variants = { high: "error", medium: "warning", low: "default" } as const;

export function Findings({ findings }: { findings: RecordCard["findings"] }) {
  const { words } = useApp();
  return (
    <Flex direction="column" gap="sm">
      <Heading>{words.card.findings}</Heading>
      {findings.map(({ kind, severity, sentence }) => (
        <Flex key={kind} direction="row" gap="sm" align="start">
          <Tag variant={variants[severity]}>{words.severity[severity]}</Tag>
          <Text>{sentence}</Text>
        </Flex>
      ))}
    </Flex>
  );
}
