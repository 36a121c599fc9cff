// Answers by caller and key, for a day.
import type { IdempotencyStore } from "../../control/store-ports.ts";
import { failure, success } from "../../model/result.ts";
import { DAY_MS, MINUTE_MS } from "../../model/time.ts";
import type { MemoryTables } from "./memory-tables.ts";

export function memoryIdempotency({ answers }: MemoryTables): IdempotencyStore {
  const placeOf = ({ caller, key }: { readonly caller: string; readonly key: string }) => JSON.stringify([caller, key]);
  return {
    async answerTo({ requestHash, at, ...asked }) {
      const place = placeOf(asked);
      const row = answers.get(place);
      if (row === undefined || row.at < at - DAY_MS) {
        answers.set(place, { requestHash, at });
        return success(undefined);
      }
      if (row.requestHash !== requestHash)
        return failure("conflict", "This Idempotency-Key came with another request before: take a new one.");
      if (row.answer === undefined && row.at > at - MINUTE_MS)
        return failure("conflict", "The request with this Idempotency-Key is being answered: ask again in a moment.");
      return success(row.answer);
    },
    async keep(asked, answer) {
      const place = placeOf(asked);
      const row = answers.get(place);
      if (row) answers.set(place, { ...row, answer });
      return success(undefined);
    },
  };
}
