// What keeps other people's pages out: also where only this machine can reach the server, every page in its browsers can call it.
import type { FastifyInstance } from "fastify";
import { apiError } from "./problems.ts";

/** On every answer: a page of another origin may neither frame this one, nor run in it, nor be told where it came from. */
export function addSafetyHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers({
      "content-security-policy": CONTENT_SECURITY_POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
    });
  });
}

/** A foreign name that was made to point at this machine would count as the same origin, and could read everything. */
export function refuseForeignNames(app: FastifyInstance, names: readonly string[] = []): void {
  const own = [...LOCAL_NAMES, ...names];
  app.addHook("onRequest", async (request) => {
    if (own.includes(request.hostname)) return;
    const message = `This server answers to ${LOCAL_NAMES.join(" and ")} only, and to names that it was told`;
    throw apiError({ status: 421, kind: "foreign-name", message });
  });
}

export const LOCAL_NAMES: readonly string[] = ["127.0.0.1", "localhost"];

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  ...["script-src", "style-src", "font-src", "img-src", "connect-src"].map((directive) => `${directive} 'self'`),
  ...["base-uri", "form-action", "frame-ancestors"].map((directive) => `${directive} 'none'`),
].join("; ");
