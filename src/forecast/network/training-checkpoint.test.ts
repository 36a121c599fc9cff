import fc from "fast-check";
import { expect, test } from "vitest";
import { SMALL_SHAPE, someParameters } from "./network.arbitrary.ts";
import { bytesToCheckpoint, bytesToCommittee, checkpointToBytes, committeeToBytes } from "./training-checkpoint.ts";
import { startTraining } from "./training-run.ts";

const network = { shape: SMALL_SHAPE, members: [1, 2].map((seed) => someParameters(SMALL_SHAPE, seed)) };
const bytes = committeeToBytes(network);
const fresh = startTraining({ shape: SMALL_SHAPE, seed: 1, steps: 9, peakRate: 1e-3, validateEvery: 3, patience: 2 });

const complaint = (result: ReturnType<typeof bytesToCommittee>) => (result.ok ? "" : result.error.message);

test("a network is read back as it was written, from anywhere within a buffer", () => {
  expect(bytesToCommittee(bytes)).toEqual({ ok: true, value: network });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(bytesToCommittee(shifted.subarray(3))).toEqual({ ok: true, value: network });
});

test("a run that has not begun is read back as it was written", () => {
  expect(bytesToCheckpoint(checkpointToBytes(fresh))).toEqual({ ok: true, value: fresh });
});

test("any changed or missing byte is noticed", () => {
  const damage = fc.record({ at: fc.nat({ max: bytes.length - 1 }), by: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(damage, ({ at, by }) => {
      const damaged = bytes.map((byte, index) => (index === at ? byte ^ by : byte));
      expect(bytesToCommittee(damaged).ok).toBe(false);
      expect(bytesToCommittee(bytes.subarray(0, at)).ok).toBe(false);
    }),
    { seed: 1 },
  );
});

test("what is wrong is said", () => {
  expect(complaint(bytesToCommittee(new Uint8Array(0)))).toContain("only 0 of them");
  expect(complaint(bytesToCommittee(new Uint8Array(100)))).toContain("do not begin with HDRM");
  expect(complaint(bytesToCommittee(bytes.subarray(0, 200)))).toContain("damaged or cut off");
  expect(complaint(bytesToCommittee(checkpointToBytes(fresh)))).toContain("they are a headroom.training-run/2");
  const short = committeeToBytes({ ...network, members: network.members.map((each) => each.slice(1)) });
  expect(complaint(bytesToCommittee(short))).toContain("do not fit its shape");
});
