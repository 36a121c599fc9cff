// All that is kept of a fleet, read page by page.
import type { FleetFacts } from "../../control/cell-plan.ts";
import type { DocumentKind, DocumentKinds, DocumentStore, Kept } from "../../control/store-ports.ts";
import { type Result, success } from "../../model/result.ts";
import { standingEvents } from "../../signals/sources/merge-said.ts";

const PAGE = 1000;

export async function readFleet(documents: DocumentStore): Promise<Result<FleetFacts>> {
  const read = reader(documents);
  const customers = await read("customer");
  const workloads = await read("workload");
  const pools = await read("pool");
  const hosts = await read("host");
  const vms = await read("vm");
  const profiles = await read("profile");
  const contracts = await read("contract");
  const events = await read("event");
  const sources = await read("source");
  const blackouts = await read("blackout");
  const doNotLearn = await read("do-not-learn");
  const settings = await read("cell-settings");
  const failed = read.failure();
  if (failed !== undefined) return failed;
  return success({
    customers: valuesOf(customers),
    workloads: valuesOf(workloads),
    pools: valuesOf(pools),
    hosts: valuesOf(hosts),
    vms: valuesOf(vms),
    profiles: byId(profiles) as FleetFacts["profiles"],
    contracts: byId(contracts) as FleetFacts["contracts"],
    events: standingEvents(valuesOf(events), valuesOf(sources)),
    blackouts: valuesOf(blackouts),
    doNotLearn: valuesOf(doNotLearn),
    settings: byId(settings) as FleetFacts["settings"],
  });
}

type Failed = Extract<Result<never>, { ok: false }>;

interface Reader {
  <Kind extends DocumentKind>(kind: Kind): Promise<readonly Kept<DocumentKinds[Kind]>[]>;
  /** The first, if any. */
  failure(): Failed | undefined;
}

function reader(documents: DocumentStore): Reader {
  let failed: Failed | undefined;
  const read = async <Kind extends DocumentKind>(kind: Kind) => {
    const all: Kept<DocumentKinds[Kind]>[] = [];
    for (let after: string | undefined; failed === undefined; ) {
      const page = await documents.list(kind, { limit: PAGE, ...(after !== undefined && { after }) });
      if (!page.ok) failed = page;
      else {
        all.push(...page.value);
        after = page.value.at(-1)?.id;
        if (page.value.length < PAGE) break;
      }
    }
    return all;
  };
  return Object.assign(read, { failure: () => failed });
}

function valuesOf<Value>(kept: readonly Kept<Value>[]): readonly Value[] {
  return kept.map(({ value }) => value);
}

function byId<Value>(kept: readonly Kept<Value>[]): ReadonlyMap<string, Value> {
  return new Map(kept.map(({ id, value }) => [id, value]));
}
