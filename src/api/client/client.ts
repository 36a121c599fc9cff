// A typed client made from the contract's table of routes. Works in browsers and in Node; every failure is a Problem.
import type { Static, TSchema } from "typebox";
import { type Result, success } from "../../model/result.ts";
import { ADDRESSES } from "../contract/addresses.ts";
import type { Problem } from "../contract/live.ts";
import type { LiveRoutes, Routes } from "../contract/routes.ts";

type Part<Row, Key extends string> = Row extends { readonly [K in Key]: infer Schema extends TSchema }
  ? Static<Schema>
  : unknown;

/** Path parameters by their names, and beside them: */
type Given<Row> = Part<Row, "params"> &
  (Row extends { readonly query: TSchema } ? { readonly query?: Part<Row, "query"> } : unknown) &
  (Row extends { readonly packedBody: string }
    ? { readonly body: Part<Row, "body"> | Uint8Array }
    : Row extends { readonly body: TSchema }
      ? { readonly body: Part<Row, "body"> }
      : unknown) &
  CallOptions;

interface CallOptions {
  /** Only to this version; 0: only if there is none yet. */
  readonly ifVersion?: number;
  /** For POST: the same key brings the same answer, and the work is done once. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** One method for each route of the contract: `client.getVm({ id })`, `client.putVm({ id, body, ifVersion: 3 })`. */
export type ApiClient = {
  readonly [Name in keyof Routes]: Record<never, never> extends Given<Routes[Name]>
    ? (given?: Given<Routes[Name]>) => Answer<Routes[Name]>
    : (given: Given<Routes[Name]>) => Answer<Routes[Name]>;
};

/** What a live page works with. */
export type HeadroomClient = Pick<ApiClient, keyof LiveRoutes>;

type Answer<Row> = Promise<Result<Part<Row, "response">, Problem>>;

export interface ClientOptions {
  /** "http://127.0.0.1:8710", or "" in a page that comes from the same server. */
  readonly address: string;
  readonly fetcher: typeof fetch;
  /** An API key or token; none where everybody on this machine may look. */
  readonly key?: string;
  /**
   * How often a call is made that found nobody, or was told to come again later: 1 where left out. Only calls that may be made
   * twice are: all but POSTs without an idempotency key.
   */
  readonly triesMax?: number;
}

export function createClient(options: ClientOptions): ApiClient {
  const methods = Object.entries(ADDRESSES).map(([name, address]) => [
    name,
    (given: AnyGiven = {}) => callUntilAnswered(options, requestOf(options, address, given)),
  ]);
  // The addresses are those of the routes that the type is made from; entries alone cannot tell the compiler so.
  return Object.fromEntries(methods) as ApiClient;
}

interface AnyGiven extends CallOptions {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly [param: string]: unknown;
}

interface Request {
  readonly url: string;
  readonly init: RequestInit;
  readonly mayRepeat: boolean;
}

function requestOf(
  { address, key }: ClientOptions,
  { method, path }: { readonly method: string; readonly path: string },
  given: AnyGiven,
): Request {
  const { query = {}, body, ifVersion, idempotencyKey, signal } = given;
  const isBytes = body instanceof Uint8Array;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(given[name] ?? "")));
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  const headers = {
    accept: "application/json",
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(body !== undefined && { "content-type": isBytes ? "application/octet-stream" : "application/json" }),
    ...(ifVersion === 0 && { "if-none-match": "*" }),
    ...(ifVersion !== undefined && ifVersion > 0 && { "if-match": `"${ifVersion}"` }),
    ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
  };
  const sent = isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
  return {
    url: `${address}${filled}${search === "" ? "" : `?${search}`}`,
    init: { method, headers, ...(body !== undefined && { body: sent }), ...(signal && { signal }) },
    mayRepeat: method !== "POST" || idempotencyKey !== undefined,
  };
}

const WAIT_SECONDS = 1;
const WAIT_SECONDS_MAX = 30;

async function callUntilAnswered(options: ClientOptions, request: Request): Promise<Result<unknown, Problem>> {
  const { triesMax = 1 } = options;
  for (let attempt = 1; ; attempt++) {
    const { result, retryAfter } = await call(options, request);
    const isLater = !result.ok && [0, 429, 503].includes(result.error.status);
    if (!isLater || !request.mayRepeat || attempt >= triesMax || request.init.signal?.aborted) return result;
    const seconds = Math.min(Number(retryAfter) || WAIT_SECONDS, WAIT_SECONDS_MAX);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

interface Called {
  readonly result: Result<unknown, Problem>;
  readonly retryAfter: string | null;
}

async function call({ fetcher }: ClientOptions, { url, init }: Request): Promise<Called> {
  try {
    const response = await fetcher(url, init);
    const retryAfter = response.headers.get("retry-after");
    if (response.status === 204) return { result: success(null), retryAfter };
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return { result: success(body), retryAfter };
    return { result: { ok: false, error: isProblem(body) ? body : unreadable(response.status) }, retryAfter };
  } catch (error) {
    return { result: { ok: false, error: unreachable(error) }, retryAfter: null };
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "type" in body && "title" in body && "status" in body;
}

function unreadable(status: number): Problem {
  return { type: "urn:headroom:problem:unreadable", title: "The answer is not from Headroom", status };
}

/** Status 0: nobody answered. */
function unreachable(error: unknown): Problem {
  return {
    type: "urn:headroom:problem:unreachable",
    title: "Headroom does not answer",
    status: 0,
    detail: String(error),
  };
}
