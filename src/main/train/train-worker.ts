// What runs in worker threads: reading one trace file, drawing examples, learning from them, a contest on one VM. Plain data in
// and out, but for the ports.
import type { MessagePort } from "node:worker_threads";
import type { FileSamples, TraceFileJob } from "../../adapters/trace-files/file-samples.ts";
import { readTraceFile } from "../../adapters/trace-files/read-trace-file.ts";
import { demandPanel, type PanelSource } from "../../forecast/lstm/demand-panel.ts";
import { spanFits, type TrainingSpan, trainingData } from "../../forecast/lstm/training-data.ts";
import { trainingPanel } from "../../forecast/lstm/training-panel.ts";
import { contestLosses, type SeriesLoss } from "../../forecast/model-contest.ts";
import { lstmModel } from "../../forecast/models/lstm-model.ts";
import { seasonalNaive } from "../../forecast/models/seasonal-naive.ts";
import type { TrainingBatch } from "../../forecast/network/batch.ts";
import type { Committee } from "../../forecast/network/committee.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { openTrainingMemory } from "../../forecast/network/training-memory.ts";
import { type TrainingState, trainSome } from "../../forecast/network/training-run.ts";
import { recordedSeries } from "../../forecast/trace-series.ts";
import type { Result } from "../../model/result.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import type { TimeGrid } from "../../model/time.ts";
import type { TraceVm } from "../../model/trace.ts";
import { openSupply, supplyBatches } from "./batch-supply.ts";
import { inventSignals } from "./invent-signals.ts";

export function readFileInThread(job: TraceFileJob): Promise<Result<FileSamples>> {
  return readTraceFile(job);
}

export function spanFitsInThread({ source, span }: { source: PanelSource; span: TrainingSpan }): boolean {
  return spanFits(demandPanel(source), span);
}

export interface DrawJob {
  readonly source: PanelSource;
  readonly span: TrainingSpan;
  readonly seed: number;
  /** Whose other end learns. */
  readonly port: MessagePort;
}

/** Settles when the learner has enough. */
export function drawInThread({ source, span, seed, port }: DrawJob): Promise<void> {
  return supplyBatches(port, trainingData(trainingPanel(source), span, inventSignals(source)), seed);
}

export interface LearnJob {
  readonly state: TrainingState;
  /** Their other ends draw. */
  readonly supply: readonly MessagePort[];
  /** Is sent the state, now and then. */
  readonly watch: MessagePort;
}

/** Steps learned while as many are drawn. */
const HANDFUL = 8;

export async function learnInThread({ state, supply, watch }: LearnJob): Promise<TrainingState> {
  const { shape, steps } = state.plan;
  const memory = openTrainingMemory(shape);
  const source = openSupply(supply);
  const draw = (from: number) => source.batches(from, Math.max(0, Math.min(HANDFUL, steps - from)));
  const validation = await source.validation();
  let now = state;
  let drawn = draw(now.step);
  while (now.outcome === "running") {
    const batches = await drawn;
    drawn = draw(now.step + HANDFUL);
    let taken = 0;
    const data = { draw: () => batches[taken++] as TrainingBatch, validation };
    now = trainSome(now, { memory, data, steps: HANDFUL });
    watch.postMessage(now);
  }
  source.end();
  return now;
}

export interface ContestJob {
  readonly vm: TraceVm;
  readonly grid: TimeGrid;
  /** Each learned from ticks of this grid's length. */
  readonly networks: readonly Committee[];
  readonly from: number;
  readonly to: number;
  readonly origins: number;
  readonly seed: number;
}

/** The networks in their order, and the seasonal naive after them. */
export function contestInThread({ vm, grid, networks, seed, ...asked }: ContestJob): SeriesLoss[] {
  const { stepMs } = grid;
  const models = networks.map((network) => lstmModel({ inference: openKernelCommittee(network), stepMs }));
  return contestLosses([...models, seasonalNaive({ scale: "linear", season: "grid" })], {
    ...asked,
    vm: recordedSeries({ grid, vms: [vm] }),
    random: seededRandom(seed).fork(`contest ${vm.name}`),
  });
}
