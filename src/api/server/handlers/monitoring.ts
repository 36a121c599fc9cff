// What is allowed and forecast now comes from the running cells, what was comes from the store.
import { explain } from "../../../control/explain.ts";
import type { DecisionQuestion, StoredDecision, VmSamples } from "../../../control/store-ports.ts";
import type { CustomerId, VmId } from "../../../model/fleet.ts";
import { RESOURCES, type Resource } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { DAY_MS, instant, iso, SECOND_MS } from "../../../model/time.ts";
import {
  HISTORY_DAYS_MAX,
  HISTORY_POINTS_MAX,
  type monitoringRoutes,
  type VmHistory,
} from "../../contract/monitoring.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import type { Answer, Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, refusal, wrongParameter } from "../refusals.ts";
import { readSpan, type Span, samplesEndedIn } from "../spans.ts";

type Rows = typeof monitoringRoutes;

export function monitoringHandlers({ views }: Desks): Handlers<Rows> {
  return {
    getVmAllocation: async ({ params: { id } }) => shown(await views.vmAllocation(id as VmId), "VM", id),
    getVmForecast: async ({ params: { id } }) => shown(await views.vmForecast(id as VmId), "VM", id),
    getCustomerAllocation: async ({ params: { id } }) =>
      shown(await views.customerAllocation(id as CustomerId), "customer", id),
    getCustomerForecast: async ({ params: { id } }) =>
      shown(await views.customerForecast(id as CustomerId), "customer", id),
    getVmHistory: readHistory,
    listDecisions,
  };
}

function shown<Value>(known: Result<Value | undefined>, noun: string, id: string): Result<Answer<Value>, Refusal> {
  if (!known.ok) return refusal(known.error.kind, known.error.message, { retryAfterSeconds: RETRY_SECONDS });
  if (known.value !== undefined) return success({ body: known.value });
  return refusal("not-found", `No cell runs anything of ${noun} ${id} yet: is it known, and has the first tick ended?`);
}

/** A cell that does not answer is taken up again soon. */
const RETRY_SECONDS = 2;
const STEP_SECONDS = 300;

async function readHistory({ params, query, now, store }: Asked<Rows["getVmHistory"]>) {
  const { step: stepSeconds = STEP_SECONDS } = query;
  const span = readSpan(query, { now, lengthMs: DAY_MS, lengthMsMax: HISTORY_DAYS_MAX * DAY_MS });
  if (!span.ok) return span;
  const { from, to } = span.value;
  const steps = Math.ceil((to - from) / (stepSeconds * SECOND_MS));
  if (steps > HISTORY_POINTS_MAX)
    return wrongParameter("step", `is too short: that would be ${steps} steps, more than ${HISTORY_POINTS_MAX}`);
  const known = await store.documents.get("vm", params.id);
  if (!known.ok) return known;
  if (known.value === undefined) return refusal("not-found", `There is no vm ${params.id}.`);
  const samples = await store.readSamples(params.id as VmId, samplesEndedIn(span.value));
  if (!samples.ok) return samples;
  const columns = intoSteps(samples.value, { span: span.value, stepMs: stepSeconds * SECOND_MS, steps });
  return success({ body: { vm: params.id, from: iso(from), to: iso(to), stepSeconds, ...columns } });
}

interface Steps {
  readonly span: Span;
  readonly stepMs: number;
  readonly steps: number;
}

function intoSteps(samples: VmSamples, steps: Steps): Pick<VmHistory, "mean" | "peak"> {
  const of = (resource: Resource) => stepColumns(samples, { ...steps, resource });
  const [cpu, memory, network, storage] = [of("cpu"), of("memory"), of("network"), of("storage")];
  return {
    mean: { cpu: cpu.mean, memory: memory.mean, network: network.mean, storage: storage.mean },
    peak: { cpu: cpu.peak, memory: memory.peak, network: network.peak, storage: storage.peak },
  };
}

function stepColumns({ at, usage }: VmSamples, given: Steps & { readonly resource: Resource }) {
  const { span, stepMs, steps, resource } = given;
  const sums = new Float64Array(steps);
  const counts = new Uint32Array(steps);
  const peaks = new Float64Array(steps);
  const amounts = usage[resource];
  for (let row = 0; row < at.length; row++) {
    const amount = amounts[row] as number;
    if (Number.isNaN(amount)) continue;
    const step = Math.ceil(((at[row] as number) - span.from) / stepMs) - 1;
    sums[step] = (sums[step] as number) + amount;
    counts[step] = (counts[step] as number) + 1;
    if (amount > (peaks[step] as number)) peaks[step] = amount;
  }
  const orNull = (column: (step: number) => number) =>
    Array.from({ length: steps }, (_, step) => ((counts[step] as number) > 0 ? column(step) : null));
  return {
    mean: orNull((step) => (sums[step] as number) / (counts[step] as number)),
    peak: orNull((step) => peaks[step] as number),
  };
}

async function listDecisions({ query, store }: Asked<Rows["listDecisions"]>) {
  const { before, limit = PAGE_LIMIT_DEFAULT, customer, vm, host, from, to } = query;
  const question: DecisionQuestion = {
    limit: limit + 1,
    ...(before !== undefined && { before }),
    ...(customer !== undefined && { customer: customer as CustomerId }),
    ...(vm !== undefined && { vm: vm as VmId }),
    ...(host !== undefined && { host }),
    ...(from !== undefined && { from: instant(Date.parse(from)) }),
    ...(to !== undefined && { to: instant(Date.parse(to)) }),
  };
  const found = await store.decisions(question);
  if (!found.ok) return found;
  const items = found.value.slice(0, limit);
  const next = found.value.length > limit ? (items.at(-1)?.id ?? null) : null;
  return success({ body: { items: items.map(shownDecision), next } });
}

function shownDecision({ id, cell, record }: StoredDecision) {
  const named = record as { readonly vm?: VmId; readonly host?: string; readonly resource?: Resource };
  const resource = RESOURCES.find((each) => each === named.resource);
  return {
    id,
    at: iso(record.at),
    cell,
    kind: record.kind,
    ...explain(record),
    ...(named.vm !== undefined && { vm: named.vm }),
    ...(named.host !== undefined && { host: named.host }),
    ...(resource !== undefined && { resource }),
  };
}
