/** The note on a deal made from a conversation. */
import type { NoteDraft } from "../deal-port.ts";
import { escapeHtml, htmlToText, textToHtml } from "../markup.ts";
import { hasReference, isOurNote, noteText } from "../note-text.ts";
import type { HubSpotClient } from "./client.ts";
import { create } from "./deals-create.ts";
import { linkedIds, newest, readRecords } from "./deals-find.ts";
import { linkTo, linkTypes } from "./deals-wire.ts";

/** A note's body takes 65,536 characters of markup, and an escaped character takes up to six. */
const bodyMax = 10_000;

export async function addNote(client: HubSpotClient, draft: NoteDraft): Promise<{ id: string }> {
  const title = escapeHtml(draft.title.slice(0, 500));
  const properties = {
    hs_timestamp: draft.at,
    hs_note_body: `<p><strong>${title}</strong></p><p>${textToHtml(noteText(draft.body, draft.key, bodyMax))}</p>`,
  };
  const links = [
    linkTo(draft.dealId, linkTypes.noteToDeal),
    ...(draft.companyId ? [linkTo(draft.companyId, linkTypes.noteToCompany)] : []),
    ...draft.contactIds.map((id) => linkTo(id, linkTypes.noteToContact)),
  ];
  return create(client, "notes", properties, links);
}

export async function noteByKey(
  client: HubSpotClient,
  of: { dealId: string; key: string },
): Promise<{ id: string } | null> {
  const found = (await notesOf(client, of.dealId)).find((note) => hasReference(note.text, of.key));
  return found ? { id: found.id } : null;
}

/** Notes on a deal that other people wrote, the hundred newest looked at. */
export async function hasForeignNote(client: HubSpotClient, dealId: string): Promise<boolean> {
  return (await notesOf(client, dealId)).some((note) => !isOurNote(note.text));
}

async function notesOf(client: HubSpotClient, dealId: string): Promise<{ id: string; text: string }[]> {
  const ids = await linkedIds(client, "deals", dealId, "notes");
  if (ids.length === 0) return [];
  const notes = await readRecords(client, "notes", newest(ids), ["hs_note_body"]);
  return notes.map(({ id, properties }) => ({ id, text: htmlToText(properties["hs_note_body"] ?? "") }));
}
