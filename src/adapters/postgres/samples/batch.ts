// What came in at once, as one row of the database: rounded, packed, and with a filter that tells which VMs may be inside.
import type { SampleColumns } from "../../../control/store-ports.ts";
import type { VmId } from "../../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { failure, type Result, success } from "../../../model/result.ts";
import { amountsOf, codeOf } from "./amount-code.ts";
import { squeezed, unsqueezed } from "./squeezed-bytes.ts";

const VERSION = 1;
const BATCH_ROWS_MAX = 250_000;
const AT_MAX_MS = 8.64e15;
/** About one in a thousand VMs that are not inside looks as if it were. */
const FILTER_BITS_PER_VM = 15;
const FILTER_HASHES = 4;
const FILTER_BYTES_MIN = 8;

export interface PackedBatch {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly members: Buffer;
  readonly body: Buffer;
}

/** Rows as codes: row i is `vms[vm[i]]` at `at[i]`. */
export interface CodedRows {
  readonly vms: readonly VmId[];
  readonly vm: Uint32Array;
  readonly at: Float64Array;
  /** [resource x row] */
  readonly codes: readonly Uint16Array[];
}

/** "bad-input" on rows that name no VM, have no time, or are more than BATCH_ROWS_MAX. */
export function packBatch(columns: SampleColumns): Result<PackedBatch> {
  const { vms, vm, usage } = columns;
  const rows = vm.length;
  const fault = faultOf(columns);
  if (fault !== undefined) return failure("bad-input", fault);
  const at = columns.at.map(Math.round);
  const codes = new Uint16Array(rows * RESOURCE_COUNT);
  for (let column = 0; column < RESOURCE_COUNT; column++)
    for (let row = 0; row < rows; row++)
      codes[column * rows + row] = codeOf(usage[row * RESOURCE_COUNT + column] as number, column);
  const names = Buffer.from(vms.join("\n"));
  const heads = Uint32Array.of(rows, vms.length, names.length);
  return success({
    firstAt: at.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    lastAt: at.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY),
    members: filterOf(vms),
    body: squeezed(VERSION, [heads, names, vm, at, codes]),
  });
}

export function unpackBatch(body: Uint8Array): CodedRows {
  const read = unsqueezed(VERSION, body);
  const [rows = 0, vmCount = 0, nameBytes = 0] = read.u32(3);
  const names = Buffer.from(read.bytes(nameBytes)).toString();
  const vms = (vmCount === 0 ? [] : names.split("\n")) as VmId[];
  const [vm, at] = [read.u32(rows), read.f64(rows)];
  return { vms, vm, at, codes: Array.from({ length: RESOURCE_COUNT }, () => read.u16(rows)) };
}

export function columnsOf({ vms, vm, at, codes }: CodedRows): SampleColumns {
  const usage = new Float32Array(vm.length * RESOURCE_COUNT);
  for (const [column, own] of codes.entries()) {
    const amounts = amountsOf(own, column);
    for (let row = 0; row < vm.length; row++) usage[row * RESOURCE_COUNT + column] = amounts[row] as number;
  }
  return { vms, vm, at, usage };
}

/** The condition on a column `members` that holds for every batch with this VM; its values begin at $first. */
export function mayHold(vm: VmId, first: number): { readonly text: string; readonly values: readonly number[] } {
  const bits = "(octet_length(members) * 8)";
  const conditions = Array.from(
    { length: FILTER_HASHES },
    (_, index) => `get_bit(members, $${first + index}::bigint % ${bits}) = 1`,
  );
  return { text: conditions.join(" and "), values: hashesOf(vm) };
}

/** A Bloom filter [Bloom 1970]. */
function filterOf(vms: readonly VmId[]): Buffer {
  const members = Buffer.alloc(Math.max(FILTER_BYTES_MIN, Math.ceil((vms.length * FILTER_BITS_PER_VM) / 8)));
  for (const vm of vms)
    for (const hash of hashesOf(vm)) {
      const bit = hash % (members.length * 8);
      members[bit >> 3] = (members[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  return members;
}

/** FNV-1a and its like with another start, combined [Kirsch, Mitzenmacher 2006]. */
function hashesOf(vm: VmId): readonly number[] {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (let index = 0; index < vm.length; index++) {
    one = Math.imul(one ^ vm.charCodeAt(index), 0x01000193);
    other = Math.imul(other ^ vm.charCodeAt(index), 0x5bd1e995) ^ (other >>> 15);
  }
  return Array.from({ length: FILTER_HASHES }, (_, index) => (one + Math.imul(index, other)) >>> 0);
}

function faultOf({ vms, vm, at, usage }: SampleColumns): string | undefined {
  const rows = vm.length;
  if (rows === 0 || rows > BATCH_ROWS_MAX) return `A batch has 1 to ${BATCH_ROWS_MAX} samples, not ${rows}.`;
  if (at.length !== rows || usage.length !== rows * RESOURCE_COUNT)
    return `${rows} samples want ${rows} times and ${rows * RESOURCE_COUNT} amounts, not ${at.length} and ${usage.length}.`;
  const nameless = vm.findIndex((index) => index >= vms.length);
  if (nameless >= 0) return `Sample ${nameless} is of VM number ${vm[nameless]}, and there are ${vms.length}.`;
  const timeless = at.findIndex((each) => !(Math.abs(each) <= AT_MAX_MS));
  if (timeless >= 0) return `Sample ${timeless} has no time: ${at[timeless]}.`;
  const unnamed = vms.find((each) => each === "" || each.includes("\n"));
  return unnamed === undefined ? undefined : `${JSON.stringify(unnamed)} is no name of a VM.`;
}
