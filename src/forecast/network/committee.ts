// Several networks of one shape, trained from different seeds and served as one: each keeps a state of its own, their quantiles are averaged.
// The mean of quantiles, level by level, is never worse than the mean loss of the members, since the pinball loss is convex.
import { assert } from "../../model/result.ts";
import { type KernelInference, openKernelInference } from "./kernel-inference.ts";
import type { InferenceAnswer, InferenceRequest } from "./network-inference.ts";
import type { NetworkShape } from "./shape.ts";

export interface Committee {
  readonly shape: NetworkShape;
  /** Parameters of each, laid out as in shape.ts; at least one. */
  readonly members: readonly Float32Array[];
}

/** Served by the kernels. A state is [window x member x hidden]. */
export function openKernelCommittee({ shape, members }: Committee): KernelInference {
  const served = members.map((parameters) => openKernelInference({ shape, parameters }));
  return {
    stateSize: members.length * shape.hidden,
    infer: (request) => {
      const asked = askEach(request, served.length);
      return together(
        request.windows,
        served.map((one, member) => one.infer(asked[member] ?? request)),
      );
    },
  };
}

/** The same request for each member, with its own part of the state. */
export function askEach(request: InferenceRequest, members: number): readonly InferenceRequest[] {
  const { state, windows } = request;
  if (state === undefined || members === 1) return Array.from({ length: members }, () => request);
  const part = (values: Float32Array, member: number) => columnsOf(values, { windows, members, member });
  return Array.from({ length: members }, (_, member) => ({
    ...request,
    state: { hidden: part(state.hidden, member), cell: part(state.cell, member) },
  }));
}

/** One answer out of those of all members, in their order. */
export function together(windows: number, answers: readonly InferenceAnswer[]): InferenceAnswer {
  const [first] = answers;
  assert(first !== undefined, "a committee has members");
  if (answers.length === 1) return first;
  const state = (part: "hidden" | "cell") =>
    sideBySide(
      windows,
      answers.map((answer) => answer.state[part]),
    );
  return {
    state: { hidden: state("hidden"), cell: state("cell") },
    quantiles: first.quantiles.map((_, question) => meanOf(answers.map(({ quantiles }) => quantiles[question]))),
  };
}

interface Columns {
  readonly windows: number;
  readonly members: number;
  readonly member: number;
}

function columnsOf(values: Float32Array, { windows, members, member }: Columns): Float32Array {
  const size = values.length / (windows * members);
  const own = new Float32Array(windows * size);
  for (let window = 0; window < windows; window++) {
    const from = (window * members + member) * size;
    own.set(values.subarray(from, from + size), window * size);
  }
  return own;
}

function sideBySide(windows: number, parts: readonly Float32Array[]): Float32Array {
  const size = (parts[0]?.length ?? 0) / windows;
  const all = new Float32Array(windows * parts.length * size);
  for (const [member, values] of parts.entries())
    for (let window = 0; window < windows; window++)
      all.set(values.subarray(window * size, (window + 1) * size), (window * parts.length + member) * size);
  return all;
}

function meanOf(rows: readonly (Float32Array | undefined)[]): Float32Array {
  const mean = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] as number) + (row?.[at] ?? 0);
  return mean.map((sum) => sum / rows.length);
}
