/** The state behind the editor of a mapping: what was chosen, what is wrong with it, and saving it. */
import {
  type CrmProperty,
  type CrmPropertyList,
  type Failure,
  fieldMessages,
  type Load,
  type Mapping,
  type PandoraField,
  useApp,
  useLoad,
  useMutation,
} from "@pandora/hs-shared";
import { useState } from "react";
import { changeMapping, createMapping, type Draft, listProperties, type Patch } from "../../api/mappings.ts";
import { draftOf, type Faults, faultsOf, formOf, type MappingForm, newForm, patchOf } from "../../lib/mapping-form.ts";
import { useSettings } from "../settings-context.tsx";

export type Editor = {
  /** The one being changed; null: a new one. */
  mapping: Mapping | null;
  form: MappingForm;
  set(change: Partial<MappingForm>): void;
  /** Those the object has. */
  fields: PandoraField[];
  field: PandoraField | undefined;
  properties: Load<CrmPropertyList>;
  property: CrmProperty | undefined;
  /** What is said at a field, by the API's name of it; undefined: nothing. */
  faultOf(place: string): string | undefined;
  /** What would be sent; null while something is wrong with it. */
  draft: Draft | null;
  save(options: { confirmDuplicate: boolean }): Promise<void>;
  isSaving: boolean;
  failure: Failure | null;
  asksDuplicate: boolean;
  saved: Mapping | null;
};

type Saving = { id: string | null; draft: Draft; patch: Patch; confirm_duplicate?: boolean };

export function useEditor({ mapping, fields }: { mapping: Mapping | null; fields: PandoraField[] }): Editor {
  const { client } = useApp();
  const { words, changed } = useSettings();
  const [form, setForm] = useState<MappingForm>(() => (mapping ? formOf(mapping) : newForm()));
  const [wasTried, setTried] = useState(false);
  const [refused, setRefused] = useState<{ faults: Faults; of: Draft } | null>(null);
  const [saved, setSaved] = useState<Mapping | null>(null);
  const properties = useLoad(`properties ${form.objectType}`, () => listProperties(client, form.objectType));
  const mutation = useMutation<Saving, Mapping>(({ id, draft, patch, ...rest }) =>
    id === null ? createMapping(client, { ...draft, ...rest }) : changeMapping(client, { ...patch, ...rest, id }),
  );

  const ofObject = fields.filter((field) => field.object_types.includes(form.objectType));
  const field = ofObject.find(({ name }) => name === form.field);
  const known = properties.is.state === "ready" ? properties.is.data.items : [];
  const property = known.find(({ name }) => name === form.property);
  const local = faultsOf(form, { field, property }, words);
  const draft = draftOf(form);
  const isValid = Object.keys(local).length === 0;
  const { failure } = mutation;
  const asksDuplicate = failure?.errors.some(({ code }) => code === "duplicate_mapping") ?? false;

  return {
    ...{ mapping, form, fields: ofObject, field, properties, property, failure, asksDuplicate, saved },
    set: (change) => {
      setForm((was) => ({ ...was, ...change }));
      // A question about a second mapping belongs to what was chosen then.
      if (asksDuplicate) mutation.clear();
    },
    faultOf: (place) => {
      const mine = wasTried || place.includes(".") || place === "value_transform" ? local[place] : undefined;
      return mine ?? standing(refused, draft, place);
    },
    draft: isValid ? draft : null,
    isSaving: mutation.isPending,
    save: async ({ confirmDuplicate }) => {
      setTried(true);
      if (!isValid) return;
      const result = await mutation.run({
        ...{ id: mapping?.id ?? null, draft, patch: patchOf(form) },
        ...(confirmDuplicate ? { confirm_duplicate: true } : {}),
      });
      if (!result.ok) return setRefused({ faults: inOurWords(result.failure, words.editor.faults), of: draft });
      setSaved(result.data);
      changed("mappings");
    },
  };
}

/** What the server said of a field stands until the field is changed. */
function standing(refused: { faults: Faults; of: Draft } | null, now: Draft, place: string): string | undefined {
  const fault = refused?.faults[place];
  if (!refused || !fault) return undefined;
  const name = place.split(".")[0] as keyof Draft;
  return JSON.stringify(refused.of[name]) === JSON.stringify(now[name]) ? fault : undefined;
}

/** The server's sentences, but ours where its would name ids and settings by their technical names. */
function inOurWords(failure: Failure, ours: Record<string, string>): Faults {
  const said = fieldMessages(failure);
  for (const { field, code } of failure.errors) {
    const better = ours[code];
    if (better) said[field] = better;
  }
  return said;
}
