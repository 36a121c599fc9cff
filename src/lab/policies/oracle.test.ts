import { expect, test } from "vitest";
import { oraclePolicy } from "./oracle.ts";

test("it allocates exactly what will be asked for, and nothing where nobody knows", () => {
  const { planning } = oraclePolicy;
  if (planning.kind !== "clairvoyant") throw new Error("the oracle sees ahead");
  const allocations = new Float64Array(1);
  const granted = [3, 0, Number.NaN, 7].map((demand) => {
    planning.allocate(demand, allocations);
    return allocations[0];
  });
  expect(granted).toEqual([3, 0, 0, 7]);
});
