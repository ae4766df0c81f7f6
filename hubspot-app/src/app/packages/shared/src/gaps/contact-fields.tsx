/** Who is put on the deal: people of the call who are in HubSpot, others found by search, and new ones. */
import { Button, Checkbox, Flex, MultiSelect, SearchInput, Text } from "@hubspot/ui-extensions";
import { useState } from "react";
import { searchCrm } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import { useLoad } from "../hooks.ts";
import { useSettled } from "../sdk.ts";
import { StateView } from "../ui/state-view.tsx";
import type { DraftPerson } from "./deal-draft.ts";
import type { DealCreation } from "./use-deal-creation.ts";

export function ContactFields({ form }: { form: DealCreation }) {
  const { words } = useApp();
  const says = words.create;
  const { draft, change, faults } = form;
  if (!draft) return null;
  const { people, chosen, newPeople } = draft;
  const fault = faults["contacts_to_associate"] ?? firstOf(faults, /^contacts_to_associate\./);
  return (
    <Flex direction="column" gap="sm">
      {people.length > 0 ? (
        <MultiSelect
          label={says.contacts}
          name="contacts"
          description={says.contactsHelp}
          value={chosen}
          options={people.map(({ id, label }) => ({ value: id, label }))}
          error={fault !== undefined}
          validationMessage={fault}
          onChange={(values) => change({ chosen: values.map(String) })}
        />
      ) : null}
      <ContactSearch
        isListed={(id) => chosen.includes(id)}
        onAdd={(person) =>
          change({
            people: people.some(({ id }) => id === person.id) ? people : [...people, person],
            chosen: [...chosen.filter((id) => id !== person.id), person.id],
          })
        }
      />
      {newPeople.length > 0 ? (
        <Flex direction="column" gap="xs">
          <Text format={{ fontWeight: "demibold" }}>{says.newContacts}</Text>
          {newPeople.map(({ email, name, isChosen }) => (
            <Checkbox
              key={email}
              name={`new-${email}`}
              checked={isChosen}
              onChange={(on) =>
                change({
                  newPeople: newPeople.map((each) => (each.email === email ? { ...each, isChosen: on } : each)),
                })
              }
            >
              {name ? `${name} (${email})` : email}
            </Checkbox>
          ))}
          {firstOf(faults, /^contacts_to_create/) ? (
            <Text variant="microcopy">{firstOf(faults, /^contacts_to_create/)}</Text>
          ) : null}
        </Flex>
      ) : null}
    </Flex>
  );
}

function ContactSearch(props: { isListed: (id: string) => boolean; onAdd: (person: DraftPerson) => void }) {
  const { client, words } = useApp();
  const says = words.create;
  const [typed, setTyped] = useState("");
  const asked = useSettled(typed.trim());
  const found = useLoad(asked === "" ? null : asked, () => searchCrm(client, "contact", asked));
  return (
    <Flex direction="column" gap="xs">
      <SearchInput
        label={says.contactSearch}
        name="contact-search"
        placeholder={says.contactSearchPlaceholder}
        value={typed}
        clearable
        onInput={setTyped}
      />
      <StateView
        load={found}
        loading={words.link.searching}
        isEmpty={({ items }) => items.length === 0}
        empty={<Text variant="microcopy">{says.noContactFound(asked)}</Text>}
      >
        {({ items }) => (
          <Flex direction="column" gap="xs">
            {items
              .filter(({ crm_id }) => !props.isListed(crm_id))
              .slice(0, 5)
              .map(({ crm_id, name, detail }) => (
                <Flex key={crm_id} direction="row" justify="between" align="center" gap="sm">
                  <Text>{[name, detail].filter(Boolean).join(" · ")}</Text>
                  <Button
                    size="xs"
                    onClick={() => {
                      props.onAdd({ id: crm_id, label: detail ? `${name} (${detail})` : name });
                      setTyped("");
                    }}
                  >
                    {says.contactAddShort}
                  </Button>
                </Flex>
              ))}
          </Flex>
        )}
      </StateView>
    </Flex>
  );
}

function firstOf(faults: Record<string, string>, of: RegExp): string | undefined {
  return Object.entries(faults).find(([field]) => of.test(field))?.[1];
}
