// Samples on their way into a running service: in batches, each sent again until it is kept. The same batch twice counts once.
import { setTimeout as pause } from "node:timers/promises";
import type { ApiClient } from "../../api/client/client.ts";
import type { Problem } from "../../api/contract/live.ts";
import { packSamples } from "../../api/contract/packed-samples.ts";
import type { SampleColumns } from "../../control/store-ports.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";

export interface HandedIn {
  readonly rows: number;
  readonly unknownRows: number;
  readonly unknown: readonly string[];
}

const ROWS_AT_ONCE = 50_000;
const TRIES_MAX = 8;
const WAIT_MS_MAX = 30 * SECOND_MS;

export async function handIn(client: ApiClient, columns: SampleColumns): Promise<Result<HandedIn>> {
  let rows = 0;
  let unknownRows = 0;
  const unknown: string[] = [];
  for (let begin = 0; begin < columns.at.length; begin += ROWS_AT_ONCE) {
    const sent = await send(client, packSamples(partOf(columns, begin, begin + ROWS_AT_ONCE)));
    if (!sent.ok) return sent;
    rows += sent.value.accepted;
    unknownRows += sent.value.unknownRows;
    unknown.push(...sent.value.unknown);
  }
  return success({ rows, unknownRows, unknown });
}

async function send(client: ApiClient, body: Uint8Array) {
  for (let attempt = 1; ; attempt++) {
    const sent = await client.postSamples({ body });
    if (sent.ok) return sent;
    const { status } = sent.error;
    const mayPass = status === 0 || status === 429 || status >= 500;
    if (!mayPass || attempt >= TRIES_MAX) return failure(mayPass ? "unavailable" : "rejected", tell(sent.error));
    await pause(Math.min(SECOND_MS * 2 ** (attempt - 1), WAIT_MS_MAX));
  }
}

function tell({ title, detail, status }: Problem): string {
  const next = status === 401 || status === 403 ? " The key needs the scope ingest." : "";
  return `Headroom does not take the samples: ${title}${detail === undefined ? "" : `: ${detail}`}.${next}`;
}

/** Rows [begin, end), with the VMs that they speak of and no others. */
function partOf({ vms, vm, at, usage }: SampleColumns, begin: number, end: number): SampleColumns {
  const places = new Map<number, number>();
  const owners = vm.slice(begin, end).map((place) => {
    const known = places.get(place) ?? places.size;
    places.set(place, known);
    return known;
  });
  return {
    vms: [...places.keys()].flatMap((place) => vms[place] ?? []),
    vm: owners,
    at: at.slice(begin, end),
    usage: usage.slice(begin * RESOURCE_COUNT, end * RESOURCE_COUNT),
  };
}
