/** Whatever the model's server does, each deal has a text and the reason stands in the report. */
import { expect, test } from "vitest";
import { readConfig } from "../../backend/config.ts";
import { newBudget } from "../../backend/skills/narrate.ts";
import type { Behaviour } from "../support/model-server.ts";
import { dealItem, keys, newNarrator, vendors } from "./narrator.ts";

const texts = { risk_summary: "It is quiet.", next_step: "Call.", signals: "None." };
const good = { main_risk: "activity", ...texts };

const faults: [string, Behaviour, string][] = [
  ["declines", { does: "refuses" }, "refused"],
  ["is cut off", { does: "is_cut" }, "cut_short"],
  ["says something else", { does: "says", content: "I would rather talk about the weather." }, "not_json"],
  ["says half an object", { does: "says", content: '{"main_risk": "activity", "risk' }, "not_json"],
  ["answers with a web page", { does: "body", type: "text/html", text: "<html>Welcome</html>" }, "not_json"],
  ["answers with broken JSON", { does: "body", type: "application/json", text: "{oops" }, "not_json"],
  ["answers with other JSON", { does: "body", type: "application/json", text: '{"ok":true}' }, "not_json"],
  ["leaves a text out", { does: "says", content: { ...good, signals: undefined } }, "wrong_shape"],
  ["gives an empty text", { does: "says", content: { ...good, signals: "  \n " } }, "wrong_shape"],
  ["gives a list", { does: "says", content: { ...good, signals: ["None."] } }, "wrong_shape"],
  ["writes too much", { does: "says", content: { ...good, next_step: `Call${" now".repeat(80)}.` } }, "wrong_shape"],
  ["names a risk of its own", { does: "says", content: { ...good, main_risk: "weather" } }, "wrong_shape"],
  ["makes a number up", { does: "says", content: { ...good, signals: "There were 7 calls." } }, "wrong_numbers"],
  [
    "makes a number word up",
    { does: "says", content: { ...good, signals: "There were seven calls." } },
    "wrong_numbers",
  ],
  ["makes a link up", { does: "says", content: { ...good, signals: "See www.example.com." } }, "foreign_address"],
  ["writes in bold", { does: "says", content: { ...good, signals: "**Call.**" } }, "markup"],
  ["is not there for us", { does: "status", status: 404 }, "not_found"],
  ["does not let us", { does: "status", status: 401 }, "not_allowed"],
  ["forbids it", { does: "status", status: 403 }, "not_allowed"],
  ["refuses every way of asking", { does: "status", status: 400 }, "bad_request"],
  ["hangs up", { does: "hangs_up" }, "unreachable"],
  ["hangs up in the middle", { does: "hangs_up", after: "headers" }, "unreachable"],
  ["fails twice", { does: "status", status: 503 }, "unavailable"],
  ["is busy twice", { does: "status", status: 429 }, "rate_limited"],
];

for (const vendor of vendors) {
  test.each(faults)(`${vendor}: a model that %s leaves the rules' text`, async (_, behaviour, why) => {
    const narrator = await newNarrator(vendor);
    narrator.server.behave(behaviour);
    const item = dealItem();
    const { results, report } = await narrator.tell([item]);
    expect(results).toEqual([{ by: "rules", why, main_risk: null, texts: item.rules }]);
    expect(report.by_rules).toEqual({ [why]: 1 });
    // Nothing wrong is kept: the next run asks again, and has its text.
    narrator.server.behave({ does: "good" });
    expect((await narrator.tell([item])).results[0]!.by).toBe("model");
  });

  test.each([{}, { after: "headers" as const }])(`${vendor}: a late answer is not waited for (%j)`, async (how) => {
    const narrator = await newNarrator(vendor, { LLM_TIMEOUT_MS: "150" });
    narrator.server.behave({ does: "hangs", ...how });
    expect((await narrator.tell([dealItem()])).results[0]).toMatchObject({ by: "rules", why: "timeout" });
  });

  test(`${vendor}: a busy model is asked once more, after the time it asks for`, async () => {
    const narrator = await newNarrator(vendor);
    const before = narrator.clock.now().getTime();
    narrator.server.behave({ does: "status", status: 429, headers: { "retry-after": "7" } }, { does: "good" });
    expect((await narrator.tell([dealItem()])).results[0]!.by).toBe("model");
    expect(narrator.clock.now().getTime() - before).toBe(7_000);
    const until = new Date(narrator.clock.now().getTime() + 20_000).toUTCString();
    narrator.server.behave({ does: "status", status: 503, headers: { "retry-after": until } }, { does: "good" });
    expect((await narrator.tell([dealItem(2)])).results[0]!.by).toBe("model");
    expect(narrator.clock.now().getTime() - before).toBe(27_000);
    expect(narrator.calls()).toBe(4);
  });

  test(`${vendor}: a strict way of asking that the server refuses is not tried again`, async () => {
    const narrator = await newNarrator(vendor);
    const strict = vendor === "openai" ? '"json_schema"' : '"type":"tool"';
    narrator.server.behave({ does: "refuses_parameter", text: strict });
    const { results } = await narrator.tell([dealItem()]);
    expect(results[0]!.by).toBe("model");
    expect(narrator.calls()).toBe(2);
    await narrator.tell([dealItem(2)]);
    expect(narrator.calls()).toBe(3);
  });
}

