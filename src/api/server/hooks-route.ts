// The door for programs that announce events: no key, but a signature over the very bytes that came. Whoever is refused is not told
// whether there is such a source.
import type { FastifyInstance } from "fastify";
import type { Instant } from "../../model/time.ts";
import { HOOKS_PATH } from "../contract/addresses.ts";
import { sendRefusal } from "./problems.ts";
import { type Refusal, statusOf } from "./refusals.ts";
import type { SourceDesk } from "./source-desk.ts";

export interface HooksRouteOptions {
  readonly sources: SourceDesk;
  readonly now: () => Instant;
  readonly onError: (error: Error) => void;
}

const BODY_BYTES_MAX = 256 * 1024;

/** In a scope of its own, since the bytes are read here and not what they mean. */
export function addHooksRoute(app: FastifyInstance, { sources, now, onError }: HooksRouteOptions): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.route<{ Params: { source: string } }>({
      method: "POST",
      url: HOOKS_PATH,
      bodyLimit: BODY_BYTES_MAX,
      handler: async ({ params, headers, body }, reply) => {
        reply.header("cache-control", "no-store");
        const signature = headers["headroom-signature"];
        const heard = await sources.hear({
          source: params.source,
          signature: typeof signature === "string" ? signature : undefined,
          body: body instanceof Uint8Array ? body : new Uint8Array(),
          now: now(),
        });
        if (heard.ok) return heard.value;
        const refused: Refusal = heard.error.kind === "rejected" ? { ...heard.error, status: 401 } : heard.error;
        if (statusOf(refused) >= 500) onError(new Error(refused.message));
        return sendRefusal(reply, refused);
      },
    });
    done();
  });
}
