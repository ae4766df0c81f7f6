/** Any endpoint that speaks OpenAI's chat completions. */
import { z } from "zod";
import { faultOf, type Llm, type Model, outputMax, type Reply } from "./model.ts";
import type { Prompt } from "./prompt.ts";

/** What we read of the answer; compatible servers leave things out. */
const completion = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish().catch(null),
});

/**
 * Ways to ask for JSON. Strict schemas are understood by OpenAI and most servers for local models, `json_object` by older
 * ones, and some take neither; the name of the length limit goes with the age of the server.
 * Source: OpenAI's chat completions reference, structured outputs (the prompt itself has to say "JSON" for json_object).
 */
const ways: ((prompt: Prompt) => object)[] = [
  ({ schema }) => ({
    max_completion_tokens: outputMax,
    response_format: { type: "json_schema", json_schema: { name: "texts", strict: true, schema } },
  }),
  () => ({ max_tokens: outputMax, response_format: { type: "json_object" } }),
  () => ({ max_tokens: outputMax }),
];

export async function openAiModel(llm: Llm): Promise<Model> {
  const sdk = await import("openai");
  const client = new sdk.OpenAI({
    apiKey: llm.apiKey,
    baseURL: llm.baseUrl ?? "https://api.openai.com/v1",
    // Retries and time are ours to count; its own log could carry the request.
    ...{ maxRetries: 0, logLevel: "off", adminAPIKey: null, organization: null, project: null },
  });
  return {
    ways: ways.length,
    async ask(prompt, way, { signal, clock }) {
      const body = {
        model: llm.model,
        messages: [
          { role: "system" as const, content: prompt.system },
          { role: "user" as const, content: prompt.user },
        ],
        ...ways[way]!(prompt),
      };
      try {
        return replyOf(await client.chat.completions.create(body, { signal }));
      } catch (error) {
        return faultOf(error, sdk, clock.now());
      }
    },
  };
}

function replyOf(answer: unknown): Reply {
  const parsed = completion.safeParse(answer);
  if (!parsed.success) return { ok: false, why: "not_json", retryAfterMs: null, usage: null };
  const { choices, usage: counted } = parsed.data;
  const { message, finish_reason } = choices[0]!;
  const usage = counted ? { input: counted.prompt_tokens, output: counted.completion_tokens } : null;
  if (message.refusal || finish_reason === "content_filter") {
    return { ok: false, why: "refused", retryAfterMs: null, usage };
  }
  if (finish_reason === "length") return { ok: false, why: "cut_short", retryAfterMs: null, usage };
  return { ok: true, content: message.content ?? "", usage };
}
