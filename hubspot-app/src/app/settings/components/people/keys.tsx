/** API keys: made, shown once, revoked. */
import {
  Alert,
  Button,
  Flex,
  Input,
  LoadingButton,
  PanelBody,
  PanelFooter,
  PanelSection,
  Select,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Text,
} from "@hubspot/ui-extensions";
import {
  type ApiKey,
  type ApiKeyCreated,
  FailureNote,
  fieldMessages,
  type Once,
  type Role,
  StateView,
  useApp,
  useLoad,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { createKey, listKeys, revokeKey } from "../../api/workspace.ts";
import { Confirm } from "../parts/confirm.tsx";
import { CopyButton } from "../parts/copy-button.tsx";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { Section } from "../parts/section.tsx";
import { useSettings } from "../settings-context.tsx";

export function KeysSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.peopleTab.keys;
  const load = useLoad("keys", () => listKeys(client));
  const again = () => void load.reload();
  return (
    <Section
      title={said.title}
      text={said.text}
      action={
        <Button
          testId="add-key"
          overlay={
            <LazyPanel id="add-key" title={said.addTitle} width="sm">
              {() => <MakeKey onMade={again} />}
            </LazyPanel>
          }
        >
          {said.add}
        </Button>
      }
    >
      <StateView load={load} isEmpty={({ items }) => items.length === 0} empty={<Text>{said.none}</Text>}>
        {({ items }) => (
          <Table bordered density="condensed">
            <TableHead>
              <TableRow>
                <TableHeader width="auto">{said.columns.key}</TableHeader>
                <TableHeader>{said.columns.role}</TableHeader>
                <TableHeader>{said.columns.used}</TableHeader>
                <TableHeader>{said.columns.actions}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map((key) => (
                <KeyRow key={key.id} apiKey={key} onRevoked={again} />
              ))}
            </TableBody>
          </Table>
        )}
      </StateView>
    </Section>
  );
}

function KeyRow({ apiKey, onRevoked }: { apiKey: ApiKey; onRevoked: () => void }) {
  const { client, format } = useApp();
  const { words } = useSettings();
  const said = words.peopleTab.keys;
  const { id, name, prefix, role, last_used_at: used, revoked_at: revoked } = apiKey;
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: "demibold", lineDecoration: revoked ? "strikethrough" : "none" }}>{name}</Text>
        <Text variant="microcopy">{revoked ? said.revoked(format.ago(revoked)) : said.beginsWith(prefix)}</Text>
      </TableCell>
      <TableCell>{words.peopleTab.members.roles[role]}</TableCell>
      <TableCell>{used ? format.ago(used) : words.never}</TableCell>
      <TableCell>
        {revoked ? (
          " "
        ) : (
          <Button
            size="xs"
            variant="transparent"
            testId={`revoke-${id}`}
            overlay={
              <Confirm
                id={`revoke-key-${id}`}
                title={said.revokeTitle(name)}
                text={said.revokeText}
                confirm={said.revoke}
                isDangerous
                send={(body: Once & { id: string }) => revokeKey(client, body)}
                body={{ id }}
                done={said.revokedNow(name)}
                onDone={onRevoked}
              />
            }
          >
            {said.revoke}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

function MakeKey({ onMade }: { onMade: () => void }) {
  const { client, host } = useApp();
  const { words } = useSettings();
  const said = words.peopleTab.keys;
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [wasTried, setTried] = useState(false);
  const [made, setMade] = useState<ApiKeyCreated | null>(null);
  const make = useMutation<{ name: string; role: Role }, ApiKeyCreated>((body) => createKey(client, body));
  const server = fieldMessages(make.failure);
  const local = name.trim() === "" ? words.required : name.trim().length > 100 ? words.tooLong(100) : undefined;
  const fault = (wasTried ? local : undefined) ?? server["name"];
  const submit = async () => {
    setTried(true);
    if (local) return;
    const result = await make.run({ name: name.trim(), role });
    if (!result.ok) return;
    setMade(result.data);
    onMade();
  };
  if (made) {
    return (
      <>
        <PanelBody>
          <PanelSection>
            <Alert title={said.made.title} variant="warning">
              <Flex direction="column" gap="sm" align="start">
                <Text>{made.key ? said.made.text : said.made.lost}</Text>
                {made.key ? <Input name="made-key" label={said.made.label} value={made.key} readOnly /> : null}
                {made.key ? <CopyButton text={made.key} testId="copy-key" /> : null}
              </Flex>
            </Alert>
          </PanelSection>
        </PanelBody>
        <PanelFooter>
          <Button variant="primary" onClick={() => host.closeOverlay("add-key")}>
            {words.close}
          </Button>
        </PanelFooter>
      </>
    );
  }
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <FailureNote failure={make.failure} />
            <Input
              name="key-name"
              label={said.name}
              description={said.nameDescription}
              required
              value={name}
              error={fault !== undefined}
              validationMessage={fault}
              onInput={setName}
              onChange={setName}
            />
            <Select
              name="key-role"
              label={said.role}
              value={role}
              options={(["viewer", "rep", "admin"] as const).map((value) => ({
                value,
                label: `${words.peopleTab.members.roles[value]}: ${words.peopleTab.members.rolesText[value]}`,
              }))}
              onChange={(value) => setRole(value as Role)}
            />
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <LoadingButton variant="primary" loading={make.isPending} testId="make-key" onClick={() => void submit()}>
          {said.submit}
        </LoadingButton>
      </PanelFooter>
    </>
  );
}
