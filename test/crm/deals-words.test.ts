/** Names and notes, decided without a CRM. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasReference, isOurNote, noteReference, noteText } from "../../backend/crm/note-text.ts";
import { splitName } from "../../backend/crm/person-name.ts";

describe("a name in two parts", () => {
  test.each([
    ["Ada Lovelace", "Ada", "Lovelace"],
    ["Ada  King\tLovelace ", "Ada King", "Lovelace"],
    ["Lovelace, Ada King", "Ada King", "Lovelace"],
    ["Cher", "", "Cher"],
    ["", "", ""],
    ["Müller, Jr., Hans", "Müller, Jr.,", "Hans"],
  ])("%j", (name, first, last) => expect(splitName(name)).toEqual({ first, last }));

  test("no word is lost or made up", () => {
    const word = fc.stringMatching(/^[A-Za-zÀ-ž'.-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (words) => {
        const { first, last } = splitName(words.join(" "));
        expect([first, last].filter(Boolean).join(" ")).toBe(words.join(" "));
      }),
    );
  });
});

describe("a note's text", () => {
  test("fits, and is known by its key and no other", () => {
    const key = fc.stringMatching(/^[a-z0-9:-]{1,40}$/);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), key, key, (body, own, other) => {
        const text = noteText(body, own, 200);
        expect(text.length).toBeLessThanOrEqual(200);
        expect(hasReference(text, own)).toBe(true);
        expect(isOurNote(text)).toBe(true);
        expect(text.isWellFormed() || !body.isWellFormed()).toBe(true);
        if (other !== own && !body.includes(noteReference(other))) expect(hasReference(text, other)).toBe(false);
      }),
    );
  });

  test("a person's note that speaks of Pandora is a person's", () => {
    expect(isOurNote("I looked up the Pandora reference: nothing there")).toBe(false);
  });
});
