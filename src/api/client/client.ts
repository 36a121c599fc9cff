// A typed client made from the contract's table of routes. Works in browsers and in Node; every failure is a Problem.
import type { Static, TSchema } from "typebox";
import { type Result, success } from "../../model/result.ts";
import { ADDRESSES } from "../contract/addresses.ts";
import type { Problem, routes } from "../contract/live.ts";

type Routes = typeof routes;
type Part<Route, Key extends string> = Route extends Record<Key, infer Schema extends TSchema> ? Static<Schema> : never;
type Given<Route> = Route extends { params: TSchema } ? [given: Part<Route, "params">] : [];

/** One method for each route of the contract: `client.getCustomerChart({ id })`. */
export type HeadroomClient = {
  readonly [Name in keyof Routes]: (
    ...given: Given<Routes[Name]>
  ) => Promise<Result<Part<Routes[Name], "response">, Problem>>;
};

export interface ClientOptions {
  /** "http://127.0.0.1:8710", or "" in a page that comes from the same server. */
  readonly address: string;
  readonly fetcher: typeof fetch;
}

export function createClient(options: ClientOptions): HeadroomClient {
  const methods = Object.entries(ADDRESSES).map(([name, route]) => [
    name,
    (params: Readonly<Record<string, string>> = {}) =>
      call(options, { method: route.method, path: filledPath(route.path, params) }),
  ]);
  // The addresses are those of the routes that the type is made from; entries alone cannot tell the compiler so.
  return Object.fromEntries(methods) as HeadroomClient;
}

function filledPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
}

async function call(
  { address, fetcher }: ClientOptions,
  { method, path }: { method: string; path: string },
): Promise<Result<unknown, Problem>> {
  try {
    const response = await fetcher(`${address}${path}`, { method, headers: { accept: "application/json" } });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok && body !== undefined) return success(body);
    return { ok: false, error: isProblem(body) ? body : unreadable(response.status) };
  } catch (error) {
    return { ok: false, error: unreachable(error) };
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
