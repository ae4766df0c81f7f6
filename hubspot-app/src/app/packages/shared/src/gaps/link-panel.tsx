/** Says which deal a call belongs to: the likely ones first, any other by search. */
import { Divider, Flex, Heading, Panel, PanelBody, PanelSection, SearchInput, Text } from "@hubspot/ui-extensions";
import { useState } from "react";
import { getGap, type LinkBody, linkGap, searchCrm } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import type { CrmSearchResult, Gap } from "../dto.ts";
import { useLoad, useMutation } from "../hooks.ts";
import { useSettled } from "../sdk.ts";
import { FailureNote } from "../ui/failure-panel.tsx";
import { StateView } from "../ui/state-view.tsx";
import { type DealChoice, DealChoices } from "./deal-choice.tsx";
import type { GapLine } from "./gap-line.ts";

export function LinkPanel({ gap, onDone }: { gap: GapLine; onDone: (deal: string) => void }) {
  const { client, host, words } = useApp();
  const says = words.link;
  const id = `link-${gap.id}`;
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const asked = useSettled(typed.trim());
  const known = useLoad(isOpen ? gap.id : null, () => getGap(client, gap.id));
  const found = useLoad(isOpen && asked !== "" ? asked : null, () => searchCrm(client, "deal", asked));
  const { run, isPending, failure } = useMutation<LinkBody, Gap>((body) => linkGap(client, gap.id, body));

  const link = async (deal: DealChoice) => {
    setChosen(deal.id);
    const result = await run({ deal_crm_id: deal.id });
    if (!result.ok) return;
    host.closeOverlay(id);
    onDone(deal.name);
  };
  const choices = {
    label: says.link,
    pending: isPending ? chosen : null,
    onChoose: (deal: DealChoice) => void link(deal),
  };

  return (
    <Panel id={id} title={says.title} width="md" onOpen={() => setOpen(true)}>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <Text>{says.text(gap.title)}</Text>
            <FailureNote failure={failure} />
            <StateView load={known}>
              {(read) =>
                read.open_deals.length + read.open_deals_hidden === 0 ? (
                  <Text variant="microcopy">{says.noneSuggested}</Text>
                ) : (
                  <Flex direction="column" gap="sm">
                    <Heading>{says.suggested}</Heading>
                    <DealChoices deals={suggestedOf(read)} {...choices} />
                    {read.open_deals_hidden > 0 ? (
                      <Text variant="microcopy">{says.hidden(read.open_deals_hidden)}</Text>
                    ) : null}
                    <Divider distance="sm" />
                  </Flex>
                )
              }
            </StateView>
            <SearchInput
              label={says.search}
              name="deal-search"
              placeholder={says.searchPlaceholder}
              value={typed}
              clearable
              onInput={setTyped}
            />
            <StateView
              load={found}
              loading={says.searching}
              isEmpty={({ items }) => items.length === 0}
              empty={<Text>{says.nothingFound(asked)}</Text>}
            >
              {({ items }) => <DealChoices deals={items.map((item) => foundOf(item, says.closed))} {...choices} />}
            </StateView>
          </Flex>
        </PanelSection>
      </PanelBody>
    </Panel>
  );
}

function suggestedOf({ open_deals }: Gap): DealChoice[] {
  return open_deals
    .filter(({ crm }) => crm === "hubspot")
    .map(({ crm_id, name, url, stage, reason }) => ({
      ...{ id: crm_id, name, url },
      detail: [stage, reason].filter(Boolean).join(" · "),
    }));
}

function foundOf(item: CrmSearchResult["items"][number], closed: string): DealChoice {
  const { crm_id, name, url, detail, is_open } = item;
  return {
    id: crm_id,
    name,
    url,
    detail: [detail, is_open === false ? closed : null].filter(Boolean).join(" · ") || null,
  };
}
