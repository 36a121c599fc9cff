// Examples are drawn in threads of their own and handed over without copying, so that drawing and learning overlap.
import type { MessagePort } from "node:worker_threads";
import type { TrainingBatch } from "../../forecast/network/batch.ts";
import { randomOfStep, type TrainingData } from "../../forecast/network/training-run.ts";

type Wanted = { readonly kind: "validation" } | { readonly kind: "batch"; readonly step: number };
/** Said aloud: a thread that goes to sleep does not close its ports before it is woken. */
type Message = Wanted | { readonly kind: "enough" };

/** Answers whoever holds the other end, in the order of asking, until that has enough. Batches are given away: ask once. */
export function supplyBatches(port: MessagePort, data: TrainingData, seed: number): Promise<void> {
  return new Promise((resolve) => {
    port.on("message", (wanted: Message) => {
      if (wanted.kind === "enough") {
        port.close();
        return resolve();
      }
      const batches = wanted.kind === "validation" ? data.validation : [data.draw(randomOfStep(seed, wanted.step))];
      port.postMessage(batches, batches.flatMap(buffersOf));
    });
  });
}

export interface BatchSupply {
  validation(): Promise<readonly TrainingBatch[]>;
  /** One for each of `count` steps. */
  batches(firstStep: number, count: number): Promise<readonly TrainingBatch[]>;
  /** What is still on its way is of no use. */
  end(): void;
}

/** The other ends; steps go round among them. */
export function openSupply(ports: readonly MessagePort[]): BatchSupply {
  const ask = ports.map(asking);
  const askFor = (step: number, wanted: Wanted) => ask[step % ask.length]?.(wanted) ?? Promise.resolve([]);
  return {
    validation: () => askFor(0, { kind: "validation" }),
    batches: async (firstStep, count) => {
      const steps = Array.from({ length: count }, (_, index) => firstStep + index);
      return (await Promise.all(steps.map((step) => askFor(step, { kind: "batch", step })))).flat();
    },
    end: () => {
      for (const port of ports) port.postMessage({ kind: "enough" } satisfies Message);
    },
  };
}

/** Answers come in the order of the questions. */
function asking(port: MessagePort): (wanted: Wanted) => Promise<readonly TrainingBatch[]> {
  const waiting: ((batches: readonly TrainingBatch[]) => void)[] = [];
  port.on("message", (batches: readonly TrainingBatch[]) => waiting.shift()?.(batches));
  return (wanted) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port.postMessage(wanted);
    });
}

function buffersOf({ inputs, questions }: TrainingBatch): ArrayBuffer[] {
  const arrays = questions.flatMap(({ states, features, targets, volumeWeights }) => [
    states,
    features,
    targets,
    volumeWeights,
  ]);
  return [inputs, ...arrays].map(({ buffer }) => buffer as ArrayBuffer);
}
