/** The skills there are, and what each is for. Pure. */
import { AppError } from "../errors.ts";
import { listFields } from "./fields.ts";

export const skillNames = [
  "deal-score",
  "account-score",
  "contact-engagement",
  "contact-enrichment",
  "data-quality-audit",
  "pipeline-coverage",
] as const;
export type SkillName = (typeof skillNames)[number];

export type SkillEntry = {
  name: SkillName;
  label: string;
  description: string;
  /** Whose records a run's scope names; null: it always looks at the whole CRM. */
  object_type: "deal" | "company" | "contact" | null;
  /** Pandora fields whose values it computes. */
  fields: string[];
};

const described: Omit<SkillEntry, "fields">[] = [
  {
    name: "deal-score",
    label: "Deal score",
    description: "Scores each deal, says what weighs against it and what to do next.",
    object_type: "deal",
  },
  {
    name: "account-score",
    label: "Account score",
    description: "Scores each company and says what has changed there; the signals are shown on its open deals too.",
    object_type: "company",
  },
  {
    name: "contact-engagement",
    label: "Contact engagement",
    description: "Counts the conversations each contact was in, and how lively they are.",
    object_type: "contact",
  },
  {
    name: "contact-enrichment",
    label: "Contact completeness",
    description: "How much is known of each contact: role, seniority, how to reach them, company.",
    object_type: "contact",
  },
  {
    name: "data-quality-audit",
    label: "Data quality audit",
    description:
      "Finds missing fields, close dates that have passed, deals with one contact, owners who left, calls without a deal.",
    object_type: null,
  },
  {
    name: "pipeline-coverage",
    label: "Pipeline coverage",
    description: "Compares each rep's open pipeline with what they win, and with the calls that have no deal.",
    object_type: null,
  },
];

export const skills: SkillEntry[] = described.map((skill) => ({
  ...skill,
  fields: listFields()
    .filter((field) => field.source_skill === skill.name)
    .map((field) => field.name),
}));

/** @throws AppError unknown_skill (422) */
export function findSkill(name: string): SkillEntry {
  const found = skills.find((skill) => skill.name === name);
  if (found) return found;
  throw new AppError("unknown_skill", {
    status: 422,
    public: `There is no skill called "${name.slice(0, 60)}".`,
    errors: [{ field: "skill", code: "unknown_skill", message: "is not a skill", allowed: [...skillNames] }],
  });
}
