import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { openKernelInference } from "../../forecast/network/kernel-inference.ts";
import {
  distance,
  referenceAnswer,
  SMALL_SHAPE,
  someParameters,
  someRequest,
} from "../../forecast/network/network.arbitrary.ts";
import type { NetworkShape } from "../../forecast/network/shape.ts";
import { openOnnxInference } from "./onnx-inference.ts";
import { openNetworkInference } from "./open-network-inference.ts";

const network = { shape: SMALL_SHAPE, parameters: someParameters(SMALL_SHAPE, 1) };
const committee = { shape: SMALL_SHAPE, members: [network.parameters, someParameters(SMALL_SHAPE, 8)] };
const kernels = openKernelInference(network);
const together = openKernelCommittee(committee);

async function opened(served = network) {
  const inference = await openOnnxInference(served);
  if (!inference.ok) throw new Error(inference.error.message);
  return inference.value;
}

describe("onnxruntime", () => {
  test.each([
    ["one window", { steps: 4, windows: 1 }],
    ["many windows", { steps: 9, windows: 67 }],
  ])("says what the kernels and the reference say: %s", async (_, size) => {
    const inference = await opened();
    const request = someRequest(SMALL_SHAPE, size, 2);
    const answer = await inference.infer(request);
    expect(distance(answer, kernels.infer(request))).toBeLessThan(1e-5);
    expect(distance(answer, referenceAnswer(network, request))).toBeLessThan(1e-5);
    const next = { ...request, state: answer.state };
    expect(distance(await inference.infer(next), kernels.infer(next))).toBeLessThan(1e-5);
    await inference.close();
  });

  test("at the sizes in service", async () => {
    const shape: NetworkShape = {
      inputs: 15,
      hidden: 48,
      width: 64,
      decoders: [
        { name: "a", features: 34 },
        { name: "b", features: 9 },
      ],
    };
    const large = { shape, parameters: someParameters(shape, 3) };
    const inference = await opened(large);
    const request = someRequest(shape, { steps: 48, windows: 130 }, 4);
    expect(distance(await inference.infer(request), openKernelInference(large).infer(request))).toBeLessThan(1e-5);
    await inference.close();
  });

  test("a decoder that is not asked says nothing, and none need be asked", async () => {
    const inference = await opened();
    const request = someRequest(SMALL_SHAPE, { steps: 2, windows: 3 }, 5);
    for (const questions of [request.questions.slice(0, 1), request.questions.slice(1), []]) {
      const asked = { ...request, questions };
      expect(distance(await inference.infer(asked), kernels.infer(asked))).toBeLessThan(1e-5);
    }
    await inference.close();
  });
});

describe("the fall-back", () => {
  const absent = () => Promise.reject(new Error("libonnxruntime.so.1: cannot open shared object file"));

  test("the native library serves where it can be loaded, without a notice", async () => {
    const { inference, notice } = await openNetworkInference(committee);
    expect(inference.kind).toBe("onnxruntime");
    expect(notice).toBeUndefined();
    const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 5 }, 9);
    const answer = await inference.infer(request);
    const next = { ...request, state: answer.state };
    expect(distance(await inference.infer(next), together.infer(next))).toBeLessThan(1e-5);
    await inference.close();
  });

  test("the kernels serve where it cannot, and the notice says why", async () => {
    const { inference, notice } = await openNetworkInference(committee, absent);
    const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 5 }, 6);
    expect(inference.kind).toBe("wasm");
    expect(notice).toContain("libonnxruntime.so.1");
    expect(distance(await inference.infer(request), together.infer(request))).toBeLessThan(1e-5);
    await inference.close();
  });
});

test("it works within a worker thread, and the thread ends by itself", async () => {
  const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 5 }, 7);
  const file = new URL("inference-worker.arbitrary.ts", import.meta.url).href;
  // A thread starts without what reads TypeScript.
  const start = `import("tsx/esm/api").then(({ register }) => { register(); return import("${file}"); });`;
  const worker = new Worker(start, { eval: true, workerData: { network: committee, request } });
  const [[message], [exitCode]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
  expect(message.kind).toBe("onnxruntime");
  expect(distance(message.answer, together.infer(request))).toBeLessThan(1e-5);
  expect(exitCode).toBe(0);
});
