// Only one Headroom works on a database: a session lock, taken first thing and held by a connection of its own. Where that connection
// breaks, nothing is asked of the database until the lock is taken again.
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { failure, type Result, success } from "../../model/result.ts";
import { type Address, settingsOf } from "./connections.ts";
import { databaseFailure } from "./database-failures.ts";

const OWNER_LOCK = 7_130_001;
/** A process that was killed a moment ago may still be on record. */
const TRIES = 25;
const PAUSE_MS = 200;

export interface OwnerLock {
  readonly isHeld: () => boolean;
  /** The same for other threads of this process: its first number is 1 while it is held. */
  readonly flag: Int32Array<SharedArrayBuffer>;
  readonly release: () => Promise<void>;
}

/** "conflict" when another Headroom has the database. `revive` brings the server back before each try to take the lock again. */
export async function takeOwnerLock(address: Address, revive: () => Promise<unknown>): Promise<Result<OwnerLock>> {
  const state: { holder: Client | undefined; isReleased: boolean; taking: Promise<void> } = {
    holder: undefined,
    isReleased: false,
    taking: Promise.resolve(),
  };
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const hold = (holder: Client | undefined) => {
    state.holder = holder;
    Atomics.store(flag, 0, holder === undefined ? 0 : 1);
  };

  const onLost = () => {
    hold(undefined);
    if (!state.isReleased) state.taking = takeAgain();
  };
  async function takeAgain(): Promise<void> {
    while (!state.isReleased && state.holder === undefined) {
      await sleep(PAUSE_MS, undefined, { ref: false });
      await revive();
      const taken = await takenOnce(address, onLost);
      if (!taken.ok) continue;
      if (state.isReleased) return void (await taken.value.end());
      hold(taken.value);
    }
  }

  for (let tries = 1; state.holder === undefined; tries++) {
    const taken = await takenOnce(address, onLost);
    if (taken.ok) hold(taken.value);
    else if (taken.error.kind !== "conflict" || tries === TRIES) return taken;
    else await sleep(PAUSE_MS);
  }
  return success({
    isHeld: () => state.holder !== undefined,
    flag,
    async release() {
      state.isReleased = true;
      await state.taking;
      await state.holder?.end();
    },
  });
}

async function takenOnce(address: Address, onLost: () => void): Promise<Result<Client>> {
  const client = new Client(settingsOf(address));
  // What breaks the connection ends it too; without a listener the error would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [OWNER_LOCK]);
    if (rows[0]?.taken === true) {
      client.once("end", onLost);
      return success(client);
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    return databaseFailure(error);
  }
  await client.end();
  return failure("conflict", "Another Headroom works on this database: stop it first, or choose another database.");
}
