// What a cell heard, on its way to the store: with every step all that was heard since the last checkpoint, so that one row says it
// all. What could not be stored goes with the next; so many inputs and not one more.

import type { CellInput } from "../../control/loop.ts";
import type { CellClaim, CellStore } from "../../control/store-ports.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { type HeardInput, heardBytes, inputBytes } from "./cell-bytes/heard-bytes.ts";

export interface StepBook {
  keep(step: HeardStep): Promise<Result<void>>;
  /** `write` is told the number of the last input, which is part of what it writes. */
  checkpoint(at: Instant, write: (number: number) => Iterable<Uint8Array>): Promise<Result<void>>;
  /** So much is written with every step that a checkpoint is due. */
  isHeavy(): boolean;
}

interface HeardStep {
  readonly at: Instant;
  readonly input: CellInput;
  readonly records: readonly DecisionRecord[];
}

const HEAVY_BYTES = 32 * 2 ** 20;
const BYTES_MAX = 3 * HEAVY_BYTES;

export function openStepBook(given: {
  readonly store: CellStore;
  readonly claim: CellClaim;
  readonly heard: readonly HeardInput[];
  readonly number: number;
}): StepBook {
  const { store, claim } = given;
  let { number } = given;
  let heard = [...given.heard];
  let bytes = heard.reduce((sum, each) => sum + each.bytes.length, 0);
  let records: DecisionRecord[] = [];
  return {
    isHeavy: () => bytes > HEAVY_BYTES,
    async keep(step) {
      const input = { number: number + 1, bytes: inputBytes(step.input) };
      if (bytes + input.bytes.length > BYTES_MAX)
        return failure("unavailable", "The store takes no checkpoint for long: nothing more is decided until it does.");
      number++;
      heard.push(input);
      bytes += input.bytes.length;
      records.push(...step.records);
      const kept = await store.commit(claim, { at: step.at, memory: heardBytes(heard), records });
      if (kept.ok) records = [];
      return kept;
    },
    async checkpoint(at, write) {
      const upTo = number;
      const written = await store.checkpoint(claim, { at, parts: inTurn(write(upTo)) });
      if (!written.ok) return written;
      heard = heard.filter((each) => each.number > upTo);
      bytes = heard.reduce((sum, each) => sum + each.bytes.length, 0);
      return success(undefined);
    },
  };
}

async function* inTurn(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}
