import { expect, test } from "vitest";
import { decideAll, HOURLY } from "./decide-all.arbitrary.ts";
import { staticPolicy } from "./static.ts";

test("every tick has the same share of the fixed size, whatever is demanded", () => {
  const shares = staticPolicy.knobs.map((share) => share * HOURLY.fixedSize);
  for (const allocations of decideAll(staticPolicy, HOURLY, [0, 100, Number.NaN])) expect(allocations).toEqual(shares);
});
