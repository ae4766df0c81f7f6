/** What a newcomer reads when the database is not there. */
import { expect, test } from "vitest";
import { migrate } from "../../backend/migrate.ts";
import { newDatabase } from "../support/database.ts";

test("a database that can't be reached is told with its place and what to check, without the password", async () => {
  const { url } = await newDatabase();
  const missing = new URL(url);
  missing.pathname = "/not_there";
  missing.password = "s3cret-words";
  for (const [at, place] of [
    ["postgres://ada:s3cret-words@127.0.0.1:1/pandora", "127.0.0.1:1/pandora"],
    [missing.href, `${missing.host}/not_there`],
  ] as const) {
    const refusal = await migrate(at).then(
      () => "it went through",
      (error: Error) => error.message,
    );
    expect(refusal).toContain(`The database at ${place} can't be used`);
    expect(refusal).toContain("Check DATABASE_URL");
    expect(refusal).not.toContain("s3cret-words");
  }
});
