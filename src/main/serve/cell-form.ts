// What a cell is laid out from, and by what it forecasts: before its columns can be read this must be known. A cell of another form
// is another layout, and a new checkpoint.
import type { CellLayout, layOut } from "../../control/cell-layout.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import { pooledPromise } from "../../control/cell-state.ts";
import { type AnsweringNetwork, type RunningCell, startCell } from "../../control/loop.ts";
import type { KernelInference } from "../../forecast/network/kernel-inference.ts";
import type { NetworkInference } from "../../forecast/network/network-inference.ts";
import type { Cell } from "../../model/fleet.ts";
import { type Instant, SECOND_MS } from "../../model/time.ts";

export interface CellForm {
  readonly cell: Cell;
  readonly options: Parameters<typeof layOut>[1];
  readonly serviceLevel: number;
  /** Undefined: statistics alone. */
  readonly networkId: string | undefined;
  /** Who answered for the network at each tick: what is heard again is asked of the same one. Left out: the kernels. */
  readonly servedBy?: "onnxruntime";
}

/** A trained network that joins the forecasts. */
export interface NamedInference {
  readonly id: string;
  /** It knows ticks of this length: cells with others are forecast without it. */
  readonly stepMs: number;
  /** Answer everything where there is nobody else, and single questions in any case. */
  readonly kernels: KernelInference;
  /** Answers at each tick, in large batches. */
  readonly native?: NetworkInference;
}

export interface Joining {
  readonly network?: NamedInference | undefined;
  /** The one that a cell was written down with, where another one serves by now; undefined: it is gone. */
  readonly networkById?: ((id: string) => Promise<NamedInference | undefined>) | undefined;
}

export function formOf(
  { cell, settings }: CellPlan,
  { shadowVm, network }: Pick<CellForm["options"], "shadowVm"> & Joining,
): CellForm {
  const { stepMs, serviceLevel } = settings;
  const joining = network?.stepMs === stepMs ? network : undefined;
  const servedBy = joining?.native?.kind === "onnxruntime" ? joining.native.kind : undefined;
  return {
    cell,
    options: { stepMs, shadowVm },
    serviceLevel,
    networkId: joining?.id,
    ...(servedBy && { servedBy }),
  };
}

/** Series a request: native sums are fastest in larger batches than the kernels. Part of the form, since series take turns by batches. */
const NATIVE_BATCH_SERIES = 2_048;

/** A cell of that form that knows nothing yet. `at`: from when on it is metered. Its network sleeps for the first ticks, none where left out. */
export function beginCell(
  form: CellForm,
  layout: CellLayout,
  { network, at, asleepFor = 0 }: Joining & { readonly at: Instant; readonly asleepFor?: number },
): RunningCell {
  const joining = network?.id === form.networkId ? network : undefined;
  const startMs = Math.floor(at / layout.stepMs) * layout.stepMs;
  const isNative = form.servedBy !== undefined;
  return startCell({
    layout,
    promise: pooledPromise(form.serviceLevel),
    at,
    horizons: true,
    ...(joining && {
      network: {
        inference: joining.kernels,
        startMs,
        firstTick: asleepFor,
        ...(isNative && { batchSeries: NATIVE_BATCH_SERIES }),
      },
    }),
  });
}

/** Who answers at each tick of a cell of that form; undefined: its kernels, which is as right and not the same to the last bit. */
export function answering(form: CellForm, { network }: Joining): AnsweringNetwork | undefined {
  return form.servedBy !== undefined && network?.id === form.networkId ? network?.native : undefined;
}

/** For people: what another length of ticks means. */
export function paceSentence(before: CellForm, after: CellForm): string {
  const [was, is] = [before, after].map(({ options }) => `${options.stepMs / SECOND_MS} s`);
  return `Ticks take ${is} instead of ${was}: leases, terms and meters go on, forecasts begin anew.`;
}
