/** The way from a filled form to a deal: checked, sent once, watched; or linked to one that is there. */
import { useState } from "react";
import { type CreateDealBody, createDeal, getCreation, type LinkBody, linkGap } from "../api/gaps.ts";
import { useApp } from "../app-context.tsx";
import type { Candidate, Creation, Gap } from "../dto.ts";
import { type Failure, failureOfProblem, fieldMessages } from "../failure.ts";
import { type Poll, useMutation, usePoll } from "../hooks.ts";
import type { FormGiven } from "./create-panel.tsx";
import { type DealDraft, draftOf, type Faults, faultsOf, requestOf } from "./deal-draft.ts";

export type CreationStep =
  | { name: "form" }
  | { name: "progress"; creation: Creation }
  | { name: "unsure"; creation: Creation }
  | { name: "done"; creation: Creation };

export type Duplicates = { candidates: Candidate[]; hidden: number };

export type DealCreation = {
  step: CreationStep;
  draft: DealDraft | null;
  change(part: Partial<DealDraft>): void;
  /** Of the fields, by the request's names: ours, then the server's. */
  faults: Record<string, string>;
  /** For the top of the form: what no field can say. */
  failure: Failure | null;
  /** The form was sent with faults. */
  isRefused: boolean;
  duplicates: Duplicates | null;
  isPending: boolean;
  linking: string | null;
  watch: Poll<Creation>;
  submit(confirmed: boolean): Promise<void>;
  link(deal: { id: string; name: string }): Promise<void>;
};

export function useDealCreation(props: {
  gapId: string;
  given: FormGiven | null;
  onMade: (creation: Creation) => void;
  onLinked: (deal: string) => void;
}): DealCreation {
  const { gapId, given, onMade, onLinked } = props;
  const { client, words } = useApp();
  const [draft, setDraft] = useState<DealDraft | null>(null);
  const [isChecked, setChecked] = useState(false);
  const [step, setStep] = useState<CreationStep>({ name: "form" });
  const [duplicates, setDuplicates] = useState<Duplicates | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  const [linking, setLinking] = useState<string | null>(null);
  const create = useMutation<CreateDealBody, Creation>((body) => createDeal(client, gapId, body));
  const linkTo = useMutation<LinkBody, Gap>((body) => linkGap(client, gapId, body));

  // Filled in once: what was typed since is the person's.
  const filled = draft ?? (given ? draftOf(given.options, given.gap) : null);
  const own: Faults = filled && given && isChecked ? faultsOf(filled, given.options, words) : {};

  const take = (creation: Creation) => {
    switch (creation.status) {
      case "in_progress":
        return setStep({ name: "progress", creation });
      case "outcome_unknown":
        return setStep({ name: "unsure", creation });
      case "failed":
      case "undone":
        setRefused(failureOf(creation));
        if (creation.error?.candidates.length) {
          setDuplicates({ candidates: creation.error.candidates, hidden: creation.error.candidates_hidden });
        }
        return setStep({ name: "form" });
      case "created":
      case "created_with_warnings":
        setStep({ name: "done", creation });
        return onMade(creation);
      default:
        return creation.status satisfies never;
    }
  };

  const watched = step.name === "progress" ? step.creation.creation_id : null;
  const watch = usePoll(
    watched,
    () => getCreation(client, watched ?? ""),
    ({ status }) => status !== "in_progress",
    take,
  );

  return {
    step,
    draft: filled,
    change: (part) => {
      if (filled) setDraft({ ...filled, ...part });
    },
    faults: { ...fieldMessages(refused), ...own },
    failure: refused ?? linkTo.failure,
    isRefused: isChecked && Object.keys(own).length > 0,
    duplicates,
    isPending: create.isPending,
    linking,
    watch,
    async submit(confirmed) {
      if (!filled || !given) return;
      setChecked(true);
      if (Object.keys(faultsOf(filled, given.options, words)).length > 0) return;
      setDraft(filled);
      setRefused(null);
      linkTo.clear();
      const body = { ...requestOf(filled, given.options), ...(confirmed ? { confirm_duplicate: true } : {}) };
      const result = await create.run(body);
      if (result.ok) return take(result.data);
      const { failure } = result;
      if (failure.code === "duplicate_suspected") {
        return setDuplicates({ candidates: failure.candidates, hidden: failure.candidatesHidden });
      }
      setRefused(failure);
    },
    async link({ id, name }) {
      setLinking(id);
      const result = await linkTo.run({ deal_crm_id: id });
      setLinking(null);
      if (result.ok) onLinked(name);
    },
  };
}

/** What a deal that came to nothing says of itself, as if the request had been refused at once. */
function failureOf({ error }: Creation): Failure {
  const errors = error?.errors ?? [];
  const { code = "unknown", message = "" } = error ?? {};
  // With fields it is the form's to mend; without, the sentence says what to do.
  const status = errors.length > 0 ? 422 : 409;
  const told = { type: "about:blank", title: "", status, code, detail: message, instance: "", errors };
  return { ...failureOfProblem(told, status), isOutcomeKnown: true };
}
