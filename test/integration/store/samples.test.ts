import fc from "fast-check";
import { expect, test } from "vitest";
import { roundedUsage } from "../../../src/adapters/postgres/samples/amount-code.ts";
import type { SampleColumns, SampleStore, VmSamples } from "../../../src/control/store-ports.ts";
import type { VmId } from "../../../src/model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../../src/model/resources.ts";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const DAY = 20_000 * DAY_MS;
const ALL = { from: instant(0), to: instant(30_000 * DAY_MS) };
const vmOf = (name: string) => name as VmId;

interface Row {
  readonly vm: string;
  readonly at: number;
  readonly amounts: readonly number[];
}

onEachServer((server) => {
  test("what was appended is read, before and after it is folded, whatever batches it came in", async () => {
    const { samples } = await server.freshStore();
    let runs = 0;
    const property = fc.asyncProperty(fc.array(batchArbitrary, { maxLength: 8 }), async (batches) => {
      const prefix = `run${++runs}-`;
      const kept = new Map<string, Map<number, readonly number[]>>();
      for (const [place, { rows, isFoldedAfter }] of batches.entries()) {
        const own = rows.map((each) => ({ ...each, vm: prefix + each.vm }));
        for (const { vm, at, amounts } of own) kept.set(vm, (kept.get(vm) ?? new Map()).set(at, amounts));
        valueIn(await samples.append(columnsOf(own), instant(place)));
        if (isFoldedAfter) valueIn(await samples.fold(instant(place)));
        await expectKept(samples, kept);
      }
    });
    await fc.assert(property, { seed: 1, numRuns: 25 });
  });

  test("a span takes its beginning and leaves its end, across days, chunks and batches", async () => {
    const { samples } = await server.freshStore();
    const rows = Array.from({ length: 3 * 24 }, (_, hour) => row("a", DAY + hour * HOUR_MS, hour));
    valueIn(await samples.append(columnsOf(rows.slice(0, 40)), instant(1)));
    valueIn(await samples.fold(instant(1)));
    valueIn(await samples.append(columnsOf(rows.slice(40)), instant(2)));
    const read = async (from: number, to: number) =>
      valueIn(await samples.read(vmOf("a"), { from: instant(from), to: instant(to) })).at;
    expect([...(await read(DAY, DAY + 2 * HOUR_MS))]).toEqual([DAY, DAY + HOUR_MS]);
    expect(await read(DAY, DAY + DAY_MS)).toHaveLength(24);
    expect(await read(DAY + 39 * HOUR_MS, DAY + 42 * HOUR_MS)).toHaveLength(3);
    expect(await read(DAY + 1, DAY + 1)).toHaveLength(0);
    expect(faultOf(await samples.read(vmOf("a"), { from: instant(2), to: instant(1) }))).toBe("bad-input");
    expect(valueIn(await samples.read(vmOf("nobody"), ALL)).at).toHaveLength(0);
  });

  test("batches are there to catch up with, folded or not, for a day", async () => {
    const { samples } = await server.freshStore();
    for (let each = 0; each < 120; each++)
      valueIn(await samples.append(columnsOf([row("a", DAY + each * MINUTE_MS, each)]), instant(DAY + each)));
    expect(valueIn(await samples.fold(instant(DAY + 59))).folded).toBe(60);
    expect(valueIn(await samples.fold(instant(DAY + 59))).folded).toBe(0);
    expect(await received(samples, DAY - 1)).toEqual(Array.from({ length: 120 }, (_, each) => DAY + each));
    expect(await received(samples, DAY + 99)).toHaveLength(20);
    valueIn(await samples.fold(instant(DAY + DAY_MS + 10)));
    expect(await received(samples, DAY - 1)).toHaveLength(110);
    expect(valueIn(await samples.read(vmOf("a"), ALL)).at).toHaveLength(120);
  });

  test("a fold that is cut in the middle was not begun", async () => {
    const url = await server.freshUrl();
    const { openStore } = await import("../../../src/adapters/postgres/open-store.ts");
    const { samples, close } = valueIn(await openStore({ kind: "server", url }));
    const rows = Array.from({ length: 2500 }, (_, each) => row(`vm${each}`, DAY + MINUTE_MS, each + 1));
    valueIn(await samples.append(columnsOf(rows), instant(1)));
    // The second thousand of chunks meets one that must not be: what was written before it is undone.
    await server.ask(url, "alter table headroom.sample_days add constraint cut check (vm <> 'vm1500')");
    await expect(samples.fold(instant(2))).rejects.toThrow("cut");
    expect(await server.ask(url, "select count(*)::int as chunks from headroom.sample_days")).toEqual([{ chunks: 0 }]);
    expect(valueIn(await samples.read(vmOf("vm3"), ALL)).at).toHaveLength(1);
    await server.ask(url, "alter table headroom.sample_days drop constraint cut");
    expect(valueIn(await samples.fold(instant(2))).folded).toBe(1);
    expect(await server.ask(url, "select count(*)::int as chunks from headroom.sample_days")).toEqual([
      { chunks: 2500 },
    ]);
    expect(valueIn(await samples.read(vmOf("vm3"), ALL)).at).toHaveLength(1);
    await close();
  });

  test("two folds at once fold each batch once, and readers beside them see all of it once", async () => {
    const { samples } = await server.freshStore();
    const appended = Array.from({ length: 30 }, (_, each) => row("a", DAY + each * MINUTE_MS, each));
    for (const [each, one] of appended.entries()) valueIn(await samples.append(columnsOf([one]), instant(each)));
    const folds = [samples.fold(instant(99)), samples.fold(instant(99))];
    for (let reads = 0; reads < 10; reads++) expect(valueIn(await samples.read(vmOf("a"), ALL)).at).toHaveLength(30);
    const folded = (await Promise.all(folds)).map((each) => valueIn(each).folded);
    expect(folded.reduce((sum, each) => sum + each, 0)).toBe(30);
  });

  test("of old days the largest of every hour stays, of older ones nothing, and what comes late joins its hour", async () => {
    const { samples } = await server.freshStore();
    const rows = Array.from({ length: 3 * 288 }, (_, tick) =>
      row("a", DAY + (tick + 1) * 5 * MINUTE_MS, (tick % 12) + 1),
    );
    valueIn(await samples.append(columnsOf(rows), instant(1)));
    valueIn(await samples.fold(instant(1)));
    const limits = { samplesFrom: instant(DAY + 2.5 * DAY_MS), hoursFrom: instant(DAY + 1.5 * DAY_MS) };
    for (let times = 0; times < 2; times++) {
      valueIn(await samples.retain(limits));
      const { at, usage } = valueIn(await samples.read(vmOf("a"), ALL));
      expect(at).toHaveLength(24 + 288);
      expect([...at.slice(0, 2)]).toEqual([DAY + DAY_MS + HOUR_MS, DAY + DAY_MS + 2 * HOUR_MS]);
      expect(usage.cpu[0]).toBeCloseTo(12, 1);
    }
    valueIn(await samples.append(columnsOf([row("a", DAY + DAY_MS + 90 * MINUTE_MS, 50)]), instant(2)));
    valueIn(await samples.fold(instant(2)));
    const { at, usage } = valueIn(await samples.read(vmOf("a"), ALL));
    expect(at).toHaveLength(24 + 288);
    expect([...usage.cpu.slice(0, 3)].map(Math.round)).toEqual([12, 50, 12]);
  });

  test("what is no batch is refused", async () => {
    const { samples } = await server.freshStore();
    const good = columnsOf([row("a", DAY, 1)]);
    const bad: SampleColumns[] = [
      columnsOf([]),
      { ...good, at: Float64Array.of(Number.NaN) },
      { ...good, vm: Uint32Array.of(1) },
      { ...good, usage: Float32Array.of(1) },
      { ...good, vms: [vmOf("a\nb")] },
      { ...good, vms: [vmOf("")] },
    ];
    for (const each of bad) expect(faultOf(await samples.append(each, instant(1)))).toBe("bad-input");
    expect(await received(samples, 0)).toEqual([]);
  });
});

