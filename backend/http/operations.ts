/** For the operator: `/health` (the process lives), `/ready` (it can work), `/metrics` (Prometheus). */
import { Gauge } from "prom-client";
import type { House } from "../connections/house.ts";
import { newDoors } from "./door.ts";
import type { Metrics } from "./metrics.ts";

export function operationDoors(house: House, metrics: Metrics) {
  new Gauge({
    name: "pandora_jobs_pending",
    help: "Jobs waiting or running, by kind",
    labelNames: ["kind"],
    registers: [metrics.registry],
    async collect() {
      this.reset();
      for (const [kind, count] of Object.entries(await house.queue.pending())) this.set({ kind }, count);
    },
  });
  return newDoors()
    .get("/health", (c) => c.json({ ok: true }))
    .get("/ready", async (c) => {
      try {
        await house.db.outside((tx) => tx`select 1 from schema_migrations limit 1`);
        return c.json({ ok: true });
      } catch (error) {
        house.log.warn("http.not_ready", { reason: (error as { code?: string }).code ?? "database" });
        return c.json({ ok: false, reason: "The database does not answer." }, 503);
      }
    })
    .get("/metrics", async (c) => {
      c.header("content-type", metrics.registry.contentType);
      return c.body(await metrics.registry.metrics());
    });
}
