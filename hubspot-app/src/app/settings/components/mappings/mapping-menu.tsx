/** What can be done with one mapping. */
import { Button, Dropdown, Flex } from "@hubspot/ui-extensions";
import { type Mapping, type Once, useApp } from "@pandora/hs-shared";
import { adoptMapping, deleteMapping } from "../../api/mappings.ts";
import { startRun } from "../../api/runs.ts";
import { MappingPanel } from "../editor/mapping-panel.tsx";
import { useAct } from "../parts/act.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { useSettings } from "../settings-context.tsx";
import { TestPanel } from "./test-panel.tsx";

export function MappingMenu({ mapping, label }: { mapping: Mapping; label: string }) {
  const { client } = useApp();
  const { words, changed, openRun } = useSettings();
  const said = words.mappings;
  const { id } = mapping;
  // No note: the tab that opens shows that it has started.
  const start = (kind: "dry_run" | "sync") => ({
    send: (body: Once & { mapping_ids: string[] }) => startRun(client, kind, body),
    onDone: (run: { id: string }) => {
      changed("runs");
      openRun(run.id);
    },
  });
  const dryRun = useAct(start("dry_run"));
  const sync = useAct(start("sync"));
  const keepsOld = mapping.write_mode === "overwrite" && mapping.keep_human_edits;
  return (
    <Flex direction="row" gap="xs">
      <Button
        size="xs"
        testId={`edit-${id}`}
        overlay={<MappingPanel id={`edit-mapping-${id}`} mapping={mapping} label={label} />}
      >
        {said.actions.edit}
      </Button>
      <Dropdown buttonText={said.actions.menu} buttonSize="xs" variant="transparent">
        <Dropdown.ButtonItem overlay={<TestPanel id={`test-mapping-${id}`} mapping={mapping} label={label} />}>
          {said.actions.test}
        </Dropdown.ButtonItem>
        <Dropdown.ButtonItem onClick={() => void dryRun.press({ mapping_ids: [id] })}>
          {said.actions.dryRun}
        </Dropdown.ButtonItem>
        <Dropdown.ButtonItem onClick={() => void sync.press({ mapping_ids: [id] })}>
          {said.actions.sync}
        </Dropdown.ButtonItem>
        {keepsOld ? (
          <Dropdown.ButtonItem
            overlay={
              <Confirm
                id={`adopt-mapping-${id}`}
                title={said.adopt.title}
                text={said.adopt.text(mapping.crm_property_label)}
                confirm={said.adopt.confirm}
                send={(body: Once & { id: string }) => adoptMapping(client, body)}
                body={{ id }}
                done={said.adopt.done}
                onDone={(run) => {
                  changed("runs", "mappings");
                  openRun(run.id);
                }}
              />
            }
          >
            {said.actions.adopt}
          </Dropdown.ButtonItem>
        ) : null}
        <Dropdown.ButtonItem
          overlay={
            <Confirm
              id={`delete-mapping-${id}`}
              title={said.remove.title}
              text={said.remove.text(label)}
              confirm={said.remove.confirm}
              isDangerous
              send={(body: Once & { id: string }) => deleteMapping(client, body)}
              body={{ id }}
              done={said.remove.done(label)}
              onDone={() => changed("mappings")}
            />
          }
        >
          {said.actions.remove}
        </Dropdown.ButtonItem>
      </Dropdown>
    </Flex>
  );
}