const amount = fc.oneof(fc.constant(Number.NaN), fc.constant(0), fc.float({ min: 0, max: 2 ** 40, noNaN: true }));
const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  vm: fc.constantFrom("a", "b", "c"),
  at: fc.oneof(fc.nat(8), fc.nat(3 * 288)).map((tick) => DAY + tick * 5 * MINUTE_MS),
  amounts: fc.array(amount, { minLength: RESOURCE_COUNT, maxLength: RESOURCE_COUNT }),
});
const batchArbitrary = fc.record({
  rows: fc.array(rowArbitrary, { minLength: 1, maxLength: 20 }),
  isFoldedAfter: fc.boolean(),
});

function row(vm: string, at: number, amount: number): Row {
  return { vm, at, amounts: RESOURCES.map(() => amount) };
}

function columnsOf(rows: readonly Row[]): SampleColumns {
  const vms = [...new Set(rows.map(({ vm }) => vm))];
  return {
    vms: vms.map(vmOf),
    vm: Uint32Array.from(rows, ({ vm }) => vms.indexOf(vm)),
    at: Float64Array.from(rows, ({ at }) => at),
    usage: Float32Array.from(rows.flatMap(({ amounts }) => amounts)),
  };
}

/** What is to be read of one VM: the last amounts of each instant, rounded. */
function samplesOf(kept: ReadonlyMap<number, readonly number[]>): VmSamples {
  const rows = [...kept].sort(([one], [other]) => one - other);
  const usage = roundedUsage(Float32Array.from(rows.flatMap(([, amounts]) => amounts)));
  const columns = RESOURCES.map((resource, column) => [
    resource,
    usage.filter((_, cell) => cell % RESOURCE_COUNT === column),
  ]);
  return { at: Float64Array.from(rows, ([at]) => at), usage: Object.fromEntries(columns) };
}

async function expectKept(
  samples: SampleStore,
  kept: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>,
): Promise<void> {
  for (const [vm, expected] of kept) expect(valueIn(await samples.read(vmOf(vm), ALL))).toEqual(samplesOf(expected));
}

async function received(samples: SampleStore, after: number): Promise<readonly number[]> {
  const times: number[] = [];
  for await (const batch of samples.batchesAfter(instant(after))) times.push(valueIn(batch).receivedAt);
  return times;
}
