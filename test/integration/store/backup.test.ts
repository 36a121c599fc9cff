import { expect, test } from "vitest";
import { BACKUP_TABLES } from "../../../src/adapters/postgres/backup/backup.ts";
import { SCHEMA_VERSION } from "../../../src/adapters/postgres/migrations.ts";
import { type OpenStore, openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { CellId, HostId, VmId } from "../../../src/model/fleet.ts";
import { DAY_MS, instant } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const by = { id: "test", at: instant(1) };
const vm = "v1" as VmId;
const ALL = { from: instant(0), to: instant(9 * DAY_MS) };
const LIST = { limit: 1000 };

onEachServer((server) => {
  test("a backup names every table that there is", async () => {
    const url = await server.freshUrl();
    await valueIn(await openStore({ kind: "server", url })).close();
    const tables = await server.ask(url, "select tablename from pg_tables where schemaname = 'headroom' order by 1");
    const names = [...Object.keys(BACKUP_TABLES), "schema_versions"].sort();
    expect(tables.map(({ tablename }) => tablename)).toEqual(names);
  });

  test("what was restored is what was backed up, and goes on from there", async () => {
    const one = await server.freshStore();
    await fill(one);
    const bytes = await backupOf(one);
    const other = await server.freshStore();
    valueIn(await other.restore(inParts(bytes, 1000)));
    expect(await everythingIn(other)).toEqual(await everythingIn(one));
    // The same bytes again: nothing was lost on the way.
    expect((await backupOf(other)).equals(bytes)).toBe(true);
    for (const store of [one, other]) await goOn(store);
    expect(await everythingIn(other)).toEqual(await everythingIn(one));
  });

  test("only an empty store takes one", async () => {
    const store = await server.freshStore();
    await fill(store);
    const bytes = await backupOf(store);
    const before = await everythingIn(store);
    expect(faultOf(await store.restore(inParts(bytes, 1000)))).toBe("conflict");
    expect(await everythingIn(store)).toEqual(before);
  });

  test("what was cut or changed anywhere is refused, and leaves nothing behind", async () => {
    const full = await server.freshStore();
    await fill(full);
    const bytes = await backupOf(full);
    const empty = await server.freshStore();
    const nothing = await everythingIn(empty);
    const steps = Array.from({ length: 24 }, (_, step) => Math.floor((step * bytes.length) / 24));
    const broken = [
      ...steps.map((length) => bytes.subarray(0, length)),
      bytes.subarray(0, bytes.length - 1),
      ...[...steps, bytes.length - 1].map((place) => flipped(bytes, place)),
      Buffer.concat([bytes, Buffer.of(0)]),
      Buffer.from("something else"),
    ];
    for (const each of broken) expect(faultOf(await empty.restore(inParts(each, 4096)))).toBe("bad-input");
    expect(faultOf(await empty.restore(failing(bytes)))).toBe("unavailable");
    expect(await everythingIn(empty)).toEqual(nothing);
    valueIn(await empty.restore(inParts(bytes, bytes.length)));
    expect(await everythingIn(empty)).toEqual(await everythingIn(full));
  });

  test("one of a newer Headroom is refused", async () => {
    const bytes = await backupOf(await server.freshStore());
    const newer = Buffer.from(bytes.toString("latin1").replace(`"schema":${SCHEMA_VERSION}`, '"schema":9'), "latin1");
    expect(faultOf(await (await server.freshStore()).restore(inParts(newer, 4096)))).toBe("rejected");
  });

  test("a backup is of one moment, whatever is written while it is read", async () => {
    const store = await server.freshStore();
    await fill(store);
    const before = await everythingIn(store);
    const parts: Uint8Array[] = [];
    for await (const part of store.backup()) {
      if (parts.length === 0) await goOn(store);
      parts.push(valueIn(part));
    }
    const other = await server.freshStore();
    valueIn(await other.restore(inParts(Buffer.concat(parts), 4096)));
    expect(await everythingIn(other)).toEqual(before);
  });
});

async function fill({ documents, samples, cells, keys, idempotency }: OpenStore): Promise<void> {
  const customer = { kind: "customer", id: "c1", value: { id: "c1" as never, name: "a\0\ud800 \\ \"'" } } as const;
  const needs = [{ kind: "customer", id: "c1" }] as const;
  const host = { kind: "host", id: "h1", value: { odd: Float64Array.of(Number.NaN, -0) } as never, needs } as const;
  valueIn(await documents.write([customer, host], by));
  valueIn(await documents.write([{ ...customer, value: { id: "c1" as never, name: "changed" } }], by));
  const columns = { vms: [vm], vm: Uint32Array.of(0, 0), usage: Float32Array.from({ length: 8 }, (_, each) => each) };
  valueIn(await samples.append({ ...columns, at: Float64Array.of(DAY_MS, 2 * DAY_MS) }, instant(1)));
  valueIn(await samples.fold(instant(1)));
  valueIn(await samples.append({ ...columns, at: Float64Array.of(DAY_MS + 5, 2 * DAY_MS + 5) }, instant(2)));
  valueIn(
    await keys.add(
      { ...{ id: "k", name: "k", role: "operator", scopes: ["read"], createdAt: instant(1) } },
      "hash",
      by,
    ),
  );
  valueIn(await idempotency.answerTo({ caller: "k", key: "a", requestHash: "x", at: instant(1) }));
  valueIn(await idempotency.keep({ caller: "k", key: "a" }, { status: 200, headers: {}, body: "yes" }));
  const claim = valueIn(await cells.claim("cell" as CellId, { process: "p", at: instant(1) }));
  const held = { kind: "held", at: instant(1), vm, host: "h1" as HostId } as const;
  valueIn(await cells.commit(claim, [{ number: 1, bytes: Buffer.alloc(100_000, 7), records: [held] }]));
  valueIn(
    await cells.checkpoint(claim, { at: instant(1), number: 0, parts: inParts(Buffer.alloc(50_000, 3), 20_000) }),
  );
}

async function goOn({ documents, samples, cells }: OpenStore): Promise<void> {
  valueIn(await documents.write([{ kind: "customer", id: "c2", value: { id: "c2" as never, name: "new" } }], by));
  const row = { vms: [vm], vm: Uint32Array.of(0), at: Float64Array.of(3 * DAY_MS), usage: new Float32Array(4) };
  valueIn(await samples.append(row, instant(3)));
  const claim = valueIn(await cells.claim("cell" as CellId, { process: "q", at: instant(2) }));
  const held = { kind: "held", at: instant(2), vm, host: "h1" as HostId } as const;
  valueIn(await cells.commit(claim, [{ number: 2, bytes: Buffer.alloc(10, 1), records: [held] }]));
  valueIn(await cells.checkpoint(claim, { at: instant(2), number: 2, parts: inParts(Buffer.alloc(10), 10) }));
}

async function everythingIn({ documents, log, samples, cells, keys, idempotency }: OpenStore): Promise<unknown> {
  const cell = valueIn(await cells.load("cell" as CellId));
  const parts: unknown[] = [];
  for await (const part of cell?.checkpoint?.parts ?? inParts(Buffer.alloc(0), 1)) parts.push(part);
  const batches: unknown[] = [];
  for await (const batch of samples.batchesAfter(instant(0))) batches.push(valueIn(batch));
  return {
    ...{ revision: await documents.revision(), customers: await documents.list("customer", LIST) },
    ...{ hosts: await documents.list("host", LIST), changes: await log.changes(LIST) },
    ...{ samples: await samples.read(vm, ALL), batches, keys: await keys.keys(LIST), hash: await keys.byHash("hash") },
    ...{ decisions: await cells.decisions(LIST), heard: cell?.heard, at: cell?.checkpoint?.at, parts },
    answer: cell && (await idempotency.answerTo({ caller: "k", key: "a", requestHash: "x", at: instant(2) })),
  };
}

async function backupOf(store: OpenStore): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of store.backup()) parts.push(valueIn(part));
  return Buffer.concat(parts);
}

async function* inParts(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let begin = 0; begin < bytes.length; begin += length) yield bytes.subarray(begin, begin + length);
}

async function* failing(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 1000);
  throw new Error("the disk is gone");
}

function flipped(bytes: Buffer, place: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[place] = (changed[place] ?? 0) ^ 0x40;
  return changed;
}
