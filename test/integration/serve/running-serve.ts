// The real service on a data folder that outlives it, with a client that has the key of its first operator.
import { join } from "node:path";
import { type ApiClient, createClient } from "../../../src/api/client/client.ts";
import { openFolder, startServe } from "../serve-process.ts";

export interface Service {
  readonly client: ApiClient;
  readonly address: string;
  readonly key: string;
  kill(): Promise<void>;
  /** As an operator does it; its exit code. */
  stop(): Promise<number | null>;
  /** What it logged so far. */
  log(): string;
}

export interface Home {
  start(): Promise<Service>;
  remove(): void;
}

const SETTINGS = { HEADROOM_TICK_SECONDS: "15", HEADROOM_REQUESTS_PER_MINUTE: "1000000" };

/** `settings` stand beside, or in place of, those of all tests. */
export function serviceHome(settings: Readonly<Record<string, string>> = {}): Home {
  const folder = openFolder();
  let key = "";
  return {
    remove: folder.remove,
    async start() {
      const { address, firstKey, log, end } = await startServe(join(folder.path, "data"), { ...SETTINGS, ...settings });
      key = firstKey ?? key;
      return {
        ...{ address, key, log },
        client: createClient({ address, key, fetcher: fetch, triesMax: 1 }),
        kill: async () => void (await end("SIGKILL")),
        stop: () => end("SIGTERM"),
      };
    },
  };
}
