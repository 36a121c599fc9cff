import { expect, test } from "vitest";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { type Instant, instant } from "../../model/time.ts";
import { createIntake } from "./sample-intake.ts";

const batch = (at: number, cpu: number): SampleColumns => ({
  vms: ["a" as VmId],
  vm: Uint32Array.of(0),
  at: Float64Array.of(at),
  usage: Float32Array.of(cpu, 1, 1, 1),
});

type Batch = Result<{ readonly receivedAt: Instant; readonly columns: SampleColumns }>;

async function* stored(...batches: readonly Batch[]) {
  yield* batches;
}

function intake() {
  const taken: number[] = [];
  const { take, catchUp } = createIntake(({ usage }) => taken.push(usage[0] ?? Number.NaN));
  return { taken, take, catchUp };
}

test("what is both stored and on its way is taken once, whichever comes first", async () => {
  const { taken, take, catchUp } = intake();
  const [early, late] = [instant(1_000), instant(2_000)];
  take(batch(900, 1), early);
  const caught = await catchUp(
    stored(
      success({ receivedAt: early, columns: batch(900, 1) }),
      success({ receivedAt: early, columns: batch(900, 2) }),
      success({ receivedAt: late, columns: batch(1_900, 3) }),
    ),
  );
  take(batch(1_900, 3), late);
  take(batch(1_900, 3), instant(2_001));
  expect(caught.ok).toBe(true);
  expect(taken).toEqual([1, 2, 3, 3]);
});

test("where the store stops answering, what was read by then is taken", async () => {
  const { taken, catchUp } = intake();
  const down: Batch = failure("unavailable", "The database cannot be reached.");
  const caught = await catchUp(stored(success({ receivedAt: instant(1), columns: batch(0, 1) }), down));
  expect(caught).toEqual(down);
  expect(taken).toEqual([1]);
});

test("what it remembers has a bound", () => {
  const { taken, take } = intake();
  for (let each = 0; each < 3_000; each++) take(batch(each, each), instant(each));
  take(batch(0, 0), instant(0));
  take(batch(2_999, 2_999), instant(2_999));
  expect(taken).toHaveLength(3_001);
});
