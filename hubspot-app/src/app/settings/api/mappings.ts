/** Mappings, what can be mapped to what, and trying it out. */
import type {
  Client,
  CrmProperty,
  CrmPropertyList,
  ListOf,
  Mapping,
  MappingDraftInput,
  ObjectType,
  Once,
  PandoraField,
  Run,
  Template,
  TemplateApplied,
  TryResult,
} from "@pandora/hs-shared";
import { crm } from "./connections.ts";

const place = "crm-writeback/mappings";

export function listMappings(client: Client) {
  return client.get<ListOf<Mapping>>(place, { crm });
}

export function listFields(client: Client) {
  return client.get<ListOf<PandoraField>>("crm-writeback/fields");
}

export function listProperties(client: Client, objectType: ObjectType, refresh = false) {
  return client.get<CrmPropertyList>("crm-writeback/crm-properties", { objectType, crm, refresh: refresh ? 1 : null });
}

export type PropertyDraft = {
  object_type: ObjectType;
  name: string;
  label: string;
  type: string;
  description?: string;
  options?: { value: string; label: string }[];
};

export function createProperty(client: Client, body: Once & PropertyDraft) {
  return client.send<CrmProperty>("POST", "crm-writeback/crm-properties", { ...body, crm });
}

/** As the editor sends it: the CRM is always this one. */
export type Draft = Omit<MappingDraftInput, "request_id" | "crm_type">;

export function createMapping(client: Client, body: Once & Draft) {
  return client.send<Mapping>("POST", place, { ...body, crm_type: crm });
}

export type Patch = Partial<Omit<Draft, "pandora_field" | "crm_object_type">>;

export function changeMapping(client: Client, { id, ...body }: Once & Patch & { id: string }) {
  return client.send<Mapping>("PATCH", `${place}/${id}`, body);
}

export function deleteMapping(client: Client, { id, request_id }: Once & { id: string }) {
  return client.remove<{ deleted: true }>(`${place}/${id}`, { request_id });
}

export function adoptMapping(client: Client, { id, ...body }: Once & { id: string }) {
  return client.send<Run>("POST", `${place}/${id}/adopt`, body);
}

export type Trial = { id: string; crm_record_id: string | null; write: boolean };

export function testMapping(client: Client, { id, ...body }: Once & Trial) {
  return client.send<TryResult>("POST", `${place}/${id}/test`, body);
}

export function previewMapping(client: Client, body: Once & { mapping: Draft; crm_record_id: string | null }) {
  return client.send<TryResult>("POST", "crm-writeback/preview", {
    ...body,
    mapping: { ...body.mapping, crm_type: crm },
  });
}

export function listTemplates(client: Client) {
  return client.get<ListOf<Template>>("crm-writeback/templates", { crm });
}

export function applyTemplate(client: Client, { key, ...body }: Once & { key: string }) {
  return client.send<TemplateApplied>("POST", `crm-writeback/templates/${key}/apply`, { ...body, crm });
}
