/** The HTTP side, put together: what every request passes, then the doors. */
import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { House } from "../connections/house.ts";
import { AppError } from "../errors.ts";
import { alertDoors } from "./alerts.ts";
import { apiKeyDoors } from "./api-keys.ts";
import { autoCreateDoors } from "./auto-create.ts";
import { guardBody } from "./body.ts";
import { findCaller } from "./caller.ts";
import { connectionDoors } from "./connections.ts";
import { conversationHookDoors } from "./conversation-hooks.ts";
import { conversationDoors } from "./conversations.ts";
import { createDealDoors, creationDoors } from "./creations.ts";
import { crmPropertyDoors } from "./crm-properties.ts";
import { dealOptionsDoors } from "./deal-options.ts";
import { docsDoors } from "./docs.ts";
import type { Env } from "./door.ts";
import { downloadDoors } from "./downloads.ts";
import { envelope } from "./envelope.ts";
import { fieldDoors } from "./fields.ts";
import { filterChoiceDoors } from "./filter-choices.ts";
import { findingDoors } from "./findings.ts";
import { crmSearchDoors, gapDoors } from "./gaps.ts";
import { helpDoors } from "./help.ts";
import { hubSpotWebhookDoors } from "./hubspot-webhooks.ts";
import { limit } from "./limit.ts";
import { logDoors } from "./log.ts";
import { mappingDoors, previewDoors } from "./mappings.ts";
import { memberDoors } from "./members.ts";
import { createMetrics } from "./metrics.ts";
import { noticeDoors, notificationDoors } from "./notifications.ts";
import { operationDoors } from "./operations.ts";
import { refusalOf } from "./problem.ts";
import { recordDoors } from "./records.ts";
import { onceByRequestId } from "./request-results.ts";
import { runDoors, startDoors } from "./runs.ts";
import type { Services } from "./services.ts";
import { sessionDoors } from "./session.ts";
import { settingsDoors } from "./settings.ts";
import { skillDoors, skillRunDoors } from "./skills.ts";
import { sourceDoors } from "./sources.ts";
import { templateDoors } from "./templates.ts";
import { unsubscribeDoors } from "./unsubscribe.ts";
import { safeHeaders, watch } from "./watch.ts";

/** @returns the app; `app.request(path)` answers without a socket, `serveApp` (server.ts) with one */
export function createApp(house: House, services: Services) {
  const metrics = createMetrics();
  const app = new Hono<Env>();
  app.onError((error, c) => {
    const { status, problem, headers, ours } = refusalOf(error, c.get("instance"));
    if (ours) house.log.error("http.failed", { instance: c.get("instance"), reason: reasonOf(error) });
    return c.json(problem, status, headers);
  });
  app.notFound((c) => {
    const gone = new AppError("not_found", { status: 404, public: "There is nothing at this address. See /docs." });
    const { status, problem, headers } = refusalOf(gone, c.get("instance"));
    return c.json(problem, status, headers);
  });
  app.use(watch(house, metrics));
  app.use(safeHeaders());
  app.use("/api/*", envelope());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const says = `This address takes ${methods.join(", ")}.`;
        const { status, problem, headers } = refusalOf(
          new AppError("method_not_allowed", { status: 405, public: says }),
          c.get("instance"),
        );
        return c.json(problem, status, { ...headers, allow: methods.join(", ") });
      },
    }),
  );
  app.use("/api/*", guardBody());
  for (const place of ["/api/session", "/api/workspaces/:workspaceId/*"] as const) {
    app.use(place, findCaller(house), limit(house, "api"), onceByRequestId(house));
  }
  const doors = app
    .route("/api/session", sessionDoors(house))
    .route("/api/workspaces/:workspaceId/crm-writeback/fields", fieldDoors())
    .route("/api/workspaces/:workspaceId/crm-writeback/crm-properties", crmPropertyDoors(house))
    .route("/api/workspaces/:workspaceId/crm-writeback/filter-choices", filterChoiceDoors(house))
    .route("/api/workspaces/:workspaceId/crm-writeback/mappings", mappingDoors(house, services))
    .route("/api/workspaces/:workspaceId/crm-writeback/preview", previewDoors(house, services))
    .route("/api/workspaces/:workspaceId/crm-writeback/templates", templateDoors(house))
    .route("/api/workspaces/:workspaceId/crm-writeback/dry-run", startDoors(house, services, "dry_run"))
    .route("/api/workspaces/:workspaceId/crm-writeback/sync-all", startDoors(house, services, "sync"))
    .route("/api/workspaces/:workspaceId/crm-writeback/runs", runDoors(house, services))
    .route("/api/workspaces/:workspaceId/crm-writeback/log", logDoors(house, services))
    .route("/api/workspaces/:workspaceId/conversations/without-deals", gapDoors(house))
    .route("/api/workspaces/:workspaceId/conversations/without-deals", createDealDoors(house))
    .route("/api/workspaces/:workspaceId/creations", creationDoors(house))
    .route("/api/workspaces/:workspaceId/auto-create", autoCreateDoors(house))
    .route("/api/workspaces/:workspaceId/deal-options", dealOptionsDoors(house))
    .route("/api/workspaces/:workspaceId/crm-search", crmSearchDoors(house))
    .route("/api/workspaces/:workspaceId/connections", connectionDoors(house, services))
    .route("/api/workspaces/:workspaceId/records", recordDoors(house))
    .route("/api/workspaces/:workspaceId/skills", skillDoors(house))
    .route("/api/workspaces/:workspaceId/skill-runs", skillRunDoors(house))
    .route("/api/workspaces/:workspaceId/findings", findingDoors(house))
    .route("/api/workspaces/:workspaceId/conversations", conversationDoors(house))
    .route("/api/workspaces/:workspaceId/sources", sourceDoors(house))
    .route("/api/workspaces/:workspaceId/settings", settingsDoors(house))
    .route("/api/workspaces/:workspaceId/members", memberDoors(house))
    .route("/api/workspaces/:workspaceId/api-keys", apiKeyDoors(house))
    .route("/api/workspaces/:workspaceId/notifications", notificationDoors(house))
    .route("/api/workspaces/:workspaceId/notices", noticeDoors(house))
    .route("/api/workspaces/:workspaceId/alerts", alertDoors(house));
  app.route("/oauth", services.oauthRoutes(house));
  app.route("/webhooks/conversations", conversationHookDoors(house));
  app.route("/webhooks/hubspot", hubSpotWebhookDoors(house));
  app.route("/downloads", downloadDoors(house, services));
  app.route("/unsubscribe", unsubscribeDoors(house));
  app.route("/help", helpDoors());
  app.route("/", operationDoors(house, metrics));
  app.route("/", docsDoors(app, house.config.publicUrl));
  return doors;
}

/** For typed clients: `hc<AppType>(url)`. */
export type AppType = ReturnType<typeof createApp>;

/** What went wrong, for the log; a database error's detail may hold values, so its message alone is taken. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "not an error";
  return `${error.name}: ${error.message}`.slice(0, 300);
}
