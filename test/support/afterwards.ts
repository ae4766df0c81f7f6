/** Clean-up at the end of whatever is going on: the running test, or the file. */
import { afterAll, onTestFinished } from "vitest";

export function afterwards(clean: () => Promise<void>): void {
  try {
    onTestFinished(clean);
  } catch {
    afterAll(clean); // no test is running: we are at the top of a file
  }
}
