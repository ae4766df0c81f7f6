import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEntry } from "../../backend/writeback/append.ts";

const now = new Date("2026-02-21T23:30:00Z");

test("prefix, suffix and none", () => {
  expect(formatEntry("Call Ann", "prefix", now, "UTC")).toBe("[Feb 21, 2026] Call Ann");
  expect(formatEntry("Call Ann", "suffix", now, "UTC")).toBe("Call Ann (Feb 21, 2026)");
  expect(formatEntry("Call Ann", "none", now, "UTC")).toBe("Call Ann");
});

test("the day is the workspace's", () => {
  expect(formatEntry("x", "prefix", now, "Europe/Berlin")).toBe("[Feb 22, 2026] x");
  expect(formatEntry("x", "prefix", now, "America/Los_Angeles")).toBe("[Feb 21, 2026] x");
  expect(formatEntry("x", "prefix", new Date("2025-12-31T23:30:00Z"), "Asia/Tokyo")).toBe("[Jan 1, 2026] x");
});

test("days are spelt in en-US, and the value comes through whole", () =>
  fc.assert(
    fc.property(
      fc.string(),
      fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
      (value, at) => {
        const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        const day = `${months[at.getUTCMonth()]} ${at.getUTCDate()}, ${at.getUTCFullYear()}`;
        expect(formatEntry(value, "prefix", at, "UTC")).toBe(`[${day}] ${value}`);
        expect(formatEntry(value, "suffix", at, "UTC")).toBe(`${value} (${day})`);
      },
    ),
  ));
