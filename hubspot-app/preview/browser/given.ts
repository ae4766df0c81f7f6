/** What the server hands the page. */
import type { Person, PreviewExample, PreviewObject, PreviewRecord } from "../server.ts";

export type { Person, PreviewExample, PreviewObject, PreviewRecord };

export type Given = {
  base: string;
  publicUrl: string;
  portalId: string;
  appId: string;
  timeZone: string;
  people: Person[];
};

export const given: Given = JSON.parse(document.getElementById("given")?.textContent ?? "{}");

const personKey = "pandora-preview-person";

/** Who sits at the screen: kept for this tab, so that links between records keep it. */
export function chosenPerson(): Person {
  const asked = new URLSearchParams(location.search).get("as") ?? sessionStorage.getItem(personKey);
  const person = given.people.find(({ role }) => role === asked) ?? given.people[0];
  if (!person) throw new Error("The preview knows no person.");
  sessionStorage.setItem(personKey, person.role);
  return person;
}

export function choosePerson(role: string): void {
  sessionStorage.setItem(personKey, role);
  const url = new URL(location.href);
  url.searchParams.delete("as");
  location.href = url.href;
}

export async function readData<T>(path: string): Promise<T | null> {
  const answer = await fetch(`${given.base}/data/${path}`);
  return answer.ok ? ((await answer.json()) as T) : null;
}
