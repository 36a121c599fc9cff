// The memory of cells, their decisions, and who may write for them.
import type { CellClaim, CellStore, DecisionQuestion } from "../../control/store-ports.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import type { CellId, CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { CellRow, MemoryTables } from "./memory-tables.ts";
import { addUsage } from "./memory-usage.ts";

export function memoryCells(tables: MemoryTables): CellStore {
  const { cells, decisions, counters } = tables;
  return {
    async claim(cell) {
      const row = rowOf(tables, cell);
      row.epoch++;
      return success({ cell, epoch: row.epoch });
    },
    async load(cell) {
      const row = cells.get(cell);
      if (row === undefined) return success(undefined);
      const { checkpoint, heard } = row;
      if (checkpoint === undefined && heard.length === 0) return success(undefined);
      const parts = checkpoint && { at: checkpoint.at, parts: inTurn(checkpoint.parts) };
      return success({ heard: [...heard], ...(parts && { checkpoint: parts }) });
    },
    async commit(claim, steps) {
      const row = claimed(tables, claim);
      if (!row.ok) return row;
      const fresh = steps.filter(({ number }) => number > row.value.step);
      for (const { number, bytes, records, usage = [] } of fresh) {
        row.value.heard.push({ number, bytes: bytes.slice() });
        row.value.step = number;
        addUsage(tables, usage);
        for (const record of records) {
          counters.decisions++;
          const decision = { id: counters.decisions, cell: claim.cell, record };
          decisions.push({ decision, customer: ownerOf(tables, record) });
        }
      }
      return success(undefined);
    },
    async checkpoint(claim, { at, number, parts }) {
      const all: Uint8Array[] = [];
      for await (const part of parts) all.push(part.slice());
      const row = claimed(tables, claim);
      if (!row.ok) return row;
      row.value.checkpoint = { at, parts: all };
      row.value.heard = row.value.heard.filter((each) => each.number > number);
      return success(undefined);
    },
    async decisions(question) {
      const found = decisions.filter((each) => fits(each, question)).map(({ decision }) => decision);
      return success(found.toReversed().slice(0, question.limit));
    },
    async retainDecisions(from) {
      const kept = decisions.filter(({ decision }) => decision.record.at >= from);
      decisions.splice(0, decisions.length, ...kept);
      return success(undefined);
    },
  };
}

function rowOf({ cells }: MemoryTables, cell: CellId): CellRow {
  const row = cells.get(cell) ?? { epoch: 0, step: 0, heard: [] };
  cells.set(cell, row);
  return row;
}

function claimed({ cells }: MemoryTables, { cell, epoch }: CellClaim): Result<CellRow> {
  const row = cells.get(cell);
  if (row?.epoch === epoch) return success(row);
  return failure("conflict", `Cell ${cell} was claimed by another process: this one may not write for it any more.`);
}

async function* inTurn(parts: readonly Uint8Array[]): AsyncGenerator<Result<Uint8Array>> {
  for (const part of parts) yield success(part.slice());
}

function fits({ decision, customer: owner }: MemoryTables["decisions"][number], question: DecisionQuestion): boolean {
  const { before = Number.POSITIVE_INFINITY, customer, vm, host, from, to } = question;
  const { id, record } = decision;
  const named = record as { readonly vm?: string; readonly host?: string };
  return (
    id < before &&
    (vm === undefined || named.vm === vm) &&
    (host === undefined || named.host === host) &&
    (from === undefined || record.at >= from) &&
    (to === undefined || record.at < to) &&
    (customer === undefined || owner === customer)
  );
}

/** Of a decision on a VM whoever has the VM when it is made; of a host's nobody. */
function ownerOf({ documents }: MemoryTables, record: DecisionRecord): CustomerId | undefined {
  const { vm, customer } = record as { readonly vm?: string; readonly customer?: CustomerId };
  return customer ?? (vm === undefined ? undefined : documents.get("vm")?.get(vm)?.customer);
}
