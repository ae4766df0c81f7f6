/** Anthropic's messages, the answer taken from a tool call. */
import { z } from "zod";
import { faultOf, type Llm, type Model, outputMax, type Reply } from "./model.ts";

const message = z.object({
  content: z.array(
    z.object({ type: z.string(), name: z.string().nullish(), input: z.unknown(), text: z.string().nullish() }),
  ),
  stop_reason: z.string().nullish(),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }).nullish().catch(null),
});

const toolName = "write_texts";

/**
 * Ways to ask: the tool forced; where a model that always thinks refuses that (400), the tool offered.
 * Source: Anthropic's tool use guide: thinking is not compatible with forced tool use.
 */
const ways = [
  { type: "tool" as const, name: toolName, disable_parallel_tool_use: true },
  { type: "auto" as const, disable_parallel_tool_use: true },
];

export async function anthropicModel(llm: Llm): Promise<Model> {
  const sdk = await import("@anthropic-ai/sdk");
  const client = new sdk.Anthropic({
    apiKey: llm.apiKey,
    baseURL: llm.baseUrl ?? "https://api.anthropic.com",
    // Retries and time are ours to count; its own log could carry the request.
    ...{ maxRetries: 0, logLevel: "off", authToken: null },
  });
  return {
    ways: ways.length,
    async ask(prompt, way, { signal, clock }) {
      const tool = {
        name: toolName,
        description: "Takes the JSON object with the texts.",
        input_schema: prompt.schema,
      };
      const body = {
        ...{ model: llm.model, max_tokens: outputMax, system: prompt.system },
        messages: [{ role: "user" as const, content: `${prompt.user}\nGive the object to the tool ${toolName}.` }],
        ...{ tools: [tool], tool_choice: ways[way]! },
      };
      try {
        return replyOf(await client.messages.create(body, { signal }));
      } catch (error) {
        return faultOf(error, sdk, clock.now());
      }
    },
  };
}

function replyOf(answer: unknown): Reply {
  const parsed = message.safeParse(answer);
  if (!parsed.success) return { ok: false, why: "not_json", retryAfterMs: null, usage: null };
  const { content, stop_reason, usage: counted } = parsed.data;
  const usage = counted ? { input: counted.input_tokens, output: counted.output_tokens } : null;
  if (stop_reason === "refusal") return { ok: false, why: "refused", retryAfterMs: null, usage };
  if (stop_reason === "max_tokens") return { ok: false, why: "cut_short", retryAfterMs: null, usage };
  const call = content.find((block) => block.type === "tool_use" && block.name === toolName);
  // A model that was offered the tool may write the object as text instead.
  return { ok: true, content: call ? call.input : content.map((block) => block.text ?? "").join(""), usage };
}
