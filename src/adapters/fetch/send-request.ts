// One GET over HTTP, to an address that was checked, up to the head of its answer. A name is resolved once, and what was checked is
// what is connected to: a name server that says something else a moment later changes nothing.
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import { failure, type Result, success } from "../../model/result.ts";
import type { DurationMs } from "../../model/time.ts";
import { type AddressRule, lookupAllowed, type Resolver, refusalOf } from "../customer-addresses/allowed-address.ts";

export interface Doorway {
  readonly allows: AddressRule;
  /** The system's where left out. */
  readonly resolver?: Resolver;
}

export interface RequestOptions extends Doorway {
  readonly headers: Readonly<Record<string, string>>;
  /** Nothing heard for so long: given up. */
  readonly idleMs: DurationMs;
  readonly signal: AbortSignal;
}

const URL_LENGTH_MAX = 2_048;
const HEAD_BYTES_MAX = 16 * 1_024;

/** "bad-input": an address that is never asked; the sentence says why. */
export function parseTarget(text: string, { allows }: Pick<Doorway, "allows">): Result<URL> {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text))
    return failure("bad-input", "Give a whole URL, such as https://calendar.example.com/events.ics.");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return failure("bad-input", `Only https and http are read, not ${url.protocol.slice(0, 20)}`);
  if (url.username !== "" || url.password !== "")
    return failure("bad-input", "The URL may name no user and no password.");
  const name = hostOf(url);
  if (isIP(name) !== 0 && !allows(name)) return failure("bad-input", refusalOf(name));
  return success(url);
}

/** Whoever gets the answer reads it to its end or destroys it. */
export function sendRequest(url: URL, options: RequestOptions): Promise<Result<IncomingMessage>> {
  const { allows, resolver, headers, idleMs, signal } = options;
  return new Promise((resolve) => {
    const request = (url.protocol === "https:" ? requestSecure : requestPlain)(url, {
      headers,
      signal,
      agent: false,
      maxHeaderSize: HEAD_BYTES_MAX,
      timeout: idleMs,
      lookup: lookupAllowed(allows, resolver),
    });
    request.on("error", (error) => resolve(failure("unavailable", saidOf(error, url))));
    request.on("timeout", () => request.destroy(new Error(`it said nothing for ${idleMs} ms`)));
    request.on("socket", (socket) =>
      socket.once("connect", () => {
        if (!allows(socket.remoteAddress ?? "")) request.destroy(new Error(refusalOf(url.hostname)));
      }),
    );
    request.on("response", (response) => resolve(success(response)));
    request.end();
  });
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function saidOf(error: Error, { host }: URL): string {
  if (error.name === "AbortError") return `${host} took too long.`;
  return `${host} cannot be read: ${error.message.slice(0, 200)}.`;
}
