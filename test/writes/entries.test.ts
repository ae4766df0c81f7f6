import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asPropertyText, canonical, isBlank } from "../../backend/crm/compatible.ts";
import type { PropertyType } from "../../backend/crm/port.ts";
import { appendEntry, countEntry, removeEntry, separatorIn } from "../../backend/writes/entries.ts";
import type { Entry } from "../../backend/writes/planned.ts";

type TextType = Extract<PropertyType, "text" | "textarea" | "rich_text">;
const sep = "\n---\n";

const formOf = (value: string | null, type: TextType) => canonical(value, { type, scale: null });
/** An entry as planWrite makes one. */
const entryOf = (value: string, type: TextType = "textarea", version = 1): Entry => ({
  ...{ value, version, text: formOf(asPropertyText(value, type), type) ?? "" },
});

function append(
  current: string | null,
  value: string,
  given: { ours?: Entry[]; separator?: string; type?: TextType; max?: number; length?: number } = {},
) {
  const { ours = [], separator = sep, type = "textarea" } = given;
  return appendEntry({
    ...{ current, ours, separator, type, entry: entryOf(value, type, ours.length + 1) },
    ...{ maxEntries: given.max ?? null, lengthMax: given.length ?? null },
  });
}

type Appended = NonNullable<ReturnType<typeof append>>;

const type = fc.constantFrom<TextType>("text", "textarea", "rich_text");
const separator = fc.oneof(
  fc.constantFrom(sep, "\n", " | ", "; ", "---", "<br>", "\r\n", "\u00a0", "&nbsp;", '"', "  \n  ", "aa", "a", " "),
  fc.string({ minLength: 1, maxLength: 5 }),
);
/** People's text: anything, and often pieces of separators and of markup. */
const human = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\n",
        "---",
        "-",
        " ",
        "\n---",
        "\n---\n",
        "a",
        "aa",
        " | ",
        ";",
        "<br>",
        "<p>",
        "</p>",
        "&nbsp;",
        "\u00a0",
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));
const value = human.filter((text) => text.trim() !== "" && text.replaceAll("\u00a0", " ").trim() !== "");

describe("appending and removing", () => {
  test("an entry stands below, and goes again with its separator", () => {
    const appended = append("typed by Ben", "Call Ann")!;
    expect(appended.result).toBe("typed by Ben\n---\nCall Ann");
    expect(removeEntry(appended.result, "Call Ann", sep, "textarea")).toBe("typed by Ben");
  });
  test("removing the only entry leaves nothing", () => expect(removeEntry("a", "a", sep, "textarea")).toBe(""));
  test("removing from the top takes the separator below along", () =>
    expect(removeEntry("a\n---\nBen", "a", sep, "textarea")).toBe("Ben"));
  test("removing from the middle leaves one separator", () =>
    expect(removeEntry("Ben\n---\na\n---\nEve", "a", sep, "textarea")).toBe("Ben\n---\nEve"));
  test("of two equal entries the newer one goes", () =>
    expect(removeEntry("a\n---\nBen\n---\na", "a", sep, "textarea")).toBe("a\n---\nBen"));
  test("an edited entry does not stand any more", () => {
    expect(removeEntry("a, says Ben", "a", sep, "textarea")).toBeNull();
    expect(removeEntry("Ben: a\n---\nb", "a", sep, "textarea")).toBeNull();
    expect(removeEntry(null, "a", sep, "textarea")).toBeNull();
  });
  test("blank lines a person put around it do not make it theirs", () =>
    expect(removeEntry("Ben\n---\n\n a \n\n---\nEve", "a", sep, "textarea")).toBe("Ben\n---\nEve"));
  test("an entry that holds the separator is one entry", () => {
    const { result } = append("Ben", "one\n---\ntwo")!;
    expect(countEntry(result, "one\n---\ntwo", sep, "textarea")).toBe(1);
    expect(removeEntry(result, "one\n---\ntwo", sep, "textarea")).toBe("Ben");
  });
  test("a text that ends like half a separator hides nothing", () => {
    // A person deleted an entry and left the line above it.
    const { result } = append("Ben\n---", "Call Ann")!;
    expect(result).toBe("Ben\n---\n---\nCall Ann");
    expect(countEntry(result, "Call Ann", sep, "textarea")).toBe(1);
    expect(removeEntry(result, "Call Ann", sep, "textarea")).toBe("Ben\n---");
  });
  test("a no-break space in a separator is a space in rich text", () => {
    const { result } = append("Ben", "a", { separator: "\u00a0|\u00a0", type: "rich_text" })!;
    const stored = `<p>${result.replaceAll(" ", "&nbsp;")}</p>`;
    expect(countEntry(stored, "a", "\u00a0|\u00a0", "rich_text")).toBe(1);
  });

  test("append then remove restores any human text, under any separator", () =>
    fc.assert(
      fc.property(human, value, separator, type, (before, added, between, into) => {
        const appended = append(before, added, { separator: between, type: into })!;
        const { text } = appended.entries[0]!;
        expect(formOf(removeEntry(appended.result, text, between, into), into)).toBe(formOf(before, into));
      }),
      { numRuns: 1000 },
    ));
  test("an appended entry stands once more than before", () =>
    fc.assert(
      fc.property(human, value, separator, type, (before, added, between, into) => {
        const { result, entries } = append(before, added, { separator: between, type: into })!;
        const count = (text: string | null) => countEntry(text, entries[0]!.text, between, into);
        expect(count(result)).toBeGreaterThan(count(before));
      }),
      { numRuns: 1000 },
    ));
  test("what is written is its own canonical form", () =>
    fc.assert(
      fc.property(
        human,
        fc.array(value, { minLength: 1, maxLength: 4 }),
        separator,
        type,
        (before, added, between, into) => {
          let current: string | null = before;
          let ours: Entry[] = [];
          for (const each of added) {
            const { result, entries }: Appended = append(current, each, { ours, separator: between, type: into })!;
            expect(formOf(result, into)).toBe(result);
            [current, ours] = [result, entries];
          }
        },
      ),
      { numRuns: 500 },
    ));
});

