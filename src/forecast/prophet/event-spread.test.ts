import { describe, expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { eventSpread } from "./event-spread.ts";
import type { EventTerm } from "./terms.ts";

const term: EventTerm = { kind: "event", name: "campaign/sale", mode: "additive", priorScale: 10, spans: [] };
const TICKS = 2_000;
const LENGTH = 10;

/** One occurrence every 200 ticks; the error over it is noise plus what `turnOut` says. */
function spreadWith(occurrences: number, turnOut: (occurrence: number) => number): number {
  const random = seededRandom(1);
  const errors = Float64Array.from({ length: TICKS }, () => random.normal());
  const shares = new Float64Array(TICKS);
  for (let occurrence = 0; occurrence < occurrences; occurrence++) {
    const from = 100 + 200 * occurrence;
    shares.fill(1, from, from + LENGTH);
    for (let tick = from; tick < from + LENGTH; tick++) errors[tick] = (errors[tick] ?? 0) + turnOut(occurrence);
  }
  return eventSpread(errors, [{ term, shares }]).get(term) ?? Number.NaN;
}

describe("the variance that an event adds", () => {
  test("is that of the estimated effect where occurrences are alike: ordinary variance over their number", () => {
    const one = spreadWith(1, () => 0);
    expect(one).toBeGreaterThan(0);
    expect(one).toBeLessThan(3 / LENGTH);
    expect(spreadWith(8, () => 0)).toBeLessThan(one);
  });

  test("grows with how much past occurrences differed", () => {
    const differing = spreadWith(8, (occurrence) => (occurrence % 2 === 0 ? 3 : -3));
    expect(differing).toBeGreaterThan(5);
    expect(differing).toBeLessThan(20);
  });

  test("is nothing where there are no errors", () => {
    expect(eventSpread(new Float64Array(100), [{ term, shares: new Float64Array(100).fill(1, 5, 9) }]).get(term)).toBe(
      0,
    );
  });
});
