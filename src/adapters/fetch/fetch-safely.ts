// Reads what others publish, politely and safely: it asks only for what is new, goes to allowed addresses only (at every redirect
// anew), and ends within bounds of bytes and time, whatever the other side does.
import type { IncomingMessage } from "node:http";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import { type DurationMs, durationMs, HOUR_MS, type Instant, SECOND_MS } from "../../model/time.ts";
import { ACCEPTED_ENCODINGS, type BodyLimits, readBody } from "./read-body.ts";
import { type Doorway, parseTarget, sendRequest } from "./send-request.ts";

/** By which a server tells whether something is new (RFC 9110, section 8.8). */
interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface FetchQuestion {
  readonly url: string;
  /** Media types, as in Accept. */
  readonly accept: string;
  /** Of what was read last. */
  readonly seen?: Validators;
}

export type Fetched =
  | { readonly kind: "fetched"; readonly bytes: Uint8Array; readonly validators: Validators }
  | { readonly kind: "unchanged" };

export interface FetchFailure extends Failure {
  /** The other side wants to be left alone for so long. */
  readonly retryAfterMs?: DurationMs;
}

export interface FetchLimits extends BodyLimits {
  readonly redirectsMax: number;
  /** Nothing heard for so long. */
  readonly idleMs: DurationMs;
  /** From the look-up of the name to the last byte, redirects included. */
  readonly totalMs: DurationMs;
}

const FETCH_LIMITS: FetchLimits = {
  packedBytesMax: 4 * 2 ** 20,
  bytesMax: 16 * 2 ** 20,
  redirectsMax: 4,
  idleMs: durationMs(10 * SECOND_MS),
  totalMs: durationMs(30 * SECOND_MS),
};

export interface FetchOptions extends Doorway {
  readonly limits?: Partial<FetchLimits>;
  /** For waiting times that are given as a date. */
  readonly now: Instant;
  /** Given up as soon as it aborts. */
  readonly signal?: AbortSignal;
}

type Outcome = Result<Fetched, FetchFailure>;

/** "bad-input": never asked again as it is; "rejected": too large; "unavailable": worth trying again, later and later. */
export async function fetchSafely(question: FetchQuestion, options: FetchOptions): Promise<Outcome> {
  const limits = { ...FETCH_LIMITS, ...options.limits };
  const end = new AbortController();
  const giveUp = () => end.abort();
  const timer = setTimeout(giveUp, limits.totalMs);
  options.signal?.addEventListener("abort", giveUp, { once: true });
  if (options.signal?.aborted) giveUp();
  try {
    return await follow(question, { ...options, limits, signal: end.signal });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", giveUp);
  }
}

interface Following extends FetchOptions {
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
}

async function follow(question: FetchQuestion, options: Following): Promise<Outcome> {
  const { limits, signal } = options;
  const first = parseTarget(question.url, options);
  if (!first.ok) return first;
  let url = first.value;
  for (let hop = 0; hop <= limits.redirectsMax; hop++) {
    const answered = await sendRequest(url, { ...options, headers: headersOf(question), idleMs: limits.idleMs });
    if (!answered.ok) return answered;
    const response = answered.value;
    if (!REDIRECTS.includes(response.statusCode ?? 0)) return outcomeOf(response, { host: url.host, ...options });
    response.destroy();
    const next = redirected(url, { response, allows: options.allows });
    if (!next.ok) return next;
    url = next.value;
    if (signal.aborted) break;
  }
  return failure(
    "unavailable",
    `${first.value.host} leads from one address to the next, more than ${limits.redirectsMax} times.`,
  );
}

const REDIRECTS = [301, 302, 303, 307, 308];

function headersOf({ accept, seen = {} }: FetchQuestion): Record<string, string> {
  return {
    accept,
    "accept-encoding": ACCEPTED_ENCODINGS,
    "user-agent": "headroom (reads calendars and feeds)",
    ...(seen.etag !== undefined && { "if-none-match": seen.etag }),
    ...(seen.lastModified !== undefined && { "if-modified-since": seen.lastModified }),
  };
}

function redirected(
  from: URL,
  { response, allows }: { readonly response: IncomingMessage } & Pick<Doorway, "allows">,
): Result<URL> {
  const { location = "" } = response.headers;
  const target = URL.canParse(location, from.href) ? new URL(location, from.href).href : location;
  const next = parseTarget(target, { allows });
  if (!next.ok) return failure("bad-input", `${from.host} leads elsewhere. ${next.error.message}`);
  if (from.protocol === "https:" && next.value.protocol !== "https:")
    return failure("bad-input", `${from.host} leads from https to http: that is not followed.`);
  return next;
}

async function outcomeOf(
  response: IncomingMessage,
  { host, limits, now, signal }: Following & { readonly host: string },
): Promise<Outcome> {
  const status = response.statusCode ?? 0;
  if (status === 304 || status !== 200) response.destroy();
  if (status === 304) return success({ kind: "unchanged" });
  if (status !== 200) {
    const wait = retryAfterMs(response.headers["retry-after"], now);
    const refused: FetchFailure = { kind: "unavailable", message: `${host} answered ${status}.` };
    return { ok: false, error: wait === undefined ? refused : { ...refused, retryAfterMs: wait } };
  }
  const body = await readBody(response, { host, ...limits });
  if (!body.ok) return signal.aborted ? failure("unavailable", `${host} took too long.`) : body;
  return success({ kind: "fetched", bytes: body.value, validators: validatorsOf(response) });
}

const VALIDATOR_LENGTH_MAX = 500;

function validatorsOf({ headers }: IncomingMessage): Validators {
  const { etag, "last-modified": lastModified } = headers;
  const isShort = (text: string | undefined): text is string =>
    text !== undefined && text.length <= VALIDATOR_LENGTH_MAX;
  return { ...(isShort(etag) && { etag }), ...(isShort(lastModified) && { lastModified }) };
}

const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;

/** Seconds or a date (RFC 9110, section 10.2.3); a day at most. */
export function retryAfterMs(text: string | undefined, now: Instant): DurationMs | undefined {
  if (text === undefined) return undefined;
  const wait = /^\s*\d{1,9}\s*$/.test(text) ? Number(text) * SECOND_MS : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : durationMs(Math.min(Math.max(wait, 0), RETRY_AFTER_MAX_MS));
}
