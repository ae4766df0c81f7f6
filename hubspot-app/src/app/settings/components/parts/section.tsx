/** A part of a tab, under its heading. */
import { Box, Flex, Heading, Text } from "@hubspot/ui-extensions";
import type { ReactNode } from "react";

export function Section(props: { title: string; text?: string; action?: ReactNode; children?: ReactNode }) {
  const { title, text, action, children } = props;
  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" justify="between" align="center" gap="md" wrap>
        <Box flex="auto">
          <Heading>{title}</Heading>
          {text ? <Text variant="microcopy">{text}</Text> : null}
        </Box>
        {action ?? null}
      </Flex>
      {children}
    </Flex>
  );
}
