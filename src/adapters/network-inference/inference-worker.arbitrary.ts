// For a test: opens a network within a worker thread and answers one request there.
import { parentPort, workerData } from "node:worker_threads";
import type { Committee } from "../../forecast/network/committee.ts";
import type { InferenceRequest } from "../../forecast/network/network-inference.ts";
import { openNetworkInference } from "./open-network-inference.ts";

const { network, request } = workerData as { readonly network: Committee; readonly request: InferenceRequest };
const { inference } = await openNetworkInference(network);
const answer = await inference.infer(request);
await inference.close();
parentPort?.postMessage({ kind: inference.kind, answer });
