/** Connects a source or changes one: each tool has its own fields. */
import {
  Alert,
  Flex,
  Input,
  LoadingButton,
  PanelBody,
  PanelFooter,
  PanelSection,
  Select,
  Text,
} from "@hubspot/ui-extensions";
import {
  FailureNote,
  fieldMessages,
  type SecretName,
  type Source,
  type SourceCreated,
  type SourceKind,
  useApp,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { changeSource, createSource, type SourceDraft } from "../../api/workspace.ts";
import { useSettings } from "../settings-context.tsx";
import { SourceConnected } from "./source-connected.tsx";

/** What each tool is asked for; the server says which of them it needs. */
const secretsOf: Record<SourceKind, SecretName[]> = {
  gong: ["access_key", "access_key_secret", "public_key"],
  fireflies: ["api_key", "hook_secret"],
  zoom: ["hook_secret", "account_id", "client_id", "client_secret"],
  hubspot: [],
  salesforce: [],
  generic: [],
};
const kinds: SourceKind[] = ["gong", "fireflies", "zoom", "hubspot", "salesforce", "generic"];
/** These say which account it is; the others are secrets and never shown. */
const plain: SecretName[] = ["account_id", "client_id", "access_key"];

export function SourceForm({ panelId, source }: { panelId: string; source: Source | null }) {
  const { client, host } = useApp();
  const { words, changed, session } = useSettings();
  const said = words.conversations.sources;
  const [kind, setKind] = useState<SourceKind>(source?.kind ?? "gong");
  const [name, setName] = useState(source?.name ?? "");
  const [baseUrl, setBaseUrl] = useState(source?.settings.base_url ?? "");
  const [secrets, setSecrets] = useState<Partial<Record<SecretName, string>>>({});
  const [wasTried, setTried] = useState(false);
  const [created, setCreated] = useState<SourceCreated | null>(null);
  const save = useMutation<{ id: string | null; draft: SourceDraft }, Source | SourceCreated>(
    ({ id, draft, request_id }) => {
      const { kind: _kind, ...rest } = draft;
      return id === null
        ? createSource(client, { ...draft, request_id })
        : changeSource(client, { ...rest, id, request_id });
    },
  );
  if (created) return <SourceConnected panelId={panelId} source={created} />;

  const asked = secretsOf[kind];
  const local = faults({ kind, name, baseUrl, secrets }, words);
  const server = fieldMessages(save.failure);
  const at = (place: string) => {
    const message = (wasTried ? local[place] : undefined) ?? server[place];
    return { error: message !== undefined, validationMessage: message };
  };
  const offered = kinds.filter(
    (one) => one !== "salesforce" || session.connections.some(({ crm }) => crm === "salesforce"),
  );
  const submit = async () => {
    setTried(true);
    if (Object.keys(local).length > 0) return;
    const given = asked.flatMap((secret) =>
      secrets[secret]?.trim() ? [[secret, secrets[secret].trim()] as const] : [],
    );
    const draft: SourceDraft = {
      kind,
      ...(name.trim() ? { name: name.trim() } : {}),
      ...(given.length > 0 ? { secrets: Object.fromEntries(given) } : {}),
      ...(kind === "gong" && baseUrl.trim() ? { settings: { base_url: baseUrl.trim() } } : {}),
    };
    const result = await save.run({ id: source?.id ?? null, draft });
    if (!result.ok) return;
    changed("sources");
    if (!source) return setCreated(result.data as SourceCreated);
    host.closeOverlay(panelId);
    host.tell("success", words.saved);
  };
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <FailureNote failure={save.failure} />
            <Select
              name="source-kind"
              label={said.kind}
              value={kind}
              readOnly={source !== null}
              options={offered.map((value) => ({ value, label: said.kinds[value] }))}
              {...at("kind")}
              onChange={(value) => {
                setKind(value as SourceKind);
                save.clear();
              }}
            />
            <Text variant="microcopy">{said.kindHelp[kind]}</Text>
            <Input
              name="source-name"
              label={said.name}
              description={said.nameDescription}
              value={name}
              {...at("name")}
              onInput={setName}
              onChange={setName}
            />
            {kind === "gong" ? (
              <Input
                name="source-base-url"
                label={said.baseUrl}
                description={said.baseUrlDescription}
                value={baseUrl}
                {...at("settings.base_url")}
                onInput={setBaseUrl}
                onChange={setBaseUrl}
              />
            ) : null}
            {asked.map((secret) => (
              <Input
                key={`${kind}-${secret}`}
                name={`source-${secret}`}
                label={said.secrets[secret]}
                type={plain.includes(secret) ? "text" : "password"}
                description={source?.secrets_set.includes(secret) ? said.secretKept : undefined}
                value={secrets[secret] ?? ""}
                {...at(`secrets.${secret}`)}
                onInput={(value) => setSecrets((was) => ({ ...was, [secret]: value }))}
                onChange={(value) => setSecrets((was) => ({ ...was, [secret]: value }))}
              />
            ))}
            {server["secrets"] ? <Alert title={server["secrets"]} variant="warning" /> : null}
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <LoadingButton variant="primary" loading={save.isPending} testId="save-source" onClick={() => void submit()}>
          {source ? said.change : said.submit}
        </LoadingButton>
      </PanelFooter>
    </>
  );
}

type Typed = { kind: SourceKind; name: string; baseUrl: string; secrets: Partial<Record<SecretName, string>> };

function faults(typed: Typed, words: ReturnType<typeof useSettings>["words"]): Record<string, string> {
  const said = words.conversations.sources;
  const bad: Record<string, string> = {};
  if (typed.name.trim().length > 100) bad["name"] = words.tooLong(100);
  if (typed.kind === "gong" && typed.baseUrl.trim() && !/^https:\/\/[^\s]+$/.test(typed.baseUrl.trim())) {
    bad["settings.base_url"] = said.baseUrlFault;
  }
  for (const secret of secretsOf[typed.kind]) {
    const value = typed.secrets[secret]?.trim() ?? "";
    if (!/^[\x20-\x7e\r\n]*$/.test(value)) bad[`secrets.${secret}`] = said.secretFault;
    if (value.length > 5000) bad[`secrets.${secret}`] = words.tooLong(5000);
  }
  return bad;
}
