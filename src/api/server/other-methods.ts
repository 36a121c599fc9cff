// A known path with a method that it does not have is a 405 that names those it has.
import type { FastifyInstance } from "fastify";
import { apiError } from "./problems.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** GET brings HEAD along, but for streams. */
export function refuseOtherMethods(
  app: FastifyInstance,
  routes: readonly { readonly method: string; readonly path: string; readonly isStream?: boolean }[],
): void {
  const allowedAt = new Map<string, string[]>();
  for (const { method, path, isStream = false } of routes) {
    const methods = method === "GET" && !isStream ? ["GET", "HEAD"] : [method];
    allowedAt.set(path, [...(allowedAt.get(path) ?? []), ...methods]);
  }
  for (const [url, allowed] of allowedAt) {
    app.route({
      url,
      method: METHODS.filter((method) => !allowed.includes(method)),
      onRequest: async (request, reply) => {
        reply.header("allow", allowed.join(", "));
        const message = `${request.method} is not for ${url}: use ${allowed.filter((each) => each !== "HEAD").join(" or ")}`;
        throw apiError({ status: 405, kind: "wrong-method", message });
      },
      handler: () => undefined,
    });
  }
}
