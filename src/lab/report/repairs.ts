// What had to be repaired in the input, in plain words; what was fine is not mentioned.
import { NO_REPAIRS, type TraceRepairs } from "../../model/trace.ts";
import { count } from "./words.ts";

type Repair = Exclude<keyof TraceRepairs, "rowsRead">;

const SENTENCES: Readonly<Record<Repair, (number: number) => string>> = {
  skippedRows: (n) => `${count(n, "row")} could not be read and ${was(n)} left out.`,
  missingTicks: (n) => `${count(n, "interval")} in long gaps had no sample: left out of every score.`,
  filledTicks: (n) => `${count(n, "interval")} in short gaps had no sample: the value before was held.`,
  outOfOrderRows: (n) => `${count(n, "row")} came late and ${was(n)} sorted in.`,
  mergedRows: (n) => `${count(n, "further row")} fell into an interval that already had one: their mean was taken.`,
  repeatedRows: (n) => `${count(n, "row")} repeated an earlier one and ${was(n)} counted once.`,
  poweredOffRows: (n) =>
    `${count(n, "row")} came from VMs that were off: taken as no demand, whatever the counters said.`,
  resizedVms: (n) => `${count(n, "VM")} changed size: the largest is taken as the fixed size.`,
};

/** One sentence for each kind that happened; empty when every row was taken as it was. */
export function repairSentences(repairs: TraceRepairs): string[] {
  const kinds = Object.keys(NO_REPAIRS).filter((kind): kind is Repair => kind !== "rowsRead");
  const order = Object.keys(SENTENCES);
  return kinds
    .filter((kind) => repairs[kind] > 0)
    .sort((left, right) => order.indexOf(left) - order.indexOf(right))
    .map((kind) => SENTENCES[kind](repairs[kind]));
}

function was(number: number): string {
  return number === 1 ? "was" : "were";
}
