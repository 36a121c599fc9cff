// Whatever is sent to whatever route: never our fault, never a crash, and never a byte of somebody else. HEADROOM_FUZZ_REQUESTS says
// how many.
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyRequest } from "./any-request.ts";
import { type Ask, ask, type Told } from "./ask.ts";
import { FOREIGN, startService } from "./running-service.ts";

const REQUESTS = Number(process.env["HEADROOM_FUZZ_REQUESTS"] ?? 3_000);
const SEED = Number(process.env["HEADROOM_FUZZ_SEED"] ?? 1);
/** At once, as many callers do. */
const TOGETHER = 20;

/** Then the fleet is set up anew: much of it is removed by and by. */
const REQUESTS_A_FLEET = 3_000;

/** In what belongs to the other customer, and in no request. */
const FOREIGN_MARKS = ["Larkwhistle Travel", `${FOREIGN}-database`, "a secret"];

const OWN_KEYS: readonly (string | undefined)[] = ["own", "reader"];
const fleets = Array.from({ length: Math.ceil(REQUESTS / REQUESTS_A_FLEET) }, (_, fleet) => fleet);

test.each(fleets)(`${REQUESTS} requests of any kind: fleet %i`, async (fleet) => {
  const service = await startService({ ticks: 3 });
  const span = { start: "2026-05-01T00:00:00Z", end: "2026-05-02T00:00:00Z" };
  const foreign = service.as("foreign");
  await foreign.postEvent({ body: { ...span, name: "a secret" } });
  await foreign.postDoNotLearn({ body: { ...span, vms: [`${FOREIGN}-web-1`], reason: "a secret" } });
  const statuses = new Map<number, number>();
  const numRuns = Math.ceil(Math.min(REQUESTS, REQUESTS_A_FLEET) / TOGETHER);
  await fc.assert(
    fc.asyncProperty(fc.array(anyRequest, { minLength: TOGETHER, maxLength: TOGETHER }), async (requests) => {
      const answers = await Promise.all(requests.map((request) => ask(service.address, request)));
      for (const [index, answer] of answers.entries()) {
        const request = requests[index] as Ask;
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = faultOf(request, answer);
        if (fault)
          throw new Error(`${fault} for ${JSON.stringify(request)}: ${answer.text} ${service.errors.at(-1)?.stack}`);
      }
    }),
    { seed: SEED + fleet, numRuns, endOnFailure: true },
  );
  expect(service.errors).toEqual([]);
  // It is no use to be refused at the door every time.
  const count = (status: number) => statuses.get(status) ?? 0;
  expect({
    statuses: Object.fromEntries(statuses),
    reached: count(200) > numRuns && count(422) > numRuns / 10,
  }).toEqual({ statuses: Object.fromEntries(statuses), reached: true });
  expect(await service.as("operator").getStatus()).toMatchObject({ ok: true });
  await service.close();
});

function faultOf(request: Ask, { status, text, json }: Told): string | undefined {
  if (status >= 500) return `a ${status}`;
  const isProblem = typeof json === "object" && json !== null && "type" in json && "title" in json;
  if (status >= 400 && request.method !== "HEAD" && !isProblem) return `a ${status} that is no problem`;
  const isForeign = OWN_KEYS.includes(request.key) && FOREIGN_MARKS.some((mark) => text.includes(mark));
  return isForeign ? "a foreign byte" : undefined;
}
