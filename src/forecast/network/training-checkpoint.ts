// A training run, and a finished network, as bytes: what is read back goes on exactly where it stopped.
import { MEMBERS_MAX } from "../../model/model-lineage.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { bytesToSections, sectionsToBytes } from "./byte-sections.ts";
import type { Committee } from "./committee.ts";
import { layOutParameters, type NetworkShape } from "./shape.ts";
import type { CurvePoint, TrainingPlan, TrainingState } from "./training-run.ts";

const RUN_KIND = "headroom.training-run/2";
const NETWORK_KIND = "headroom.network/1";

interface RunDescription {
  readonly plan: TrainingPlan;
  readonly step: number;
  /** null: not looked yet. */
  readonly best: { readonly step: number; readonly loss: number | null };
  readonly curve: readonly CurvePoint[];
  readonly lossSinceLook: number;
  readonly outcome: TrainingState["outcome"];
}

export function checkpointToBytes(state: TrainingState): Uint8Array {
  const { plan, step, best, curve, lossSinceLook, outcome } = state;
  const loss = Number.isFinite(best.loss) ? best.loss : null;
  const description: RunDescription = { plan, step, best: { step: best.step, loss }, curve, lossSinceLook, outcome };
  const arrays = [state.parameters, state.firstMoments, state.secondMoments, state.average, best.parameters];
  return sectionsToBytes({ kind: RUN_KIND, description, arrays });
}

export function bytesToCheckpoint(bytes: Uint8Array): Result<TrainingState> {
  const sections = bytesToSections(bytes, RUN_KIND);
  if (!sections.ok) return sections;
  const { best, ...described } = sections.value.description as RunDescription;
  const [parameters, firstMoments, secondMoments, average, bestParameters] = sections.value.arrays;
  if (!parameters || !firstMoments || !secondMoments || !average || !bestParameters) return misfit(RUN_KIND);
  for (const array of sections.value.arrays) if (!fits(described.plan.shape, array)) return misfit(RUN_KIND);
  const loss = best.loss ?? Number.POSITIVE_INFINITY;
  return success({
    ...described,
    parameters,
    firstMoments,
    secondMoments,
    average,
    best: { step: best.step, loss, parameters: bestParameters },
  });
}

/** One network: the parameters, laid out as in shape.ts. */
export interface TrainedNetwork {
  readonly shape: NetworkShape;
  readonly parameters: Float32Array;
}

export function committeeToBytes({ shape, members }: Committee): Uint8Array {
  return sectionsToBytes({ kind: NETWORK_KIND, description: shape, arrays: members });
}

export function bytesToCommittee(bytes: Uint8Array): Result<Committee> {
  const sections = bytesToSections(bytes, NETWORK_KIND);
  if (!sections.ok) return sections;
  const shape = sections.value.description as NetworkShape;
  const members = sections.value.arrays;
  const isSound = members.length >= 1 && members.length <= MEMBERS_MAX && members.every((each) => fits(shape, each));
  return isSound ? success({ shape, members }) : misfit(NETWORK_KIND);
}

function fits(shape: NetworkShape, array: Float32Array): boolean {
  return array.length === layOutParameters(shape).length;
}

function misfit(kind: string): Result<never> {
  return failure("bad-input", `These bytes are a ${kind} whose numbers do not fit its shape: make them anew.`);
}
