// One notice, once, to the load balancer of its customer: signed, with an end in time, and never redirected.
import { createHmac } from "node:crypto";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import type { HandOverNotice, WebhookTarget } from "../../model/hand-over.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { DurationMs, Instant } from "../../model/time.ts";
import { type AllowedAddresses, lookupAllowed, refusalOf } from "../customer-addresses/allowed-address.ts";

export interface PostOptions {
  readonly target: WebhookTarget;
  readonly at: Instant;
  /** From the look-up of its name to the head of its answer. */
  readonly timeoutMs: DurationMs;
  readonly allowed: AllowedAddresses;
  /** Given up as soon as it aborts. */
  readonly signal: AbortSignal;
}

/** An answer of 200 to 299 acknowledges. "bad-input": a target that is never posted to; "unavailable": worth trying again. */
export async function postNotice(notice: HandOverNotice, options: PostOptions): Promise<Result<void>> {
  const target = checkTarget(options.target, options.allowed);
  if (!target.ok) return target;
  const answered = await post(target.value, JSON.stringify(notice), options);
  if (!answered.ok) return answered;
  const status = answered.value;
  if (status >= 200 && status < 300) return success(undefined);
  const hint = status >= 300 && status < 400 ? " Redirects are not followed: give the address it leads to." : "";
  return failure("unavailable", `${target.value.host} answered ${status}.${hint}`);
}

/** Its URL; "bad-input": notices would never be posted there. Names are not resolved. */
export function checkTarget(target: WebhookTarget, allowed: AllowedAddresses): Result<URL> {
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  if (url === undefined) return failure("bad-input", "A webhook is a whole URL, as https://lb.example.com/headroom.");
  const name = hostOf(url);
  const isPlain = url.protocol === "http:" && (isIP(name) === 0 ? allowed.namesAny : allowed.isNamed(name));
  if (url.protocol !== "https:" && !isPlain) return failure("bad-input", `A webhook speaks HTTPS, not ${url.protocol}`);
  if (url.username !== "" || url.password !== "") return failure("bad-input", "A webhook's URL names no user.");
  if (target.secret.length < SECRET_LENGTH_LEAST)
    return failure("bad-input", `A webhook's secret has ${SECRET_LENGTH_LEAST} characters at least.`);
  if (isIP(name) !== 0 && !allowed.isAllowed(name)) return failure("bad-input", refusalOf(name));
  return success(url);
}

const SECRET_LENGTH_LEAST = 16;

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/**
 * `headroom-signature: t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 of "<seconds>.<body>". A receiver refuses what is older than
 * some minutes, and takes a repeat of an idempotency key as said once.
 */
function signatureOf(body: string, { secret, at }: { readonly secret: string; readonly at: Instant }): string {
  const seconds = Math.floor(at / 1000);
  return `t=${seconds},v1=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`;
}

/** The status of the answer. What else is in it nobody reads: the connection ends with its head. */
function post(url: URL, body: string, options: PostOptions): Promise<Result<number>> {
  const { target, at, timeoutMs, allowed } = options;
  // Not AbortSignal.any with AbortSignal.timeout: Node 20 may collect the latter as garbage, and then nothing ever ends.
  const end = new AbortController();
  const giveUp = () => end.abort();
  const timer = setTimeout(giveUp, timeoutMs);
  options.signal.addEventListener("abort", giveUp, { once: true });
  if (options.signal.aborted) giveUp();
  const answered = new Promise<Result<number>>((resolve) => {
    const isSecure = url.protocol === "https:";
    const request = (isSecure ? requestSecure : requestPlain)(url, {
      method: "POST",
      signal: end.signal,
      agent: false,
      lookup: lookupAllowed(isSecure ? allowed.isAllowed : allowed.isNamed),
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "idempotency-key": JSON.parse(body).idempotencyKey,
        "headroom-signature": signatureOf(body, { secret: target.secret, at }),
      },
    });
    request.on("error", (error) => resolve(failure("unavailable", saidOf(error, url, timeoutMs))));
    request.on("response", (response) => {
      resolve(success(response.statusCode ?? 0));
      response.destroy();
    });
    request.end(body);
  });
  return answered.finally(() => {
    clearTimeout(timer);
    options.signal.removeEventListener("abort", giveUp);
  });
}

function saidOf(error: Error, url: URL, timeoutMs: number): string {
  const isLate = error.name === "AbortError" || error.name === "TimeoutError";
  return isLate
    ? `${url.host} did not answer within ${timeoutMs} ms.`
    : `${url.host} cannot be told: ${error.message}.`;
}