test("a server that knows neither schema nor JSON mode is asked in plain words, and may wrap its answer", async () => {
  const narrator = await newNarrator("openai");
  narrator.server.behave({ does: "refuses_parameter", text: "response_format" });
  expect((await narrator.tell([dealItem()])).results[0]!.by).toBe("model");
  expect(narrator.calls()).toBe(3);
  narrator.server.behave({ does: "says", content: `Here you are:\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\`` });
  expect((await narrator.tell([dealItem(2)])).results[0]).toMatchObject({ by: "model", texts });
  expect(narrator.calls()).toBe(4);
});

test("a question refused for its content does not change how the next one is put", async () => {
  const narrator = await newNarrator("openai");
  narrator.server.behave({ does: "status", status: 400 });
  await narrator.tell([dealItem()]);
  narrator.server.behave({ does: "good" });
  await narrator.tell([dealItem(2)]);
  expect(narrator.server.questions.at(-1)!.body["response_format"]).toMatchObject({ type: "json_schema" });
});

test.each<[string, Behaviour, string, number]>([
  ["does not know the key", { does: "status", status: 401 }, "not_allowed", 1],
  ["fails", { does: "status", status: 500 }, "unavailable", 2],
  ["hangs up", { does: "hangs_up" }, "unreachable", 1],
])("a server that %s is left alone after five in a row", async (_, behaviour, why, callsPerItem) => {
  const narrator = await newNarrator("openai");
  narrator.server.behave(behaviour);
  const items = Array.from({ length: 40 }, (_, n) => dealItem(n + 2));
  const budget = newBudget(narrator.house.config, narrator.clock);
  const { results, report } = await narrator.tell(items, { budget });
  expect(results.map(({ why: each }) => each)).toEqual(Array(40).fill(why));
  expect(report.by_rules).toEqual({ [why]: 40 });
  // Five, and the three that were under way with the fifth.
  const most = 8 * callsPerItem;
  expect(narrator.calls()).toBeGreaterThanOrEqual(5 * callsPerItem);
  expect(narrator.calls()).toBeLessThanOrEqual(most);
  // The next page of the same run asks no more; the next run does.
  const before = narrator.calls();
  narrator.server.behave({ does: "good" });
  await narrator.tell(items, { budget });
  expect(narrator.calls()).toBe(before);
  expect((await narrator.tell(items)).report.by_model).toBe(40);
});

test("faults that are not in a row, or not of one kind, do not end the asking", async () => {
  const narrator = await newNarrator("openai");
  const budget = newBudget(narrator.house.config, narrator.clock);
  const refused: Behaviour[] = Array(4).fill({ does: "status", status: 401 });
  narrator.server.behave(...refused, { does: "good" }, ...refused, ...Array(4).fill({ does: "hangs_up" }), {
    does: "good",
  });
  for (let n = 2; n < 16; n += 1) await narrator.tell([dealItem(n)], { budget });
  expect(narrator.calls()).toBe(14);
  expect(budget.report()).toMatchObject({ by_model: 2, by_rules: { not_allowed: 8, unreachable: 4 } });
});

