// VMs and hosts come and go while a cell runs: the cell goes on in a new layout. What was learned of a VM or host that stays goes
// along to the bit, in its new place; one that is new starts from nothing; of one that left nothing stays. Where ticks are of another
// length what is leased, held, agreed and metered goes along, and whatever counts in ticks is learned anew.
import type { DemandEngine } from "../forecast/demand-engine.ts";
import { assert } from "../model/result.ts";
import type { CellLayout } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import type { RunningCell } from "./loop.ts";
import { mendSignals } from "./signals/mend-signals.ts";
import { piecesOfLeft } from "./usage/close-usage.ts";

/** Makes a cell that knows nothing yet, the same one whenever it is asked. Where its network is another than before, weights are learned anew; all else goes along. */
export type BeginCell = (layout: CellLayout) => RunningCell;

/**
 * A new cell; the old one is not changed and not to be used any more. Terms are carried along by VM: agree to contracts anew
 * (`set-terms`) where bases or ceilings are others by now.
 */
export function layAnew(cell: RunningCell, layout: CellLayout, begin: BeginCell): RunningCell {
  const before = cell.state.layout;
  const places: Places = {
    vm: placesOf(before.vmIds, layout.vmIds),
    host: placesOf(before.hostIds, layout.hostIds),
    before: { vm: before.vmIds.length, host: before.hostIds.length },
    anew: before.stepMs === layout.stepMs ? [] : COUNTED_IN_TICKS,
  };
  const fresh = begin(layout);
  const probes = PROBES.map((size) => begin(probeLayout(layout, size)));
  carry(cell as unknown as Plain, { fresh: fresh as unknown as Plain, probes: probes as unknown as Plain[], places });
  keepKnownHosts(fresh);
  fresh.state.usage.left.push(...piecesOfLeft(cell.state, layout));
  for (const engine of [fresh.engine, fresh.state.excessEngine]) keepCalendar(engine, fresh.state);
  mendSignals(fresh.signals, { before, after: layout });
  return fresh;
}

/**
 * What another cell learned of some of these VMs takes the place of what is known of them here, in the same cell. Both have to be at the
 * same tick: histories are rings of ticks.
 */
export function takeKnowledge(cell: RunningCell, taught: RunningCell, begin: BeginCell): RunningCell {
  const { layout } = cell.state;
  assert(cell.engine.tick === taught.engine.tick, "knowledge is taken over at the tick at which it was made");
  const before = taught.state.layout;
  const places: Places = {
    vm: placesOf(before.vmIds, layout.vmIds),
    host: placesOf(before.hostIds, layout.hostIds),
    before: { vm: before.vmIds.length, host: before.hostIds.length },
    anew: [],
  };
  const probes = PROBES.map((size) => begin(probeLayout(layout, size)));
  const ofVms = ({ engine, quantiles }: RunningCell) => ({ engine, quantiles }) as unknown as Plain;
  const target = ofVms(cell);
  carryVms(ofVms(taught), { fresh: target, probes: probes.map(ofVms), places });
  return { ...cell, ...(target as unknown as Pick<RunningCell, "engine" | "quantiles">) };
}

interface Places {
  /** [new index] the old one; -1 of what is new. */
  readonly vm: readonly number[];
  readonly host: readonly number[];
  /** How many there were. */
  readonly before: { readonly vm: number; readonly host: number };
  /** Parts that do not go along. */
  readonly anew: readonly string[];
}

/** What forecasts VMs and hosts, what it last said, and what it measured of events. */
const COUNTED_IN_TICKS = [
  "engine",
  "excessEngine",
  "excess",
  "excessHints",
  "excessQuantiles",
  "quantiles",
  "diaries",
  "lessons",
];

function placesOf(before: readonly string[], after: readonly string[]): number[] {
  const indexOf = new Map(before.map((id, index) => [id, index]));
  return after.map((id) => indexOf.get(id) ?? -1);
}

/** Two empty cells tell whose a column is: by how its length grows with VMs, or with hosts. */
const PROBES = [
  { vms: 7, hosts: 3 },
  { vms: 11, hosts: 5 },
] as const;

function probeLayout(layout: CellLayout, { vms, hosts }: (typeof PROBES)[number]): CellLayout {
  const perVm = layout.base.length / Math.max(layout.vmIds.length, 1) || 4;
  return {
    ...layout,
    vmIds: Array.from({ length: vms }, (_, vm) => `${vm}` as CellLayout["vmIds"][number]),
    hostIds: Array.from({ length: hosts }, (_, host) => `${host}` as CellLayout["hostIds"][number]),
    hostOfVm: new Int32Array(vms),
    vmsOfHost: Array.from({ length: hosts }, () => new Int32Array()),
    workloads: [],
    vmsOfWorkload: [],
    customers: [],
    customerOfVm: new Int32Array(vms),
    dedicatedTo: new Int32Array(hosts),
    base: new Float64Array(vms * perVm),
    ceiling: new Float64Array(vms * perVm),
    capacity: new Float64Array(hosts * perVm),
  };
}

