/** What a new record may not lack. */
import type { Reply } from "../http.ts";
import { type HsObjectType, singular } from "./catalogue.ts";
import { replies } from "./replies.ts";
import type { Portal } from "./state.ts";

/** Null = nothing is missing. */
export function refuseMissing(portal: Portal, type: HsObjectType, values: Record<string, string>): Reply | null {
  const missing = [...portal.required[type]].filter((name) => !values[name]);
  if (missing.length === 0) return null;
  return replies.invalid(`Error creating ${singular[type].toUpperCase()}. Some required properties were not set.`, {
    errors: missing.map((name) => ({
      message: `${name} is required`,
      code: "MISSING_REQUIRED_PROPERTY",
      context: { properties: [name] },
    })),
  });
}
