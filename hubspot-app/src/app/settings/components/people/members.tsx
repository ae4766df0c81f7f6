/** Members and their roles. The last admin stays: the server sees to that, and says so. */
import {
  Button,
  Dropdown,
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
  FailureNote,
  fieldMessages,
  type Member,
  type Once,
  type Role,
  StateView,
  useApp,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { addMember, changeMember, listMembers, removeMember } from "../../api/workspace.ts";
import { isEmail } from "../../lib/lists.ts";
import { useAct } from "../parts/act.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { LazyPanel } from "../parts/lazy-panel.tsx";
import { Section } from "../parts/section.tsx";
import { useSettings, useTopicLoad } from "../settings-context.tsx";

const roles: Role[] = ["admin", "rep", "viewer"];

export function MembersSection() {
  const { client } = useApp();
  const { words } = useSettings();
  const said = words.peopleTab.members;
  const load = useTopicLoad(["members"], "members", () => listMembers(client));
  return (
    <Section
      title={said.title}
      text={said.text}
      action={
        <Button
          testId="add-member"
          overlay={
            <LazyPanel id="add-member" title={said.addTitle} width="sm">
              {() => <AddMember />}
            </LazyPanel>
          }
        >
          {said.add}
        </Button>
      }
    >
      <StateView load={load}>
        {({ items }) => (
          <Table bordered density="condensed">
            <TableHead>
              <TableRow>
                <TableHeader width="auto">{said.columns.person}</TableHeader>
                <TableHeader>{said.columns.role}</TableHeader>
                <TableHeader>{said.columns.source}</TableHeader>
                <TableHeader>{said.columns.actions}</TableHeader>
              </TableRow>
            </TableHead>
            <TableBody>
              {items.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  isLastAdmin={member.role === "admin" && items.filter(({ role }) => role === "admin").length === 1}
                />
              ))}
            </TableBody>
          </Table>
        )}
      </StateView>
    </Section>
  );
}

function MemberRow({ member, isLastAdmin }: { member: Member; isLastAdmin: boolean }) {
  const { client } = useApp();
  const { words, changed, session } = useSettings();
  const said = words.peopleTab.members;
  const name = member.name || member.email;
  const isMe = member.id === session.user.id;
  const change = useAct({
    send: (body: Once & { id: string; role: Role }) => changeMember(client, body),
    done: (now: Member) => said.changed(now.name || now.email, said.roles[now.role]),
    onDone: () => changed("members", ...(isMe ? (["connection"] as const) : [])),
  });
  const source = said.sources[member.role_source as "install" | "crm"] ?? said.sources.chosen;
  return (
    <TableRow>
      <TableCell>
        <Text format={{ fontWeight: "demibold" }}>{isMe ? `${name} (${said.you})` : name}</Text>
        {member.name ? <Text variant="microcopy">{member.email}</Text> : null}
      </TableCell>
      <TableCell>
        {isLastAdmin ? (
          <>
            <Text>{said.roles[member.role]}</Text>
            <Text variant="microcopy">{said.lastAdmin}</Text>
          </>
        ) : (
          <Dropdown
            buttonText={said.roles[member.role]}
            buttonSize="xs"
            variant="secondary"
            disabled={change.isPending}
            testId={`role-${member.id}`}
          >
            {roles
              .filter((role) => role !== member.role)
              .map((role) => (
                <Dropdown.ButtonItem key={role} onClick={() => void change.press({ id: member.id, role })}>
                  {said.make(name, said.roles[role])}
                </Dropdown.ButtonItem>
              ))}
          </Dropdown>
        )}
      </TableCell>
      <TableCell>{source}</TableCell>
      <TableCell>
        {isLastAdmin ? (
          " "
        ) : (
          <Button
            size="xs"
            variant="transparent"
            testId={`remove-${member.id}`}
            overlay={
              <Confirm
                id={`remove-member-${member.id}`}
                title={said.removeTitle(name)}
                text={said.removeText}
                confirm={said.remove}
                isDangerous
                send={(body: Once & { id: string }) => removeMember(client, body)}
                body={{ id: member.id }}
                done={said.removed(name)}
                onDone={() => changed("members")}
              />
            }
          >
            {said.remove}
          </Button>
        )}
      </TableCell>
    </TableRow>
  );
}

function AddMember() {
  const { client, host } = useApp();
  const { words, changed } = useSettings();
  const said = words.peopleTab.members;
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("rep");
  const [wasTried, setTried] = useState(false);
  const add = useMutation<{ email: string; name: string; role: Role }, Member>((body) => addMember(client, body));
  const local: Record<string, string> = {
    ...(isEmail(email) ? {} : { email: said.emailFault }),
    ...(name.length > 200 ? { name: words.tooLong(200) } : {}),
  };
  const server = fieldMessages(add.failure);
  const at = (place: string) => {
    const message = (wasTried ? local[place] : undefined) ?? server[place];
    return { error: message !== undefined, validationMessage: message };
  };
  const submit = async () => {
    setTried(true);
    if (Object.keys(local).length > 0) return;
    const result = await add.run({ email: email.trim(), name: name.trim(), role });
    if (!result.ok) return;
    changed("members");
    host.closeOverlay("add-member");
    host.tell("success", said.added(result.data.name || result.data.email));
  };
  return (
    <>
      <PanelBody>
        <PanelSection>
          <Flex direction="column" gap="md">
            <FailureNote failure={add.failure} />
            <Input
              name="member-email"
              label={said.email}
              required
              value={email}
              {...at("email")}
              onInput={setEmail}
              onChange={setEmail}
            />
            <Input
              name="member-name"
              label={said.name}
              value={name}
              {...at("name")}
              onInput={setName}
              onChange={setName}
            />
            <Select
              name="member-role"
              label={said.columns.role}
              value={role}
              options={roles.map((value) => ({ value, label: `${said.roles[value]}: ${said.rolesText[value]}` }))}
              {...at("role")}
              onChange={(value) => setRole(value as Role)}
            />
          </Flex>
        </PanelSection>
      </PanelBody>
      <PanelFooter>
        <LoadingButton variant="primary" loading={add.isPending} testId="save-member" onClick={() => void submit()}>
          {said.submit}
        </LoadingButton>
      </PanelFooter>
    </>
  );
}
