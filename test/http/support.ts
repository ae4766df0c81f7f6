/** A workspace with its callers, a connected CRM that was discovered a moment ago, and the real app over it. */
import { randomUUID } from "node:crypto";
import { afterAll } from "vitest";
import { type SteppedClock, steppedClock } from "../../backend/clock.ts";
import { readConfig } from "../../backend/config.ts";
import { createApiKey } from "../../backend/connections/api-keys.ts";
import type { House } from "../../backend/connections/house.ts";
import type { CrmType, ObjectType } from "../../backend/contract/common.ts";
import type { Role } from "../../backend/contract/session.ts";
import type { Property } from "../../backend/crm/port.ts";
import type { Db } from "../../backend/db.ts";
import { AppError } from "../../backend/errors.ts";
import { createApp } from "../../backend/http/app.ts";
import { realServices } from "../../backend/http/services.ts";
import { openQueue } from "../../backend/jobs/queue.ts";
import { createLogger } from "../../backend/logger.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Answer<T = any> = { status: number; body: T; headers: Headers };

export type TestApp = {
  house: House;
  clock: SteppedClock;
  app: ReturnType<typeof createApp>;
  newWorkspace(): Promise<TestWorkspace>;
};

export type TestWorkspace = {
  id: string;
  keys: Record<Role, string>;
  /** Calls the API as this role; `path` under the workspace, or absolute. */
  call(role: Role | null, method: string, path: string, body?: unknown): Promise<Answer>;
  connect(crm: CrmType, properties?: Partial<Record<ObjectType, Property[]>>): Promise<void>;
};

export async function newTestApp(database: { db: Db; url: string }): Promise<TestApp> {
  const clock = steppedClock();
  const log = createLogger("silent");
  const queue = await openQueue({ url: database.url, log, supervise: false });
  afterAll(() => queue.stop(0));
  const config = readConfig({
    PANDORA_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
    PUBLIC_URL: "http://pandora.test",
  });
  const house: House = {
    db: database.db,
    queue,
    clock,
    log,
    config,
    // These tests plant what discovery would have found; the CRM itself can't be reached here.
    openCrm: () => Promise.reject(new AppError("needs_reconnect", { status: 409, public: "Reconnect the CRM." })),
  };
  const app = createApp(house, realServices);
  return { house, clock, app, newWorkspace: () => newWorkspace(house, clock, app) };
}

async function newWorkspace(house: House, clock: SteppedClock, app: TestApp["app"]): Promise<TestWorkspace> {
  const id = randomUUID();
  await house.db.withWorkspace(
    id,
    (tx) => tx`insert into workspaces (workspace_id, name, time_zone) values (${id}, 'Acme', 'Europe/Berlin')`,
  );
  const make = async (role: Role) => (await createApiKey(house, id, { name: role, role }, "test")).key;
  const keys = { admin: await make("admin"), rep: await make("rep"), viewer: await make("viewer") };
  return {
    id,
    keys,
    async call(role, method, path, body) {
      const headers: Record<string, string> = {};
      if (role) headers["authorization"] = `Bearer ${keys[role]}`;
      if (body !== undefined) headers["content-type"] = "application/json";
      const url = path.startsWith("/") ? path : `/api/workspaces/${id}/${path}`;
      return read(
        await app.request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
      );
    },
    async connect(crm, properties = {}) {
      const all = { deal: dealProperties, company: dealProperties, contact: dealProperties, ...properties };
      await house.db.withWorkspace(id, async (tx) => {
        await tx`
          insert into crm_connections (workspace_id, crm, account_id, status, instance_url, ui_url)
          values (${id}, ${crm}, ${randomUUID()}, 'connected', 'https://crm.test', 'https://crm.test/{objectType}/{id}')`;
        for (const [objectType, list] of Object.entries(all)) {
          await tx`
            insert into crm_properties (workspace_id, crm, object_type, properties, fetched_at)
            values (${id}, ${crm}, ${objectType}, ${tx.json(list as never)}, ${clock.now()})`;
        }
      });
    },
  };
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

export function property(name: string, type: Property["type"], more: Partial<Property> = {}): Property {
  return {
    name,
    label: more.label ?? name,
    type,
    crmFieldType: type,
    description: "",
    group: null,
    custom: true,
    writable: true,
    readOnlyReason: null,
    hidden: false,
    unique: false,
    lengthMax: null,
    scale: null,
    precision: null,
    options: [],
    restricted: false,
    ...more,
  };
}

/** One property of each kind the rules speak of. */
export const dealProperties: Property[] = [
  property("score", "number", { label: "Score" }),
  property("score_2", "number", { label: "Score two" }),
  property("notes", "textarea", { label: "Notes" }),
  property("rich", "rich_text"),
  property("line", "text"),
  property("due", "date"),
  property("moment", "datetime"),
  property("tier", "enum", { options: [{ value: "a", label: "A", active: true }], restricted: true }),
  property("flag", "boolean"),
  property("tags", "multi_enum"),
  property("code", "text", { unique: true }),
  property("total", "number", { writable: false, readOnlyReason: "Total is calculated." }),
  property("secret", "text", { hidden: true }),
  property("dealname", "text", { custom: false, label: "Deal name" }),
  property("hs_next_step", "text", { custom: false, label: "Next step" }),
  property("hs_priority", "text", { custom: false, label: "Priority" }),
  property("hubspot_owner_id", "text", { custom: false, label: "Owner" }),
];
