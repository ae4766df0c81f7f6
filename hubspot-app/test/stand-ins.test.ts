/** Each stable component of HubSpot's has a stand-in in the preview, so that whatever the app draws can be seen there. */
import * as sdk from "@hubspot/ui-extensions";
import { expect, test } from "vitest";
import { components } from "../preview/browser/components/index.ts";

/** A component is its name on the other side of the worker, or something drawn that knows its name. */
function remoteName(value: unknown): string | null {
  if (typeof value === "string") return value;
  const named = value as { displayName?: unknown } | null;
  return typeof named?.displayName === "string" ? named.displayName : null;
}

test("no stable component is without one", () => {
  const names = Object.entries(sdk).flatMap(([name, value]) => {
    const remote = remoteName(value);
    return remote && /^[A-Z]/.test(name) ? [remote] : [];
  });
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => components[name] === undefined)).toEqual([]);
});
