// What became of metrics that were pushed.
import { success } from "../../../model/result.ts";
import type { metricsRoutes } from "../../contract/metrics.ts";
import type { Desks, Handlers } from "../handler.ts";
import { refusal } from "../refusals.ts";

export function metricsHandlers({ metrics }: Desks): Handlers<typeof metricsRoutes> {
  return {
    async getMetricsMapping({ caller }) {
      if (metrics === undefined) return refusal("not-found", "No metrics are taken here.");
      return success({ body: metrics.whatReached(caller) });
    },
  };
}
