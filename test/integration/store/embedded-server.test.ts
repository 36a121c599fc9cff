import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openEmbeddedServer } from "../../../src/adapters/postgres/embedded/embedded-server.ts";
import { runningPostmaster, stopPostmaster } from "../../../src/adapters/postgres/embedded/postmaster.ts";
import { SCHEMA_VERSION } from "../../../src/adapters/postgres/migrations.ts";
import { type OpenStore, openStore } from "../../../src/adapters/postgres/open-store.ts";
import { instant } from "../../../src/model/time.ts";
import { faultOf, testFolder, valueIn } from "./database-servers.ts";

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));
const IS_ROOT = process.getuid?.() === 0;
const REASON = "only root can give a folder to somebody else";
const PATIENCE = { timeout: 60_000, interval: 50 };
const by = { id: "test", at: instant(1) };

let folder: string;
const data = () => join(folder, "data", "postgres");
const open = () => openStore({ kind: "embedded", folder: join(folder, "data"), settings: ["fsync=off"] });

beforeEach(() => {
  folder = testFolder();
});
afterEach(async () => {
  await stopPostmaster(data());
  rmSync(folder, { recursive: true, force: true });
});

describe("a server of our own", () => {
  test("keeps what it has from one start to the next, and stops when it is closed", async () => {
    const first = valueIn(await open());
    expect(first.server).toEqual({ kind: "embedded", isAdopted: false });
    await write(first);
    await first.close();
    expect(runningPostmaster(data())).toBeUndefined();
    const second = valueIn(await open());
    expect(await names(second)).toEqual(["c1"]);
    expect(valueIn(await second.health())).toMatchObject({
      version: expect.stringMatching(/^18\./),
      schema: SCHEMA_VERSION,
    });
    await second.close();
  });

  test("is stopped when its parent is killed, and adopted when even its watcher was killed", async () => {
    const writer = await startWriter();
    const orphan = runningPostmaster(data());
    const watcher = parentOf(orphan?.pid ?? 0);
    const watchers = [watcher, ...childrenOf(watcher).filter((pid) => pid !== orphan?.pid)];
    for (const pid of watchers) process.kill(pid, "SIGKILL");
    writer.kill("SIGKILL");
    await once(writer, "exit");
    const adopting = valueIn(await open());
    expect(adopting.server.isAdopted).toBe(true);
    expect(runningPostmaster(data())?.pid).toBe(orphan?.pid);
    expect((await names(adopting)).length).toBeGreaterThan(0);
    await adopting.close();
    expect(runningPostmaster(data())).toBeUndefined();

    const watched = await startWriter();
    watched.kill("SIGKILL");
    await vi.waitFor(() => expect(runningPostmaster(data())).toBeUndefined(), PATIENCE);
  });

  test("is there again after it was killed itself, without anybody opening the store anew", async () => {
    const store = valueIn(await open());
    await write(store);
    const killed = runningPostmaster(data())?.pid ?? 0;
    process.kill(killed, "SIGKILL");
    // Its own processes outlive it for a moment and may even answer.
    await vi.waitFor(async () => {
      expect(runningPostmaster(data())?.pid).toBeGreaterThan(0);
      expect(runningPostmaster(data())?.pid).not.toBe(killed);
      expect(await names(store)).toEqual(["c1"]);
    }, PATIENCE);
    await store.close();
  });

  test("is not disturbed by a stale file that names a stranger", async () => {
    await valueIn(await open()).close();
    writeFileSync(join(data(), "postmaster.pid"), `${process.pid}\n${data()}\n1\n5432\n/nowhere\n\n\nready\n`);
    expect(runningPostmaster(data())).toBeUndefined();
    rmSync(join(data(), "postmaster.pid"));
    await valueIn(await open()).close();
  });
});

describe("two Headrooms", () => {
  test("never share a database: the second is refused, and the first goes on", async () => {
    const first = valueIn(await open());
    expect(faultOf(await open())).toBe("conflict");
    await write(first);
    expect(await names(first)).toEqual(["c1"]);
    await first.close();
  });
});

describe("a folder that is not ours is refused, and left as it was", () => {
  test("one that holds something else", async () => {
    mkdirSync(data(), { recursive: true });
    writeFileSync(join(data(), "letter"), "dear all");
    expect(faultOf(await open())).toBe("rejected");
    expect(readFileSync(join(data(), "letter"), "utf8")).toBe("dear all");
  });

  test("one of another PostgreSQL", async () => {
    await valueIn(await open()).close();
    writeFileSync(join(data(), "PG_VERSION"), "15\n");
    const refused = await open();
    expect(faultOf(refused)).toBe("rejected");
    expect(refused).toHaveProperty("error.message", expect.stringContaining("PostgreSQL 15"));
  });

  test("one that cannot be reached by whoever runs the server", async (context) => {
    context.skip(!IS_ROOT, REASON);
    mkdirSync(join(folder, "closed"), { mode: 0o700 });
    const closed = await openEmbeddedServer({ folder: join(folder, "closed", "data") });
    expect(faultOf(closed)).toBe("rejected");
  });

  test("one of somebody else's sockets", async (context) => {
    context.skip(!IS_ROOT, REASON);
    const store = valueIn(await open());
    const sockets = runningPostmaster(data())?.socketFolder ?? "";
    await store.close();
    mkdirSync(sockets, { mode: 0o777 });
    chownSync(sockets, 12_345, 12_345);
    expect(faultOf(await open())).toBe("rejected");
    rmSync(sockets, { recursive: true });
  });
});

/** When it is resolved, the writer has written something. */
async function startWriter() {
  const options = JSON.stringify({ kind: "embedded", folder: join(folder, "data") });
  const writer = spawn(process.execPath, ["--import", "tsx", WRITER, options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: writer.stdout })) if (line !== "ready") break;
  writer.stdout.resume();
  return writer;
}

/** From /proc on Linux. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function childrenOf(pid: number): readonly number[] {
  const isLivingChild = (each: number) => {
    try {
      return parentOf(each) === pid;
    } catch {
      return false;
    }
  };
  return readdirSync("/proc")
    .map(Number)
    .filter((each) => each > 0 && isLivingChild(each));
}

async function write(store: OpenStore): Promise<void> {
  valueIn(await store.documents.write([{ kind: "customer", id: "c1", value: { id: "c1" as never, name: "one" } }], by));
}

async function names(store: OpenStore): Promise<readonly string[]> {
  return valueIn(await store.documents.list("customer", { limit: 1000 })).map(({ id }) => id);
}
