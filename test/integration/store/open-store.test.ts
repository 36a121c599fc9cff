import { expect, test, vi } from "vitest";
import { migrationSteps, SCHEMA_VERSION } from "../../../src/adapters/postgres/migrations.ts";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
import type { CellId } from "../../../src/model/fleet.ts";
import { instant } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const by = { id: "test", at: instant(1) };
const PATIENCE = { timeout: 60_000, interval: 50 };

onEachServer((server) => {
  test("an empty database gets the schema once, and keeps what it has from then on", async () => {
    const url = await server.freshUrl();
    const first = valueIn(await openStore({ kind: "server", url }));
    expect(first.server).toEqual({ kind: "server", isAdopted: true });
    valueIn(await first.documents.write([{ kind: "customer", id: "c", value: { id: "c" as never, name: "c" } }], by));
    await first.close();
    await first.close();
    const second = valueIn(await openStore({ kind: "server", url }));
    expect(valueIn(await second.documents.revision())).toBe(1);
    expect(valueIn(await second.health())).toMatchObject({ schema: SCHEMA_VERSION });
    await second.close();
    expect(await server.ask(url, "select version from headroom.schema_versions order by version")).toEqual(
      Array.from({ length: SCHEMA_VERSION }, (_, index) => ({ version: index + 1 })),
    );
  });

  test("a schema of a newer Headroom is refused, and let go", async () => {
    const url = await server.freshUrl();
    await valueIn(await openStore({ kind: "server", url })).close();
    await server.ask(url, "insert into headroom.schema_versions (version, what) values (99, 'from the future')");
    const refused = await openStore({ kind: "server", url });
    expect(faultOf(refused)).toBe("rejected");
    expect(refused).toHaveProperty(
      "error.message",
      expect.stringContaining(`schema 99, this one knows ${SCHEMA_VERSION}`),
    );
    await server.ask(url, "delete from headroom.schema_versions where version = 99");
    await valueIn(await openStore({ kind: "server", url })).close();
  });

  test("a schema of that name that is not ours is refused and left as it was", async () => {
    const url = await server.freshUrl();
    await server.ask(url, "create schema headroom; create table headroom.letters (text text)");
    expect(faultOf(await openStore({ kind: "server", url }))).toBe("rejected");
    expect(await server.ask(url, "select tablename from pg_tables where schemaname = 'headroom'")).toHaveLength(1);
  });

  test("a migration that is cut leaves nothing: the next start makes it whole", async () => {
    const url = await server.freshUrl();
    // The last statements of the step fail: an event trigger forbids this one table.
    await server.ask(
      url,
      `create function forbid() returns event_trigger language plpgsql as $$ begin
         if exists (select from pg_event_trigger_ddl_commands() where object_identity like '%idempotent_answers') then
           raise exception 'cut' using errcode = '57P01';
         end if;
       end $$;
       create event trigger forbidden on ddl_command_end when tag in ('CREATE TABLE') execute function forbid()`,
    );
    expect(faultOf(await openStore({ kind: "server", url }))).toBe("unavailable");
    expect(await server.ask(url, "select from pg_namespace where nspname = 'headroom'")).toEqual([]);
    await server.ask(url, "drop event trigger forbidden");
    await valueIn(await openStore({ kind: "server", url })).close();
  });

  test("what an older Headroom left is brought to this schema, and goes on from its checkpoint", async () => {
    const url = await server.freshUrl();
    const cell = "c" as CellId;
    await server.ask(url, "set search_path = headroom");
    for (const step of migrationSteps({ from: 0, to: 1 }))
      await step(async (text, values = []) => {
        const literal = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;
        const whole = values.reduce<string>((sum, value, index) => sum.replace(`$${index + 1}`, literal(value)), text);
        return (await server.ask(url, `set search_path = headroom; ${whole}`)) as never;
      });
    await server.ask(
      url,
      `set search_path = headroom;
       insert into cells (cell, epoch, process, claimed_at, stepped_at, memory) values ('c', 4, 'p', 1, 9, '\\x01');
       insert into checkpoints (id, cell, at) values (7, 'c', 8);
       insert into checkpoint_parts values (7, 0, '\\x0203');
       update cells set checkpoint = 7`,
    );
    const store = valueIn(await openStore({ kind: "server", url }));
    const loaded = valueIn(await store.cells.load(cell));
    expect([loaded?.heard, loaded?.checkpoint?.at]).toEqual([[], 8]);
    const claim = valueIn(await store.cells.claim(cell, { process: "q", at: instant(10) }));
    expect(claim.epoch).toBe(5);
    valueIn(await store.cells.commit(claim, [{ number: 31, bytes: Buffer.of(1), records: [] }]));
    expect(valueIn(await store.cells.load(cell))?.heard).toEqual([{ number: 31, bytes: Buffer.of(1) }]);
    await store.close();
  });

  test("two Headrooms never share a database", async () => {
    const url = await server.freshUrl();
    const first = valueIn(await openStore({ kind: "server", url }));
    expect(faultOf(await openStore({ kind: "server", url }))).toBe("conflict");
    await first.close();
    await valueIn(await openStore({ kind: "server", url })).close();
  });

  test("connections that break are replaced, and the hold on the database is taken again", async () => {
    const url = await server.freshUrl();
    const store = valueIn(await openStore({ kind: "server", url }));
    const breakAll =
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    const holders =
      "select pid from pg_locks join pg_database on oid = database where locktype = 'advisory' and datname = current_database()";
    for (let times = 0; times < 3; times++) {
      await server.ask(url, breakAll);
      await vi.waitFor(async () => expect(await server.ask(url, holders)).toHaveLength(1), PATIENCE);
      await vi.waitFor(async () => expect(faultOf(await store.documents.revision())).toBeUndefined(), PATIENCE);
    }
    expect(faultOf(await openStore({ kind: "server", url }))).toBe("conflict");
    await store.close();
  });

  test("a server that is not there is a failure and no crash", async () => {
    const url = (await server.freshUrl()).replace(/host=.*/, "host=/nowhere");
    expect(faultOf(await openStore({ kind: "server", url }))).toBe("unavailable");
  });
});
