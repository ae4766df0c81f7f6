/**
 * Which room may know which: imports go downward in this list, never back up. A lower room reaches a higher one by
 * enqueuing a job, or by a function handed in. `npm run check:imports` and test/architecture.test.ts hold it.
 */
const rooms = [
  // Entries and wiring: everything below is theirs to put together.
  "(main|demo|boot|boot-database|admin|admin-cli|migrate-cli|process-end|handlers)\\.ts$|demo/",
  "http/",
  "notify/",
  "writeback/",
  "skills/",
  "gaps/",
  "writes/",
  "conversations/",
  "mirror/",
  "connections/",
  "crm/",
  "jobs/",
  "simulator/",
  "contract/",
  "(config|db|guarded-tx|migrate|embedded-postgres|postgres-binaries|clock|logger|errors|ids)\\.ts$",
].map((room) => `^backend/(${room})`);

const upward = rooms.slice(1).map((room, n) => ({
  name: `upward-from-${room.replace(/^\^backend\/\(|\/\)$/g, "").replace(/\W.*/, "") || "base"}`,
  comment: "Imports go downward: enqueue a job, or take a function as a parameter.",
  severity: "error",
  from: { path: room },
  to: { path: rooms.slice(0, n + 1).join("|") },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: "no-cycle",
      comment: "Two files that need each other to run are one file, or three. Types may point both ways.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "simulator-is-for-demo-and-tests",
      severity: "error",
      from: { path: "^backend/", pathNot: "^backend/(simulator/|demo/|demo\\.ts$)" },
      to: { path: "^backend/simulator/" },
    },
    {
      name: "simulator-knows-no-adapter",
      comment: "It stands for the vendor: what it shared with an adapter, both could get wrong together.",
      severity: "error",
      from: { path: "^backend/simulator/" },
      to: { path: "^backend/(crm/(hubspot|salesforce)/|jobs/|db\\.ts)" },
    },
    {
      name: "contract-imports-zod-only",
      comment: "The apps inside the CRMs share these shapes, and bring no server along.",
      severity: "error",
      from: { path: "^backend/contract/" },
      to: { pathNot: "^backend/contract/|(^|/)node_modules/zod/" },
    },
    {
      name: "postgres-behind-the-guard",
      comment: "The driver loses transactions when a connection dies; guarded-tx.ts is the way around. Types are free.",
      severity: "error",
      from: { path: "^backend/", pathNot: "^backend/(db|guarded-tx|migrate|embedded-postgres)\\.ts$" },
      to: { path: "(^|/)node_modules/postgres/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "hubspot-client-in-its-adapter",
      severity: "error",
      from: { path: "^backend/", pathNot: "^backend/crm/hubspot/" },
      to: { path: "(^|/)node_modules/@hubspot/" },
    },
    {
      name: "jsforce-in-its-adapter",
      severity: "error",
      from: { path: "^backend/", pathNot: "^backend/crm/salesforce/" },
      to: { path: "(^|/)node_modules/(jsforce|@jsforce)/" },
    },
    {
      name: "one-adapter-knows-not-the-other",
      severity: "error",
      from: { path: "^backend/crm/(hubspot|salesforce)/" },
      to: { path: "^backend/crm/(hubspot|salesforce)/", pathNot: "^backend/crm/$1/" },
    },
    {
      name: "product-needs-no-test",
      severity: "error",
      from: { path: "^backend/" },
      to: { path: "^test/" },
    },
    {
      name: "no-dev-package-in-the-product",
      severity: "error",
      from: { path: "^backend/", pathNot: "^backend/simulator/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["node", "import", "default", "types"] },
  },
};
