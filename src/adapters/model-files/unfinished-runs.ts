// Training runs that have not ended, as files beside the models: what is needed to go on after an interruption.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bytesToCheckpoint, checkpointToBytes } from "../../forecast/network/training-checkpoint.ts";
import type { TrainingState } from "../../forecast/network/training-run.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { readWhole, writeWhole } from "../files/written-files.ts";

export function writeUnfinished(folder: string, run: string, state: TrainingState): Promise<Result<string>> {
  return writeWhole(unfinishedPath(folder, run), checkpointToBytes(state));
}

/** undefined: there is no such run. */
export async function readUnfinished(folder: string, run: string): Promise<Result<TrainingState | undefined>> {
  const path = unfinishedPath(folder, run);
  const bytes = await readWhole(path);
  if (!bytes.ok) return bytes.error.kind === "not-found" ? success(undefined) : bytes;
  const state = bytesToCheckpoint(bytes.value);
  return state.ok ? state : failure("bad-input", `${path}: ${state.error.message}`);
}

export async function forgetUnfinished(folder: string, run: string): Promise<void> {
  await rm(unfinishedPath(folder, run), { force: true });
}

function unfinishedPath(folder: string, run: string): string {
  return join(folder, `${run}.run`);
}
