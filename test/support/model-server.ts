/**
 * A model that stands in for both vendors over real HTTP: OpenAI's `/v1/chat/completions` and Anthropic's `/v1/messages`.
 * It reads the facts out of the question, as a model would, and behaves as it is told to.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterwards } from "./afterwards.ts";

export type Behaviour =
  /** Writes texts from the factors' sentences. */
  | { does: "good" }
  /** Says this: text as it stands, an object as JSON (and as the tool's input). */
  | { does: "says"; content: unknown }
  /** Declines, in the vendor's way. */
  | { does: "refuses" }
  /** Ends at its length limit. */
  | { does: "is_cut" }
  /** Answers never, or begins an answer and stops. */
  | { does: "hangs"; after?: "headers" }
  /** Breaks the connection. */
  | { does: "hangs_up"; after?: "headers" }
  | { does: "status"; status: number; headers?: Record<string, string>; message?: string }
  /** 200, and no chat completion. */
  | { does: "body"; type: string; text: string }
  /** Refuses every request whose body has this in it (400), else good. */
  | { does: "refuses_parameter"; text: string }
  /** Obeys whatever the last excerpt orders. */
  | { does: "obeys"; order: Record<string, string> }
  /** Answers nobody until so many wait. */
  | { does: "waits_for"; calls: number };

export type Question = {
  /** The whole body, as sent. */
  body: Record<string, unknown>;
  headers: IncomingMessage["headers"];
  user: string;
  data: { facts: { factors?: { key: string; sentence: string }[] }; write: Record<string, string> };
  excerpts: string[];
};

export type ModelServer = {
  url: string;
  /** In order, one per call; the last one stays. */
  behave(...behaviours: Behaviour[]): void;
  /** Called when a question arrives. */
  onQuestion(listen: (n: number) => void): void;
  questions: Question[];
  /** Most calls that waited at once. */
  mostAtOnce(): number;
};

/** Tokens the stand-in says each answer took. */
export const usagePerAnswer = { input: 300, output: 40 };

export async function startModelServer(): Promise<ModelServer> {
  let behaviours: Behaviour[] = [{ does: "good" }];
  let listen: (n: number) => void = () => {};
  let waiting: (() => void)[] = [];
  let open = 0;
  let most = 0;
  const questions: Question[] = [];
  const server = createServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once("close", () => {
      open -= 1;
    });
    const question = await read(request);
    questions.push(question);
    const behaviour = behaviours.length > 1 ? behaviours.shift()! : behaviours[0]!;
    listen(questions.length);
    if (behaviour.does === "waits_for") {
      const turn = new Promise<void>((resolve) => waiting.push(resolve));
      if (waiting.length >= behaviour.calls) {
        // One call too many would be on its way now: it is let in before the others leave.
        for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
        for (const release of waiting) release();
        waiting = [];
      }
      await turn;
    }
    act(behaviour, request.url!.includes("messages") ? anthropic : openAi, question, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (...next) => {
      behaviours = next;
    },
    onQuestion: (next) => {
      listen = next;
    },
    questions,
    mostAtOnce: () => most,
  };
}

function act(behaviour: Behaviour, wire: Wire, question: Question, response: ServerResponse): void {
  const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  switch (behaviour.does) {
    case "good":
    case "waits_for":
      send(200, wire.answer(goodAnswer(question)));
      break;
    case "says":
      send(200, wire.answer(behaviour.content));
      break;
    case "refuses":
      send(200, wire.refusal);
      break;
    case "is_cut":
      send(200, wire.cut);
      break;
    case "hangs":
      if (behaviour.after) response.writeHead(200, { "content-type": "application/json" }).write("{");
      break;
    case "hangs_up":
      if (behaviour.after) response.writeHead(200, { "content-type": "application/json", "content-length": 900 });
      if (behaviour.after) response.write("{", () => response.socket?.destroy());
      else response.socket?.resetAndDestroy();
      break;
    case "status":
      send(behaviour.status, wire.error(behaviour.message ?? "as told"), behaviour.headers);
      break;
    case "body":
      send(200, behaviour.text, { "content-type": behaviour.type });
      break;
    case "refuses_parameter":
      if (JSON.stringify(question.body).includes(behaviour.text)) {
        send(400, wire.error(`${behaviour.text} is not supported`));
      } else send(200, wire.answer(goodAnswer(question)));
      break;
    case "obeys": {
      const obeyed = question.excerpts.some((excerpt) => /ignore all instructions/i.test(excerpt));
      send(200, wire.answer({ ...goodAnswer(question), ...(obeyed ? behaviour.order : {}) }));
      break;
    }
    default:
      behaviour satisfies never;
  }
}

type Wire = { answer(content: unknown): object; error(message: string): object; refusal: object; cut: object };

const openAiUsage = { prompt_tokens: usagePerAnswer.input, completion_tokens: usagePerAnswer.output };
const openAi: Wire = {
  answer: (content) => completion({ content: typeof content === "string" ? content : JSON.stringify(content) }, "stop"),
  error: (message) => ({ error: { message, type: "invalid_request_error", param: null, code: null } }),
  refusal: completion({ content: null, refusal: "I can't help with that." }, "stop"),
  cut: completion({ content: '{"main_risk":"acti' }, "length"),
};

function completion(message: object, finish_reason: string): object {
  const choice = { index: 0, message: { role: "assistant", ...message }, finish_reason };
  return { id: "c1", object: "chat.completion", created: 0, model: "stand-in", choices: [choice], usage: openAiUsage };
}

const anthropic: Wire = {
  answer: (content) =>
    message(
      typeof content === "string"
        ? [{ type: "text", text: content }]
        : [{ type: "tool_use", id: "t1", name: "write_texts", input: content }],
      typeof content === "string" ? "end_turn" : "tool_use",
    ),
  error: (text) => ({ type: "error", error: { type: "invalid_request_error", message: text } }),
  refusal: message([], "refusal"),
  cut: message([{ type: "tool_use", id: "t1", name: "write_texts", input: {} }], "max_tokens"),
};

function message(content: object[], stop_reason: string): object {
  const usage = { input_tokens: usagePerAnswer.input, output_tokens: usagePerAnswer.output };
  return { id: "m1", type: "message", role: "assistant", model: "stand-in", content, stop_reason, usage };
}

function goodAnswer({ data }: Question): object {
  const factors = data.facts.factors ?? [];
  const texts = Object.keys(data.write).map((key) => [
    key,
    `Seen by the model: ${factors[0]?.sentence ?? "all is well."}`,
  ]);
  return { main_risk: factors[0]?.key ?? "none", ...Object.fromEntries(texts) };
}

async function read(request: IncomingMessage): Promise<Question> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { messages: { content: string }[] };
  const user = body.messages.at(-1)!.content;
  const lines = user.split("\n");
  const after = (head: string) => JSON.parse(lines[lines.findIndex((line) => line.startsWith(head)) + 1]!);
  return { body, headers: request.headers, user, data: after("--- FACTS"), excerpts: after("--- QUOTES") };
}
