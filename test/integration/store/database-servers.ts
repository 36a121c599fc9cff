// The database servers on which the store's tests run: the embedded one and Debian's. Each test file has servers and a database of its
// own, copied from a template.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import { openEmbeddedServer } from "../../../src/adapters/postgres/embedded/embedded-server.ts";
import { serverUser } from "../../../src/adapters/postgres/embedded/server-user.ts";
import { type OpenStore, openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { Result } from "../../../src/model/result.ts";

const DEBIAN = "/usr/lib/postgresql";
const DEBIAN_MIN = 15;
const REASON = "there is no PostgreSQL of the system: as root, node scripts/set-up.mjs --system installs Debian's";
const QUICK = ["fsync=off", "full_page_writes=off", "synchronous_commit=off"];
const TEMPLATE = "template_of_tests";

export interface TestServer {
  readonly name: string;
  /** A store in a database of its own; closed after the suite. */
  readonly freshStore: () => Promise<OpenStore>;
  /** An empty database, by its URL. */
  readonly freshUrl: () => Promise<string>;
  /** One statement past the store. */
  readonly ask: (url: string, text: string) => Promise<readonly Record<string, unknown>[]>;
}

interface Running {
  readonly sockets: string;
  readonly stop: () => Promise<void>;
}

/** Once for each server. `isDurable`: with fsync, for tests that kill. */
export function onEachServer(suite: (server: TestServer) => void, { isDurable = false } = {}): void {
  const kinds = [
    { name: "the embedded PostgreSQL", start: startEmbedded, isThere: true },
    { name: "Debian's PostgreSQL", start: startDebian, isThere: debianPrograms() !== undefined },
  ];
  describe.each(kinds)("on $name", ({ name, start, isThere }) => {
    let running: Running | undefined;
    const folder = testFolder();
    const opened: OpenStore[] = [];
    let databases = 0;

    beforeAll(async () => {
      if (!isThere) return;
      running = await start(folder, isDurable ? [] : QUICK);
      await ask(urlOf("postgres"), `create database ${TEMPLATE}`);
      const template = valueIn(await openStore({ kind: "server", url: urlOf(TEMPLATE) }));
      await template.close();
    });
    beforeEach((context) => {
      context.skip(!isThere, REASON);
    });
    afterAll(async () => {
      for (const store of opened) await store.close();
      await running?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const urlOf = (database: string) =>
      `postgresql://headroom@/${database}?host=${encodeURIComponent(running?.sockets ?? "")}`;
    const freshUrl = async (template = "template0") => {
      const database = `test_${++databases}`;
      await ask(urlOf("postgres"), `create database ${database} template ${template} strategy file_copy`);
      return urlOf(database);
    };
    suite({
      name,
      freshUrl: () => freshUrl(),
      ask,
      async freshStore() {
        const store = valueIn(await openStore({ kind: "server", url: await freshUrl(TEMPLATE) }));
        opened.push(store);
        return store;
      },
    });
  });
}

/** Where another user may get in. */
export function testFolder(): string {
  const folder = mkdtempSync("/tmp/headroom-test-");
  chmodSync(folder, 0o755);
  return folder;
}

export function valueIn<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

/** The kind of a failure; undefined for a success. */
export function faultOf(result: Result<unknown>): string | undefined {
  return result.ok ? undefined : result.error.kind;
}

async function ask(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function startEmbedded(folder: string, settings: readonly string[]): Promise<Running> {
  const server = valueIn(await openEmbeddedServer({ folder: join(folder, "data"), settings }));
  return { sockets: server.address.host ?? "", stop: server.stop };
}

async function startDebian(folder: string, settings: readonly string[]): Promise<Running> {
  const programs = debianPrograms() ?? "";
  const [data, sockets] = [join(folder, "data"), join(folder, "sockets")];
  const user = valueIn(serverUser(data));
  for (const each of [folder, data, sockets]) {
    mkdirSync(each, { recursive: true, mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) chownSync(each, user.uid, user.gid);
  }
  const run = (program: string, ...parameters: readonly string[]) => {
    const done = spawnSync(join(programs, program), parameters, {
      ...user,
      cwd: "/",
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  };
  run("initdb", "-D", data, "-U", "headroom", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C");
  const options = ["listen_addresses=", `unix_socket_directories=${sockets}`, ...settings].map((each) => `-c ${each}`);
  run("pg_ctl", "start", "-w", "-D", data, "-l", join(folder, "log"), "-o", options.join(" "));
  return { sockets, stop: async () => run("pg_ctl", "stop", "-w", "-D", data, "-m", "fast") };
}

/** Of the newest version that is there. */
function debianPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN)
    .map(Number)
    .filter((version) => version >= DEBIAN_MIN && existsSync(`${DEBIAN}/${version}/bin/initdb`));
  return versions.length === 0 ? undefined : `${DEBIAN}/${Math.max(...versions)}/bin`;
}
