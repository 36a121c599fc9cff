import { expect, test, vi } from "vitest";
import { openStore } from "../../../src/adapters/postgres/open-store.ts";
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
    expect(valueIn(await second.health())).toMatchObject({ schema: 1 });
    await second.close();
    expect(await server.ask(url, "select version from headroom.schema_versions")).toEqual([{ version: 1 }]);
  });

  test("a schema of a newer Headroom is refused, and let go", async () => {
    const url = await server.freshUrl();
    await valueIn(await openStore({ kind: "server", url })).close();
    await server.ask(url, "insert into headroom.schema_versions (version, what) values (99, 'from the future')");
    const refused = await openStore({ kind: "server", url });
    expect(faultOf(refused)).toBe("rejected");
    expect(refused).toHaveProperty("error.message", expect.stringContaining("schema 99, this one knows 1"));
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
