// The trained network that was named on the command line, with what its lineage says of it: for whoever forecasts with it beside
// the statistics.
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { readModel, readServingModel, type StoredModel } from "../../adapters/model-files/model-store.ts";
import { whyNotServed } from "../../forecast/feature-set.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { instant, SECOND_MS } from "../../model/time.ts";
import type { NetworkJob } from "./evaluate-worker.ts";

export interface NamedNetwork extends NetworkJob {
  readonly id: string;
}

/** `path`: the file of a model with its lineage beside it, or a folder of models for the one that serves. */
export async function namedNetwork(path: string): Promise<Result<NamedNetwork>> {
  const read = (await isFolder(path)) ? await servingIn(path) : await readBeside(path);
  if (!read.ok) return read;
  const { lineage, network } = read.value;
  const why = whyNotServed({ ...network, ...lineage });
  if (why !== undefined) return failure("rejected", `${path}: the model ${lineage.id} cannot serve. ${why}`);
  const { stepSeconds, to } = lineage.data;
  return success({
    id: lineage.id,
    network,
    stepMs: stepSeconds * SECOND_MS,
    trainedUntil: instant(Date.parse(to)),
  });
}

async function servingIn(folder: string): Promise<Result<StoredModel>> {
  const serving = await readServingModel(folder);
  if (!serving.ok) return serving;
  return serving.value === undefined
    ? failure("not-found", `${folder}: no model serves there. Give the file of one, or see headroom models --dir.`)
    : success(serving.value);
}

/** Only the lineage says which ticks a network knows, and until when it has seen what it is to forecast. */
function readBeside(path: string): Promise<Result<StoredModel>> {
  const [, id] = /^([0-9a-f]{12})\.network$/.exec(basename(path)) ?? [];
  if (id !== undefined) return readModel(dirname(path), id);
  const expected = "Give a file as headroom train wrote it (models/ID.network, its ID.json beside it), or the folder.";
  return Promise.resolve(failure("bad-input", `${path} does not have the name of a trained model. ${expected}`));
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
