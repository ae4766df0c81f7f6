/** For which records: open deals, pipelines, owners. */
import { Box, Checkbox, Flex, Heading, MultiSelect, Text } from "@hubspot/ui-extensions";
import { Loading, useApp, useLoad } from "@pandora/hs-shared";
import { filterChoices } from "../../api/connections.ts";
import { useSettings } from "../settings-context.tsx";
import type { Editor } from "./use-editor.ts";

export function FilterFields({ editor }: { editor: Editor }) {
  const { form, set, faultOf } = editor;
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.editor;
  const choices = useLoad("filter choices", () => filterChoices(client));
  const isDeal = form.objectType === "deal";
  const at = (place: string) => ({ error: faultOf(place) !== undefined, validationMessage: faultOf(place) });
  return (
    <Flex direction="column" gap="sm">
      <Heading>{said.sections.which}</Heading>
      {isDeal ? (
        <Checkbox
          name="open-deals"
          checked={form.openDeals}
          description={said.filter.openDealsText}
          onChange={(openDeals) => set({ openDeals })}
        >
          {said.filter.openDeals}
        </Checkbox>
      ) : null}
      {choices.is.state === "loading" ? <Loading /> : null}
      {choices.is.state === "failed" ? <Text variant="microcopy">{said.filter.unavailable}</Text> : null}
      {choices.is.state === "ready" ? (
        <Flex direction="row" gap="md">
          {isDeal ? (
            <Box flex={1}>
              <MultiSelect
                name="pipelines"
                label={said.filter.pipelines}
                placeholder={said.filter.pipelinesAll}
                value={form.pipelines}
                options={choices.is.data.pipelines.map(({ id, label }) => ({ value: id, label }))}
                {...at("record_filter.pipelines")}
                onChange={(pipelines) => set({ pipelines: pipelines.map(String) })}
              />
            </Box>
          ) : null}
          <Box flex={1}>
            <MultiSelect
              name="owners"
              label={said.filter.owners}
              placeholder={said.filter.ownersAll}
              value={form.owners}
              options={choices.is.data.owners.map(({ id, label }) => ({ value: id, label }))}
              {...at("record_filter.owners")}
              onChange={(owners) => set({ owners: owners.map(String) })}
            />
          </Box>
        </Flex>
      ) : null}
    </Flex>
  );
}
