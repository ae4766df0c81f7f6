/**
 * The shapes of the project's files, as HubSpot documents them: its own check needs an account, and its parser skips what it
 * can't read without a word. Source: developers.hubspot.com/docs/apps/developer-platform, read 2026-11-22.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const uid = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
/** Filled in from the profile, then an address the world can reach. */
const address = z.url({ protocol: /^https$/ });
const entrypoint = z.string().regex(/^\/app\/(cards|settings|pages)\/\w+\.tsx$/);
const scope = z.string().regex(/^(oauth|crm\.(objects|schemas)\.[a-z]+\.(read|write))$/);
const crmObject = z.enum(["deal", "company", "contact"]);

const app = z.strictObject({
  uid,
  type: z.literal("app"),
  config: z.strictObject({
    // The marketplace refuses names with "HubSpot" in them.
    name: z
      .string()
      .min(1)
      .max(200)
      .refine((name) => !/hubspot/i.test(name)),
    description: z.string().min(1).max(8_192),
    distribution: z.literal("marketplace"),
    auth: z.strictObject({
      type: z.literal("oauth"),
      redirectUrls: z.array(address).min(1),
      requiredScopes: z.array(scope).min(1),
      optionalScopes: z.array(scope),
      conditionallyRequiredScopes: z.array(scope),
    }),
    permittedUrls: z.strictObject({
      fetch: z.array(address).min(1),
      iframe: z.array(address),
      img: z.array(address),
    }),
    support: z.strictObject({
      supportEmail: z.email(),
      documentationUrl: address,
      supportUrl: address,
      supportPhone: z.string().regex(/^\+\d{6,15}$/),
    }),
  }),
});

const card = z.strictObject({
  uid,
  type: z.literal("card"),
  config: z.strictObject({
    name: z.string().min(1).max(50),
    description: z.string().min(1),
    location: z.enum(["crm.record.tab", "crm.record.sidebar", "crm.preview", "helpdesk.sidebar"]),
    entrypoint,
    objectTypes: z.array(z.enum(["deals", "companies", "contacts"])).min(1),
  }),
});

const settings = z.strictObject({ uid, type: z.literal("settings"), config: z.strictObject({ entrypoint }) });
const page = z.strictObject({ uid, type: z.literal("page"), config: z.strictObject({ entrypoint }) });

const webhooks = z.strictObject({
  uid,
  type: z.literal("webhooks"),
  config: z.strictObject({
    settings: z.strictObject({ targetUrl: address, maxConcurrentRequests: z.int().min(5).max(100) }),
    subscriptions: z.strictObject({
      crmObjects: z.array(
        z.union([
          z.strictObject({
            subscriptionType: z.enum(["object.creation", "object.deletion", "object.restore", "object.merge"]),
            objectType: crmObject,
            active: z.boolean(),
          }),
          z.strictObject({
            subscriptionType: z.literal("object.propertyChange"),
            objectType: crmObject,
            propertyName: z.string().min(1),
            active: z.boolean(),
          }),
        ]),
      ),
      legacyCrmObjects: z.array(z.never()),
      hubEvents: z.array(
        z.strictObject({ subscriptionType: z.literal("contact.privacyDeletion"), active: z.boolean() }),
      ),
    }),
  }),
});

const component = z.discriminatedUnion("type", [app, card, settings, page, webhooks]);
export type Component = z.infer<typeof component>;

/** HubSpot reads each kind from one folder only, and not from folders below. */
const folders: Record<Component["type"], string> = {
  app: "app",
  card: "app/cards",
  settings: "app/settings",
  page: "app/pages",
  webhooks: "app/webhooks",
};

const project = z.strictObject({
  name: z.string().min(1),
  srcDir: z.literal("src"),
  platformVersion: z.literal("2026.09"),
});
const profile = z.strictObject({ accountId: z.int(), variables: z.record(z.string(), z.string()) });

/** @param root the project's folder; @returns what is wrong, a line each; empty: nothing */
export function projectFaults(root: string): string[] {
  const faults: string[] = [];
  const src = path.join(root, "src");
  const take = <T>(name: string, schema: z.ZodType<T>, read: () => unknown): T | null => {
    try {
      const result = schema.safeParse(read());
      if (result.success) return result.data;
      faults.push(...result.error.issues.map((issue) => `${name}: ${issue.path.join(".")} ${issue.message}`));
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}`);
    }
    return null;
  };
  const json = (file: string) => JSON.parse(readFileSync(file, "utf8")) as unknown;
  take("hsproject.json", project, () => json(path.join(root, "hsproject.json")));
  const profiles = readdirSync(src).filter((name) => /^hsprofile\..+\.json$/.test(name));
  if (profiles.length === 0) faults.push("src: no profile says where the server is");
  for (const name of profiles) {
    const variables = take(name, profile, () => json(path.join(src, name)))?.variables;
    if (variables) faults.push(...componentFaults(src, variables, take).map((fault) => `${fault} (${name})`));
  }
  return [...new Set(faults)];
}

type Take = <T>(name: string, schema: z.ZodType<T>, read: () => unknown) => T | null;

function componentFaults(src: string, variables: Record<string, string>, take: Take): string[] {
  const faults: string[] = [];
  const found = metaFiles(src).flatMap((file) => {
    const name = path.relative(src, file);
    const read = take(name, component, () => JSON.parse(filledIn(readFileSync(file, "utf8"), variables, faults, name)));
    return read ? [{ name, read }] : [];
  });
  const uids = found.map(({ read }) => read.uid);
  for (const { name, read } of found) {
    if (path.dirname(name) !== folders[read.type])
      faults.push(`${name}: a ${read.type} stands in ${folders[read.type]}`);
    if (uids.filter((each) => each === read.uid).length > 1) faults.push(`${name}: the uid ${read.uid} stands twice`);
    if ("entrypoint" in read.config && !existsSync(path.join(src, read.config.entrypoint))) {
      faults.push(`${name}: there is no ${read.config.entrypoint}`);
    }
  }
  const appFile = found.find(({ read }) => read.type === "app")?.read;
  const cardFile = found.find(({ read }) => read.type === "card")?.read;
  if (appFile?.type === "app" && cardFile?.type === "card") {
    const scopes = appFile.config.auth.requiredScopes;
    for (const each of cardFile.config.objectTypes) {
      if (!scopes.includes(`crm.objects.${each}.read`)) faults.push(`the card on ${each} needs their read scope`);
    }
  }
  for (const type of Object.keys(folders)) {
    if (found.filter(({ read }) => read.type === type).length !== 1) faults.push(`there has to be one ${type}`);
  }
  return faults;
}

function filledIn(text: string, variables: Record<string, string>, faults: string[], name: string): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, variable) => {
    if (variables[variable] === undefined) faults.push(`${name}: nobody says what ${whole} is`);
    return variables[variable] ?? whole;
  });
}

function metaFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (name === "node_modules" || name === "dist") return [];
    if (statSync(file).isDirectory()) return metaFiles(file);
    return name.endsWith("-hsmeta.json") ? [file] : [];
  });
}
