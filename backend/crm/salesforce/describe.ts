/** What an object's fields are, for the connected user: kept for five minutes, then asked for with If-Modified-Since. */
import type { Clock } from "../../clock.ts";
import { CrmError } from "../errors.ts";
import type { ObjectType } from "../port.ts";
import type { SalesforceClient } from "./client.ts";
import { sobjectOf } from "./convert.ts";
import { type DescribedField, describeBody } from "./wire.ts";

export type Described = {
  fields: DescribedField[];
  /** By API name, letter case aside; a packaged field is found with and without its namespace. */
  find(name: string): DescribedField | undefined;
};

type Kept = { described: Described; until: number; lastModified: string | undefined };

/** One per connection; may be shared by several adapters of it, so that each does not ask anew. */
export type DescribeCache = Map<ObjectType, Kept>;

export type Describes = {
  of(objectType: ObjectType): Promise<Described>;
  /** Asks anew in full: the CRM reported an unknown property, or one was made. */
  again(objectType: ObjectType): Promise<Described>;
  /** The fields by the asked-for names; asks anew before it says that one is missing.
   *  @throws CrmError unknown_property naming the first that does not exist */
  named(objectType: ObjectType, names: string[]): Promise<DescribedField[]>;
};

const keepMs = 5 * 60_000;

export function createDescribes(
  client: SalesforceClient,
  clock: Clock,
  cache: DescribeCache,
  namespace: string | undefined,
): Describes {
  async function fetchDescribe(objectType: ObjectType, known: Kept | undefined): Promise<Described> {
    const since = known?.lastModified;
    const answer = await client.send({
      method: "GET",
      path: `/sobjects/${sobjectOf(objectType)}/describe`,
      headers: since ? { "if-modified-since": since } : {},
    });
    const until = clock.now().getTime() + keepMs;
    if (answer.status === 304 && known) {
      cache.set(objectType, { ...known, until });
      return known.described;
    }
    const parsed = describeBody.safeParse(answer.body);
    if (!parsed.success) {
      throw new CrmError(
        "unexpected",
        "Salesforce described an object in a form we do not understand.",
        {},
        parsed.error,
      );
    }
    const described = indexed(parsed.data.fields, namespace);
    cache.set(objectType, { described, until, lastModified: answer.headers["last-modified"] });
    return described;
  }

  async function of(objectType: ObjectType): Promise<Described> {
    const known = cache.get(objectType);
    return known && clock.now().getTime() < known.until ? known.described : fetchDescribe(objectType, known);
  }

  const again = (objectType: ObjectType) => fetchDescribe(objectType, undefined);

  return {
    of,
    again,
    async named(objectType, names) {
      let described = await of(objectType);
      if (names.some((name) => !described.find(name))) described = await again(objectType);
      return names.map((name) => {
        const field = described.find(name);
        if (field) return field;
        throw new CrmError(
          "unknown_property",
          `Salesforce has no field ${name}, or the connected user may not see it.`,
          {
            property: name,
          },
        );
      });
    },
  };
}

function indexed(fields: DescribedField[], namespace: string | undefined): Described {
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const prefix = namespace ? `${namespace.toLowerCase()}__` : "";
  return {
    fields,
    find: (name) => {
      const key = name.toLowerCase();
      return (
        byName.get(key) ?? (prefix ? (byName.get(prefix + key) ?? byName.get(key.replace(prefix, ""))) : undefined)
      );
    },
  };
}
