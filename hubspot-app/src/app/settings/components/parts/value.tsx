/** A value as the CRM holds it, in as much room as a table has. */
import { Text } from "@hubspot/ui-extensions";
import { type Format, useApp } from "@pandora/hs-shared";
import { useSettings } from "../settings-context.tsx";

const charactersMax = 160;

export function Value({ value, strong = false }: { value: string | null; strong?: boolean }) {
  const { format } = useApp();
  const { words } = useSettings();
  const text = valueText(value, format, charactersMax);
  if (text === null) {
    return (
      <Text inline format={{ italic: true }}>
        {words.blank}
      </Text>
    );
  }
  return (
    <Text inline format={{ fontWeight: strong ? "demibold" : "regular" }}>
      {text}
    </Text>
  );
}

/** @returns null for a blank one; moments as people write them */
export function valueText(value: string | null, format: Format, max = 80): string | null {
  if (value === null || value.trim() === "") return null;
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return format.moment(value);
  const plain = value
    .replace(/<br\s*\/?>|<\/p>/gi, "\n")
    .replace(/<[^>]+>/g, "")
    .trim();
  return plain.length > max ? `${plain.slice(0, max).trimEnd()}…` : plain;
}
