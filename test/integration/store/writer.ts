// A process to be killed: opens a store, claims a cell, and writes on and on; tells each number when all of its writes are acknowledged.
// Arguments: the options of openStore as JSON.
import { openStore, type StoreOptions } from "../../../src/adapters/postgres/open-store.ts";
import type { StoredCell } from "../../../src/control/store-ports.ts";
import type { CellId, HostId, VmId } from "../../../src/model/fleet.ts";
import type { Result } from "../../../src/model/result.ts";
import { DAY_MS, instant } from "../../../src/model/time.ts";

const FOLD_EVERY = 7;
const CHECKPOINT_EVERY = 5;

const store = kept(await openStore(JSON.parse(process.argv[2] ?? "") as StoreOptions));
const cell = "cell" as CellId;
const claim = kept(await store.cells.claim(cell, { process: String(process.pid), at: instant(1) }));
const before = kept(await store.cells.load(cell));
process.stdout.write("ready\n");
for (let number = (before === undefined ? 0 : newestIn(before)) + 1; ; number++) {
  const at = instant(DAY_MS + number);
  const [vm, host] = [`vm-${number}` as VmId, "h" as HostId];
  const bytes = Buffer.alloc(20_000, number % 256);
  const value = { id: `c-${number}` as never, name: "x".repeat(2000) };
  const writes = [
    store.cells.commit(claim, [{ number, bytes, records: [{ kind: "held", at, vm, host }] }]),
    store.samples.append(
      { vms: [vm], vm: Uint32Array.of(0), at: Float64Array.of(at), usage: Float32Array.of(1, 2, 3, 4) },
      at,
    ),
    store.documents.write([{ kind: "customer", id: `c-${number}`, value }], { id: "writer", at }),
    ...(number % FOLD_EVERY === 0 ? [store.samples.fold(at)] : []),
    ...(number % CHECKPOINT_EVERY === 0
      ? [store.cells.checkpoint(claim, { at, number: number - 1, parts: partsOf(number) })]
      : []),
  ];
  for (const each of await Promise.all<Result<unknown>>(writes)) kept(each);
  process.stdout.write(`${number}\n`);
}

/** A checkpoint of one number is written beside that step, and holds what was heard before it. */
function newestIn({ heard, checkpoint }: StoredCell): number {
  return heard.at(-1)?.number ?? (checkpoint === undefined ? 0 : checkpoint.at - DAY_MS - 1);
}

/** All parts of a checkpoint say the same number. */
async function* partsOf(number: number): AsyncGenerator<Uint8Array> {
  for (let part = 0; part < 3; part++) yield Buffer.alloc(50_000, number % 256);
}

function kept<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  process.stderr.write(`${result.error.message}\n`);
  process.exit(1);
}