describe("trimming", () => {
  /** Segments nobody could take for ours: ours are capitals. */
  const persons = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 4 });
  const history = fc.array(fc.oneof(fc.constant("append" as const), fc.stringMatching(/^[a-z]{1,8}$/)), {
    maxLength: 12,
  });

  test("keeps the newest of ours and every segment of people's, in their order", () =>
    fc.assert(
      fc.property(persons, history, fc.integer({ min: 1, max: 4 }), type, (start, steps, max, into) => {
        const cut = separatorIn(sep, into);
        // Copies: what the generator hands out is not ours to change.
        const people = [...start];
        let segments = [...start];
        let ours: Entry[] = [];
        let made = 0;
        for (const step of steps) {
          if (step === "append") {
            made += 1;
            const appended = append(segments.join(cut), `ENTRY ${made}`, { ours, max, type: into })!;
            segments = appended.result.split(cut);
            ours = appended.entries;
          } else {
            segments.push(step);
            people.push(step);
          }
        }
        expect(segments.filter((each) => !each.startsWith("ENTRY"))).toEqual(people);
        const newest = Array.from({ length: made }, (_, n) => `ENTRY ${n + 1}`).slice(-max);
        expect(segments.filter((each) => each.startsWith("ENTRY"))).toEqual(newest);
        expect(ours.map((entry) => entry.value)).toEqual(newest);
      }),
    ));
  test("never exceeds the length, and gives up rather than touch people's text", () =>
    fc.assert(
      fc.property(
        persons,
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        (start, added, length) => {
          let current = start.join(sep);
          let ours: Entry[] = [];
          for (const each of added) {
            const appended = append(current, each, { ours, length });
            if (appended === null) {
              const alone = [...start, entryOf(each).text].join(sep);
              expect(alone.length).toBeGreaterThan(length);
              continue;
            }
            expect(appended.result.length).toBeLessThanOrEqual(length);
            for (const segment of start) expect(appended.result.split(sep)).toContain(segment);
            [current, ours] = [appended.result, appended.entries];
          }
        },
      ),
    ));
  test("an entry that was edited is never trimmed again", () => {
    const ours = [entryOf("a"), entryOf("b", "textarea", 2)];
    const appended = append("a (Ben: done)\n---\nb", "c", { ours, max: 1 })!;
    expect(appended.result).toBe("a (Ben: done)\n---\nc");
    expect(appended.entries.map((entry) => entry.value)).toEqual(["c"]);
  });
  test("an entry that a person copied is taken out once", () => {
    const ours = [entryOf("a")];
    expect(append("a\n---\nBen\n---\na", "b", { ours, max: 1 })!.result).toBe("Ben\n---\na\n---\nb");
  });
});

describe("counting", () => {
  test.each([
    [null, 0],
    ["a", 1],
    ["a\n---\na", 2],
    ["a\n---\nBen\n---\na\n---\na", 3],
    ["aa\n---\nBen a", 0],
    ["Ben\n---\n---\na", 1],
  ])("in %j it is %d", (text, count) => expect(countEntry(text, "a", sep, "textarea")).toBe(count));
  test("entries of several segments do not overlap themselves", () =>
    expect(countEntry("x|x|x", "x|x", "|", "text")).toBe(1));
  test("as often as it was put there", () =>
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 8 }), (words) => {
        const text = words.join(sep);
        for (const word of new Set(words))
          expect(countEntry(text, word, sep, "textarea")).toBe(words.filter((each) => each === word).length);
      }),
    ));
});

test("blank people's text is no segment", () =>
  fc.assert(
    fc.property(fc.constantFrom("", " ", "\n", "<p> </p>", "<br>"), type, (blank, into) => {
      fc.pre(isBlank(blank, into));
      expect(append(blank, "a", { type: into })!.result).toBe("a");
    }),
  ));
