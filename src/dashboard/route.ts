// What the page shows lives in its address, so that a view can be sent to somebody else.
import type { Resource } from "../model/resources.ts";
import { isResource } from "./units.ts";

export type Route =
  | { readonly page: "fleet"; readonly resource: Resource }
  | { readonly page: "customer"; readonly id: string; readonly resource: Resource };

/** Anything unknown is the fleet's CPU: an old link never leads to an error. */
export function readRoute({ pathname, search }: { pathname: string; search: string }): Route {
  const wanted = new URLSearchParams(search).get("res");
  const resource = isResource(wanted) ? wanted : "cpu";
  const id = decoded(pathname.match(/^\/customers\/([^/]+)$/)?.[1]);
  return id === undefined ? { page: "fleet", resource } : { page: "customer", id, resource };
}

export function writeRoute(route: Route): string {
  const query = route.resource === "cpu" ? "" : `?res=${route.resource}`;
  switch (route.page) {
    case "fleet":
      return `/${query}`;
    case "customer":
      return `/customers/${encodeURIComponent(route.id)}${query}`;
  }
}

function decoded(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
