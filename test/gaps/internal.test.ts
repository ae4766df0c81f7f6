/** Who is one of us, and who is no one. */
import { expect, test } from "vitest";
import { isNobody } from "../../backend/conversations/nobody.ts";
import { holdsWord } from "../../backend/gaps/gap-settings.ts";
import { isOwnAddress, ownPeople } from "../../backend/gaps/internal.ts";

test.each([
  ["fred@fireflies.ai", null],
  ["c_18@resource.calendar.google.com", "Room 3"],
  ["noreply@acme.com", null],
  ["no-reply+7@acme.com", null],
  ["bot@acme.com", null],
  ["notetaker@acme.com", null],
  ["meeting-room-2@acme.com", null],
  ["notes@otter.ai", null],
  ["x@read.ai", "Read.ai"],
  ["assistant@avoma.com", null],
  ["record@tldv.io", null],
  [null, "Fathom Notetaker"],
  [null, "Otter.ai"],
  [null, "tl;dv"],
])("%s (%s) is no one", (email, name) => {
  expect(isNobody({ email, name })).toBe(true);
});

test.each([
  ["jane@otter.ai", "Jane Doe"],
  ["grain@farm.com", "Grain Farm"],
  ["gong@acme.com", "Li Gong"],
  [null, "Li Gong"],
  [null, "Read Montague"],
  ["rooms@hotel.com", "Ann"],
  ["botha@acme.com", "Piet Botha"],
])("%s (%s) is somebody", (email, name) => {
  expect(isNobody({ email, name })).toBe(false);
});

test("our domains: configured, else the owners', else that of whoever connected; free mail is never one", () => {
  const people = { owners: ["Ann@eu.us.test", "bob@gmail.com"], connectedBy: ["eve@house.com"], aliases: [] };
  expect(ownPeople(["set.com"], people).domains).toEqual(["set.com"]);
  expect(ownPeople(["gmail.com"], people).domains).toEqual(["us.test"]);
  expect(ownPeople([], people).domains).toEqual(["us.test"]);
  expect(ownPeople([], { ...people, owners: ["bob@gmail.com"] }).domains).toEqual(["house.com"]);
});

test("below our domain is ours, beside it is not; an owner's own address always is", () => {
  const own = ownPeople([], {
    owners: ["ann@us.test", "bob@gmail.com"],
    connectedBy: [],
    aliases: ["Ann@sales.example"],
  });
  const ours = (email: string) => isOwnAddress(email, own);
  expect(["x@us.test", "x@eu.us.test", "bob@gmail.com", "ann@sales.example"].map(ours)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["x@nous.test", "x@us.test.com", "jo@gmail.com"].map(ours)).toEqual([false, false, false]);
});

test("words are whole, letter case and spacing aside, in any script", () => {
  const words = ["demo", "all hands", "1:1", "démo", "(q&a)"];
  for (const title of ["Product DEMO!", "All  Hands", "Jo 1:1 Ann", "La démo", "x (Q&A) y"])
    expect(holdsWord(title, words)).toBe(true);
  for (const title of ["Democracy", "all handsome", "11:15", "demo2", ""]) expect(holdsWord(title, words)).toBe(false);
});
