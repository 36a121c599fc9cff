import { expect, test } from "vitest";
import { createClient } from "./client.ts";

function clientOf(answer: () => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetcher: typeof fetch = async (input) => {
    asked.push(String(input));
    return answer();
  };
  return { client: createClient({ address: "http://127.0.0.1:1", fetcher }), asked };
}

test("parameters become one part of the path, whatever is in them", async () => {
  const { client, asked } = clientOf(() => Response.json({}));
  await client.getCustomerChart({ id: "a/b ?%" });
  await client.getFleet();
  expect(asked).toEqual(["http://127.0.0.1:1/v1/customers/a%2Fb%20%3F%25/chart", "http://127.0.0.1:1/v1/fleet"]);
});

test("every failure is a problem: the server's own, an answer from somebody else, and no answer", async () => {
  const problem = { type: "urn:headroom:problem:not-found", title: "No customer x", status: 404 };
  const told = await clientOf(() => Response.json(problem, { status: 404 })).client.getFleet();
  expect(told).toEqual({ ok: false, error: problem });
  const foreign = await clientOf(() => new Response("<html>", { status: 502 })).client.getFleet();
  expect(foreign).toMatchObject({ ok: false, error: { type: "urn:headroom:problem:unreadable", status: 502 } });
  const silent = await clientOf(() => Promise.reject(new Error("refused"))).client.getFleet();
  expect(silent).toMatchObject({ ok: false, error: { type: "urn:headroom:problem:unreachable", status: 0 } });
});
