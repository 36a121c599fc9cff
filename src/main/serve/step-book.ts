// What a cell heard, on its way to the store: each input with its records is stored before anything is done. What could not be stored
// goes with the next; so many bytes and not one more.

import type { CellInput } from "../../control/loop.ts";
import type { CellClaim, CellStore, StoredStep } from "../../control/store-ports.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { UsageRecord } from "../../model/usage-record.ts";
import { inputBytes } from "./cell-bytes/heard-bytes.ts";

export interface StepBook {
  keep(step: HeardStep): Promise<Result<void>>;
  /** `write` is told the number of the last input, which is part of what it writes. */
  checkpoint(at: Instant, write: (number: number) => Iterable<Uint8Array>): Promise<Result<void>>;
  /** So much was heard since the last checkpoint that another is due: a restart hears it all again. */
  isHeavy(): boolean;
}

interface HeardStep {
  readonly input: CellInput;
  readonly records: readonly DecisionRecord[];
  readonly usage: readonly UsageRecord[];
}

const HEAVY_BYTES = 32 * 2 ** 20;
const WAITING_BYTES_MAX = 3 * HEAVY_BYTES;

export function openStepBook(given: {
  readonly store: CellStore;
  readonly claim: CellClaim;
  readonly heardBytes: number;
  readonly number: number;
}): StepBook {
  const { store, claim } = given;
  let { heardBytes, number } = given;
  let waiting: StoredStep[] = [];
  let waitingBytes = 0;
  let usage: UsageRecord[] = [];
  return {
    isHeavy: () => heardBytes > HEAVY_BYTES,
    async keep({ input, records, usage: closed }) {
      const bytes = inputBytes(input);
      // Money is never given up: what cannot be stored now waits, whatever becomes of the input.
      usage.push(...closed);
      if (waitingBytes + bytes.length > WAITING_BYTES_MAX)
        return failure("unavailable", "The store takes nothing for long: nothing more is decided until it does.");
      number++;
      heardBytes += bytes.length;
      waitingBytes += bytes.length;
      waiting.push({ number, bytes, records, usage });
      usage = [];
      const kept = await store.commit(claim, waiting);
      if (!kept.ok) return kept;
      waiting = [];
      waitingBytes = 0;
      return kept;
    },
    async checkpoint(at, write) {
      const [upTo, bytesBefore] = [number, heardBytes];
      const written = await store.checkpoint(claim, { at, number: upTo, parts: inTurn(write(upTo)) });
      if (written.ok) heardBytes -= bytesBefore;
      return written.ok ? success(undefined) : written;
    },
  };
}

async function* inTurn(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* parts;
}
