/** Fireflies over real HTTP: its GraphQL endpoint, errors with status 200 included, and its signed ping. */
import { createHmac } from "node:crypto";
import { type Reply, startVendor } from "./vendor-server.ts";

type Transcript = Record<string, unknown> & { id: string; date: number };

export function firefliesTranscript(id: string, more: object = {}): Transcript {
  return {
    ...{ id, title: "Intro with Customer", date: Date.UTC(2026, 10, 16, 9), duration: 31.25 },
    ...{
      organizer_email: "ada@ours.test",
      host_email: null,
      calendar_id: "event-1",
      transcript_url: `https://app.fireflies.test/${id}`,
    },
    participants: ["ada@ours.test", "bob@customer.test,fred@fireflies.ai"],
    meeting_attendees: [{ displayName: "Bob", email: "Bob@customer.test", name: null, phoneNumber: null }],
    sentences: [{ speaker_name: "Bob", text: "We like it." }],
    summary: { overview: "Bob liked the demo.", action_items: "Send the offer." },
    meeting_info: { silent_meeting: false, summary_status: "processed" },
    ...more,
  };
}

export async function startFireflies() {
  const state = { apiKey: "key-of-fireflies", transcripts: [] as Transcript[] };
  const failed = (code: string): Reply => ({
    json: { data: null, errors: [{ message: `${code}: secret detail`, code }] },
  });
  const vendor = await startVendor((request): Reply => {
    if (request.headers.authorization !== `Bearer ${state.apiKey}`) return failed("auth_failed");
    const { query, variables } = request.json as { query: string; variables: Record<string, unknown> };
    if (query.includes("user {")) return { json: { data: { user: { user_id: "u1" } } } };
    if (query.includes("transcript(")) {
      const found = state.transcripts.find(({ id }) => id === variables["id"]);
      return found ? { json: { data: { transcript: found } } } : failed("object_not_found");
    }
    const { limit, skip, fromDate, toDate } = variables as {
      limit: number;
      skip: number;
      fromDate: string;
      toDate: string;
    };
    const inside = state.transcripts
      .filter(({ date }) => date >= Date.parse(fromDate) && date <= Date.parse(toDate))
      .sort((one, two) => two.date - one.date);
    return limit > 50
      ? failed("invalid_arguments")
      : { json: { data: { transcripts: inside.slice(skip, skip + limit) } } };
  });
  return Object.assign(vendor, { state });
}

export function firefliesSignature(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
