import { Flex, LoadingSpinner, Text } from "@hubspot/ui-extensions";
import { useEffect, useState } from "react";
import { useApp } from "../app-context.tsx";

const patienceMs = 4_000;

/** Says after a while that it still goes on: a spinner alone looks like a hang. */
export function Loading({ label }: { label?: string }) {
  const { words } = useApp();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Flex direction="column" align="center" gap="sm">
      <LoadingSpinner label={label ?? words.loading.plain} showLabel layout="centered" />
      {isLong ? <Text variant="microcopy">{words.loading.slow}</Text> : null}
    </Flex>
  );
}