test("faults of content, however many, do not end the asking", async () => {
  const narrator = await newNarrator("openai");
  narrator.server.behave({ does: "says", content: "nonsense" });
  const items = Array.from({ length: 12 }, (_, n) => dealItem(n + 2));
  expect((await narrator.tell(items)).report.by_rules).toEqual({ not_json: 12 });
  expect(narrator.calls()).toBe(12);
});

test("a wait longer than the run has left is not begun", async () => {
  const narrator = await newNarrator("openai", { LLM_MS_PER_RUN: "5000" });
  narrator.server.behave({ does: "status", status: 429, headers: { "retry-after": "6" } });
  const { results } = await narrator.tell([dealItem()]);
  expect(results[0]).toMatchObject({ by: "rules", why: "rate_limited" });
  expect(narrator.calls()).toBe(1);
});

test("when the run's tokens are used up, the rest is written by rules", async () => {
  // One question with its usual answer fits, and what it did not use is given back for a second one.
  const narrator = await newNarrator("openai", { LLM_TOKENS_PER_RUN: "2000" });
  const budget = newBudget(narrator.house.config, narrator.clock);
  for (let n = 2; n < 12; n += 1) await narrator.tell([dealItem(n)], { budget });
  const report = budget.report();
  expect(narrator.calls()).toBeGreaterThan(1);
  expect(report).toMatchObject({ asked: 10, by_model: narrator.calls(), by_rules: { budget: 10 - narrator.calls() } });
  expect(report.tokens_in + report.tokens_out).toBeLessThanOrEqual(2000);
  // Kept texts cost nothing, and are still to be had.
  expect((await narrator.tell([dealItem(2)], { budget })).results[0]!.by).toBe("model");
});

test("when the run's time is over, the rest is written by rules", async () => {
  const narrator = await newNarrator("openai");
  const budget = newBudget(narrator.house.config, narrator.clock);
  await narrator.tell([dealItem()], { budget });
  narrator.clock.advance(600_000);
  expect((await narrator.tell([dealItem(2)], { budget })).results[0]).toMatchObject({ by: "rules", why: "budget" });
  expect(narrator.calls()).toBe(1);
});

test("four questions are under way at once, and no more", async () => {
  const narrator = await newNarrator("openai");
  narrator.server.behave({ does: "waits_for", calls: 4 });
  await narrator.tell(Array.from({ length: 12 }, (_, n) => dealItem(n + 2)));
  expect(narrator.server.mostAtOnce()).toBe(4);
});

test("a run that is ended keeps what was answered by then, and says that it was ended", async () => {
  const narrator = await newNarrator("openai");
  const items = Array.from({ length: 20 }, (_, n) => dealItem(n + 2));
  const ending = new AbortController();
  narrator.server.behave(...Array(6).fill({ does: "good" }), { does: "hangs" });
  narrator.server.onQuestion((n) => {
    if (n === 10) ending.abort(new Error("the process stops"));
  });
  await expect(narrator.tell(items, { signal: ending.signal })).rejects.toThrow("the process stops");
  expect(narrator.calls()).toBe(10);
  narrator.server.behave({ does: "good" });
  const { report } = await narrator.tell(items);
  expect(report).toMatchObject({ cached: 6, by_model: 20 });
});

test("a fault of ours is thrown, and not taken for the model's", async () => {
  const narrator = await newNarrator("openai");
  const item = { ...dealItem(), facts: { amount: 10n } };
  await expect(narrator.tell([item])).rejects.toThrow(TypeError);
});

test("time, tokens and the wait for one answer are settings, and malformed ones are named", () => {
  const llm = { PANDORA_KEYS: keys, LLM_PROVIDER: "openai", LLM_API_KEY: "k", LLM_MODEL: "m" };
  expect(readConfig(llm).llm).toMatchObject({ timeoutMs: 20_000, tokensPerRun: 200_000, msPerRun: 600_000 });
  expect(readConfig({ ...llm, LLM_TIMEOUT_MS: "90", LLM_TOKENS_PER_RUN: "1", LLM_MS_PER_RUN: "2" }).llm).toMatchObject({
    ...{ timeoutMs: 90, tokensPerRun: 1, msPerRun: 2 },
  });
  for (const name of ["LLM_TIMEOUT_MS", "LLM_TOKENS_PER_RUN", "LLM_MS_PER_RUN"]) {
    expect(() => readConfig({ ...llm, [name]: "soon" })).toThrow(`${name} is malformed`);
  }
});