type Plain = Record<string, unknown>;

interface Carried {
  readonly fresh: Plain;
  readonly probes: readonly Plain[];
  readonly places: Places;
}

/** What a cell is made of, and no memory: as in the fresh one. */
const LEFT_OUT: readonly string[] = [
  "layout",
  "promise",
  "inference",
  "networkFrom",
  "expertCount",
  "stateSize",
  "batchSeries",
];

function carry(old: Plain, { fresh, probes, places }: Carried): void {
  for (const [key, value] of Object.entries(old)) {
    // Where another network joins, or none any more, what only the old one had is nobody's.
    if (LEFT_OUT.includes(key) || places.anew.includes(key) || typeof value === "function" || !(key in fresh)) continue;
    const seen = probes.map((probe) => probe[key]);
    if (isColumn(value)) fresh[key] = carryColumn(value, { fresh: fresh[key], probes: seen, places });
    else if (value instanceof Map) fresh[key] = new Map(value);
    else if (isPlain(value) && isPlain(fresh[key]))
      carry(value, { fresh: fresh[key], probes: seen as Plain[], places });
    else if (seen[0] === seen[1]) fresh[key] = value;
  }
}

/** What belongs to the cell as a whole stays as it is. */
function carryVms(old: Plain, { fresh, probes, places }: Carried): void {
  for (const [key, value] of Object.entries(old)) {
    if (LEFT_OUT.includes(key) || !(key in fresh)) continue;
    const seen = probes.map((probe) => probe[key]);
    if (isColumn(value)) {
      if (isOfVms(seen)) fresh[key] = carryColumn(value, { fresh: fresh[key], probes: seen, places });
    } else if (isPlain(value) && isPlain(fresh[key]))
      carryVms(value, { fresh: fresh[key], probes: seen as Plain[], places });
  }
}

type Column = ArrayLike<unknown> & { slice(from?: number, to?: number): Column };

interface CarriedColumn {
  readonly fresh: unknown;
  readonly probes: readonly unknown[];
  readonly places: Places;
}

function carryColumn(old: Column, { fresh, probes, places }: CarriedColumn): unknown {
  const [small = 0, large = 0] = probes.map((probe) => (probe as Column).length);
  const owner = ownerOf(small, large);
  if (owner === undefined) return (fresh as Column).length === old.length || Array.isArray(old) ? old.slice() : fresh;
  if (old.length !== owner.width * places.before[owner.kind]) return fresh;
  const target = (fresh as Column).slice() as unknown as unknown[];
  for (const [index, before] of places[owner.kind].entries()) {
    if (before < 0) continue;
    for (let offset = 0; offset < owner.width; offset++)
      target[index * owner.width + offset] = old[before * owner.width + offset];
  }
  return target;
}

function isOfVms(probes: readonly unknown[]): boolean {
  const [small = 0, large = 0] = probes.map((probe) => (probe as Column).length);
  return ownerOf(small, large)?.kind === "vm";
}

/** Undefined: it belongs to the cell as a whole. */
function ownerOf(small: number, large: number): { readonly kind: "vm" | "host"; readonly width: number } | undefined {
  if (small === large) return undefined;
  for (const [kind, count] of [
    ["vm", "vms"],
    ["host", "hosts"],
  ] as const) {
    const width = small / PROBES[0][count];
    if (Number.isInteger(width) && large === width * PROBES[1][count]) return { kind, width };
  }
  assert(false, `a column of a cell grows with its VMs or with its hosts: ${small} of one size, ${large} of another`);
}

function isColumn(value: unknown): value is Column {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "slice" in value);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !isColumn(value) && !(value instanceof Map);
}

/** Ticks are counted on, so that a network that joins later is told when the first one was. */
function keepCalendar({ network, tick }: DemandEngine, { at, layout }: CellState): void {
  if (network !== undefined) Object.assign(network, { startMs: at - tick * layout.stepMs });
}

/** What was said of a host by its index is said anew at the next step; shadow VMs of hosts that left are nobody's. */
function keepKnownHosts({ state }: RunningCell): void {
  const hosts = new Set(state.layout.hostIds);
  state.cuts.length = 0;
  state.advice.length = 0;
  state.shadowVms = state.shadowVms.filter(({ host }) => hosts.has(host));
  for (const [id, life] of state.pool.lives) if (!hosts.has(life.host)) state.pool.lives.delete(id);
}
