/** Chooses one of the CRM's records by the beginning of its name. */
import { Button, Flex, SearchInput, Text } from "@hubspot/ui-extensions";
import {
  type CrmSearchResult,
  FailureNote,
  type ObjectType,
  searchCrm,
  useApp,
  useLoad,
  useSettled,
} from "@pandora/hs-shared";
import { useState } from "react";
import { useSettings } from "../settings-context.tsx";

export type Picked = { id: string; name: string; objectType: ObjectType; url: string | null };

export function RecordPicker(props: {
  name: string;
  label: string;
  objectType: ObjectType;
  picked: Picked | null;
  onPick: (picked: Picked | null) => void;
}) {
  const { name, label, objectType, picked, onPick } = props;
  const { client } = useApp();
  const { words } = useSettings();
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim());
  const found = useLoad(q === "" ? null : `${objectType} ${q}`, () => searchCrm(client, objectType, q));
  const { preview } = words.editor;
  if (picked) {
    return (
      <Flex direction="column" gap="xs">
        <Text format={{ fontWeight: "demibold" }}>{label}</Text>
        <Flex direction="row" gap="sm" align="center" wrap>
          <Text>{picked.name}</Text>
          <Button size="xs" variant="transparent" onClick={() => onPick(null)}>
            {preview.other}
          </Button>
        </Flex>
      </Flex>
    );
  }
  const pick = (one: CrmSearchResult["items"][number]) => {
    setTyped("");
    onPick({ id: one.crm_id, name: one.name, objectType: one.object_type, url: one.url });
  };
  return (
    <Flex direction="column" gap="xs">
      <SearchInput
        name={name}
        label={label}
        placeholder={preview.recordPlaceholder[objectType]}
        value={typed}
        onInput={setTyped}
        onChange={setTyped}
        clearable
      />
      {found.is.state === "loading" ? <Text variant="microcopy">{preview.searching}</Text> : null}
      {found.is.state === "failed" ? (
        <FailureNote failure={found.is.failure} onRetry={() => void found.reload()} />
      ) : null}
      {found.is.state === "ready" && found.is.data.items.length === 0 ? (
        <Text variant="microcopy">{preview.nothing(q)}</Text>
      ) : null}
      {found.is.state === "ready"
        ? found.is.data.items.slice(0, 6).map((one) => (
            <Flex key={one.crm_id} direction="row" gap="sm" align="center" wrap>
              <Button size="xs" onClick={() => pick(one)} testId={`pick-${one.crm_id}`}>
                {one.name}
              </Button>
              {one.detail ? <Text variant="microcopy">{one.detail}</Text> : null}
            </Flex>
          ))
        : null}
    </Flex>
  );
}
