/** Fireflies' GraphQL API. Source: docs.fireflies.ai, read 2026-11-22. */
import { z } from "zod";
import { firefliesFields } from "./fireflies.ts";
import { callVendor, jsonOf, SourceFault, type SourceHouse, vendorUrls } from "./vendor-http.ts";

export const firefliesPageSize = 50;

export function firefliesClient(house: SourceHouse, apiKey: string) {
  const ask = async (what: string, query: string, variables: object): Promise<Record<string, unknown>> => {
    const request = {
      ...{ vendor: "Fireflies", what, url: `${vendorUrls(house).fireflies}/graphql`, method: "POST" as const },
      headers: { authorization: `Bearer ${apiKey}` },
      body: { query, variables },
    };
    const answer = await callVendor(house, request);
    if (answer.status === 401 || answer.status === 403) throw keyRefused();
    const told = reply.safeParse(jsonOf(request, answer));
    if (!told.success)
      throw new SourceFault("rejected", `Fireflies did not take our question for the ${what} (${answer.status}).`);
    // Errors come with status 200 too.
    const first = told.data.errors?.[0];
    if (first) throw faultOf(what, first);
    return told.data.data ?? {};
  };
  return {
    /** Newest first; the window must stay the same from page to page. */
    async transcripts(window: { from: string; to: string }, skip: number): Promise<unknown[]> {
      const query = `query Page($limit: Int, $skip: Int, $fromDate: DateTime, $toDate: DateTime) {
        transcripts(limit: $limit, skip: $skip, fromDate: $fromDate, toDate: $toDate) { ${firefliesFields} } }`;
      const variables = { limit: firefliesPageSize, skip, fromDate: window.from, toDate: window.to };
      const { transcripts } = await ask("meetings", query, variables);
      return Array.isArray(transcripts) ? transcripts : [];
    },
    /** @throws SourceFault not_found */
    async transcript(id: string): Promise<unknown> {
      const query = `query One($id: String!) { transcript(id: $id) { ${firefliesFields} } }`;
      const { transcript } = await ask("meeting", query, { id });
      if (!transcript) throw notFound();
      return transcript;
    },
    /** The cheapest question there is. */
    async user(): Promise<void> {
      await ask("account", "query Me { user { user_id } }", {});
    },
  };
}

function faultOf(
  what: string,
  error: { message?: string | null; code?: string | null; extensions?: unknown },
): SourceFault {
  const code = error.code ?? "";
  if (/not_found/i.test(code)) return notFound();
  if (/auth|forbidden|unauthor|permission/i.test(code)) return keyRefused();
  if (/too_many|rate|limit/i.test(code)) {
    return new SourceFault("busy", "Fireflies asks us to slow down. We ask again later.", 3_600_000);
  }
  // Their message may quote our question; the code alone says enough.
  return new SourceFault(
    "rejected",
    `Fireflies did not take our question for the ${what} (${code.slice(0, 60) || "no code"}).`,
  );
}

function keyRefused(): SourceFault {
  return new SourceFault(
    "key_refused",
    "Fireflies refuses the API key. Enter a new one, from Settings → Developer settings.",
  );
}

function notFound(): SourceFault {
  return new SourceFault("not_found", "Fireflies does not know this meeting (yet).");
}

const reply = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(z.object({ message: z.string().nullish(), code: z.string().nullish(), extensions: z.unknown().optional() }))
    .nullish(),
});
