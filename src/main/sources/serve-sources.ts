// The sources of `headroom serve`: as it is configured, until it is stopped.
import { allowAddresses } from "../../adapters/customer-addresses/allowed-address.ts";
import type { SourceDesk } from "../../api/server/source-desk.ts";
import type { Clock } from "../../control/ports.ts";
import type { Store } from "../../control/store-ports.ts";
import { type Failure, type Result, success } from "../../model/result.ts";
import { openSources } from "./open-sources.ts";
import { readersInThread } from "./readers.ts";
import { serviceSecret } from "./service-secret.ts";

export interface ServedSources {
  readonly desk: SourceDesk;
  stop(): Promise<void>;
}

export interface ServeSourcesOptions {
  readonly config: { readonly data: string; readonly allowedNetworks: string };
  readonly store: Store;
  readonly clock: Clock;
  readonly onChanged: () => void;
  readonly onFailure: (failure: Failure) => void;
}

/** Fails where a network is none, or the data folder cannot be written. */
export function serveSources({ config, ...given }: ServeSourcesOptions): Result<ServedSources> {
  const allowed = allowAddresses(config.allowedNetworks);
  if (!allowed.ok) return allowed;
  const master = serviceSecret(config.data);
  if (!master.ok) return master;
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const readers = readersInThread();
  const seed = given.clock.now() % 2 ** 32;
  const { desk, ended } = openSources({
    ...given,
    stopped,
    seed,
    readers,
    allows: allowed.value.isAllowed,
    master: master.value,
  });
  return success({
    desk,
    stop() {
      stop();
      return ended;
    },
  });
}
