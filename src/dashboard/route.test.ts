import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCES } from "../model/resources.ts";
import { type Route, readRoute, writeRoute } from "./route.ts";

const parse = (address: string): Route => readRoute(new URL(address, "http://127.0.0.1"));

test("what is written is read again, whatever a customer is called", () => {
  const id = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text !== "." && text !== "..");
  fc.assert(
    fc.property(id, fc.constantFrom(...RESOURCES), (customer, resource) => {
      const route: Route = { page: "customer", id: customer, resource };
      expect(parse(writeRoute(route))).toEqual(route);
    }),
    { seed: 1 },
  );
  expect(parse(writeRoute({ page: "fleet", resource: "memory" }))).toEqual({ page: "fleet", resource: "memory" });
});

test("an address that nobody wrote leads to the fleet's CPU, never to an error", () => {
  const fleet = { page: "fleet", resource: "cpu" };
  expect(["/", "/?res=gold", "/customers/", "/customers/a/b", "/customers/%zz"].map(parse)).toEqual(
    Array(5).fill(fleet),
  );
});
