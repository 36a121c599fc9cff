// Which models are asked: those that were named, or all that can answer.
import { MODELS } from "../../forecast/models/registry.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { NetworkJob } from "./evaluate-worker.ts";

/** `named`: names of the registry; left out, all but those that would be silent without a network. */
export function modelNames(
  named: readonly string[] | undefined,
  network: NetworkJob | undefined,
): Result<readonly string[]> {
  const isSilent = (name: string) => network === undefined && MODELS[name]?.needsNetwork === true;
  if (named === undefined) return success(Object.keys(MODELS).filter((name) => !isSilent(name)));
  const silent = named.find(isSilent);
  return silent === undefined
    ? success(named)
    : failure("bad-input", `${silent} needs a trained network: name its file with --model (headroom train makes one).`);
}
