import fc from "fast-check";
import { expect, test } from "vitest";
import { SMALL_SHAPE, someParameters } from "./network.arbitrary.ts";
import { bytesToCheckpoint, bytesToNetwork, checkpointToBytes, networkToBytes } from "./training-checkpoint.ts";
import { startTraining } from "./training-run.ts";

const network = { shape: SMALL_SHAPE, parameters: someParameters(SMALL_SHAPE, 1) };
const bytes = networkToBytes(network);
const fresh = startTraining({ shape: SMALL_SHAPE, seed: 1, steps: 9, peakRate: 1e-3, validateEvery: 3, patience: 2 });

const complaint = (result: ReturnType<typeof bytesToNetwork>) => (result.ok ? "" : result.error.message);

test("a network is read back as it was written, from anywhere within a buffer", () => {
  expect(bytesToNetwork(bytes)).toEqual({ ok: true, value: network });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(bytesToNetwork(shifted.subarray(3))).toEqual({ ok: true, value: network });
});

test("a run that has not begun is read back as it was written", () => {
  expect(bytesToCheckpoint(checkpointToBytes(fresh))).toEqual({ ok: true, value: fresh });
});

test("any changed or missing byte is noticed", () => {
  const damage = fc.record({ at: fc.nat({ max: bytes.length - 1 }), by: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(damage, ({ at, by }) => {
      const damaged = bytes.map((byte, index) => (index === at ? byte ^ by : byte));
      expect(bytesToNetwork(damaged).ok).toBe(false);
      expect(bytesToNetwork(bytes.subarray(0, at)).ok).toBe(false);
    }),
    { seed: 1 },
  );
});

test("what is wrong is said", () => {
  expect(complaint(bytesToNetwork(new Uint8Array(0)))).toContain("only 0 of them");
  expect(complaint(bytesToNetwork(new Uint8Array(100)))).toContain("do not begin with HDRM");
  expect(complaint(bytesToNetwork(bytes.subarray(0, 200)))).toContain("damaged or cut off");
  expect(complaint(bytesToNetwork(checkpointToBytes(fresh)))).toContain("they are a headroom.training-run/1");
  const short = networkToBytes({ ...network, parameters: network.parameters.slice(1) });
  expect(complaint(bytesToNetwork(short))).toContain("do not fit its shape");
});
