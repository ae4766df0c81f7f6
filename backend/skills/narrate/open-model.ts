/** From the settings to a model that can be asked. */
import type { Llm, Model } from "./model.ts";

const opened = new WeakMap<Llm, Promise<Model>>();

/** The configured model; its vendor's package is loaded when first asked for: each is large, and most houses have none. */
export function openModel(llm: Llm): Promise<Model> {
  const found = opened.get(llm);
  if (found) return found;
  const made =
    llm.provider === "openai"
      ? import("./openai.ts").then((adapter) => adapter.openAiModel(llm))
      : import("./anthropic.ts").then((adapter) => adapter.anthropicModel(llm));
  opened.set(llm, made);
  return made;
}
