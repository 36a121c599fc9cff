// The way to a running service: its address and the key as typed or from the environment, and a client that does not wait forever.
import { createClient } from "../../api/client/client.ts";
import { watchLive } from "../../api/client/watch-live.ts";
import { OPENAPI_PATH } from "../../api/contract/addresses.ts";
import { serverUrl } from "../../cli/option-values.ts";
import type { Connection, ServerChoice } from "../../cli/service-commands.ts";
import { failure, type Result, success } from "../../model/result.ts";

const ADDRESS_DEFAULT = "http://127.0.0.1:8710";
const ANSWER_TIMEOUT_MS = 30_000;

/** "bad-input" when HEADROOM_SERVER is no address, or the key cannot be one. */
export function connect(
  { server, key }: ServerChoice,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Result<Connection> {
  const typed = server ?? (environment["HEADROOM_SERVER"] || ADDRESS_DEFAULT);
  const url = serverUrl(typed);
  if (url === undefined)
    return failure("bad-input", `"${typed}" is no address of a server: it should look like ${ADDRESS_DEFAULT}.`);
  const address = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  const kept = environment["HEADROOM_KEY"]?.trim() || undefined;
  const credential = key ?? kept;
  const origin = key !== undefined ? "--key" : kept !== undefined ? "HEADROOM_KEY" : "none";
  if (credential !== undefined && !/^[\x21-\x7e]+$/.test(credential))
    return failure("bad-input", `What ${origin} says is no key: a key is one word, like hr_...`);
  const options = { address, ...(credential !== undefined && { key: credential }) };
  return success({
    address,
    key: origin,
    client: createClient({ ...options, fetcher: patient, triesMax: 2 }),
    version: () => versionAt(address, credential),
    watch: (signal) => watchLive({ ...options, fetcher: fetch, signal }),
  });
}

/** As its description of itself says. */
async function versionAt(address: string, key: string | undefined): Promise<string | undefined> {
  try {
    const headers = { accept: "application/json", ...(key !== undefined && { authorization: `Bearer ${key}` }) };
    const response = await patient(`${address}${OPENAPI_PATH}`, { headers });
    const document = (await response.json()) as { readonly info?: { readonly version?: unknown } } | null;
    const version = document?.info?.version;
    return typeof version === "string" && version !== NOT_SAID ? version : undefined;
  } catch {
    return undefined;
  }
}

/** Of a server that was not told which version it is. */
const NOT_SAID = "0";

const patient: typeof fetch = (input, init) =>
  fetch(input, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS), ...init });
