// Why a VM has what it has, or had at a time: its terms, its allocation, its forecast, and what was decided about it, gathered.
import type { Static } from "typebox";
import type { ApiClient } from "../../api/client/client.ts";
import type { VmTerms } from "../../api/contract/contracts.ts";
import type { Problem } from "../../api/contract/live.ts";
import type { LoggedDecision, VmAllocation, VmForecast } from "../../api/contract/monitoring.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { type Instant, iso, MINUTE_MS } from "../../model/time.ts";
import { ifThere } from "./many-calls.ts";

type TheDecision = Static<typeof LoggedDecision>;

export interface Findings {
  readonly terms: Static<typeof VmTerms>;
  /** Of now; null before the first tick. */
  readonly allocation: VmAllocation | null;
  readonly forecast: VmForecast | null;
  /** The instant that was asked about; undefined: now. */
  readonly at: Instant | undefined;
  readonly resources: readonly ResourceFindings[];
  /** The cell only observes: nothing of this was done to the machine. */
  readonly isObserved: boolean;
}

export interface ResourceFindings {
  readonly resource: Resource;
  /** Until then, newest first. */
  readonly decisions: readonly TheDecision[];
  /** The newest of them that changed what it has. */
  readonly change: TheDecision | null;
  /** Nothing changed since: what holds now held then. */
  readonly isStillSo: boolean;
  /** What was measured last before the instant that was asked about. */
  readonly measured: { readonly at: string; readonly amount: number } | null;
}

export interface ExplainQuestion {
  readonly vm: string;
  readonly resource?: Resource | undefined;
  readonly at?: Instant | undefined;
}

const DECISIONS_READ = 500;
/** Of each resource: more where only one was asked about. */
const DECISIONS_TOLD = { one: 5, all: 2 } as const;
const LOOK_BACK_MS = 60 * MINUTE_MS;
const STEP_SECONDS = 60;
/** Kinds of decisions that change what a VM has. */
const CHANGES = ["raise", "trim", "relief", "drift", "handed-back"];

export async function askWhy(
  client: ApiClient,
  { vm: id, resource, at }: ExplainQuestion,
): Promise<Result<Findings, Problem>> {
  const terms = await client.getVmTerms({ id });
  if (!terms.ok) return terms;
  const allocation = ifThere(await client.getVmAllocation({ id }));
  if (!allocation.ok) return allocation;
  const forecast = ifThere(await client.getVmForecast({ id }));
  if (!forecast.ok) return forecast;
  const status = ifThere(await client.getStatus());
  if (!status.ok) return status;
  const decided = await decisionsAround(client, id, at);
  if (!decided.ok) return decided;
  const measured = at === undefined ? success(undefined) : await measuredAt(client, id, at);
  if (!measured.ok) return measured;
  const { before, after } = decided.value;
  const resources = (resource === undefined ? RESOURCES : [resource]).map((each) => ({
    resource: each,
    decisions: about(before, each).slice(0, DECISIONS_TOLD[resource === undefined ? "all" : "one"]),
    change: about(before, each).find(({ kind }) => CHANGES.includes(kind)) ?? null,
    isStillSo:
      at === undefined || (after !== undefined && !about(after, each).some(({ kind }) => CHANGES.includes(kind))),
    measured: measured.value?.[each] ?? null,
  }));
  const cells = status.value?.cells ?? [];
  const cell =
    cells.find((each) => each.cell === (before[0] ?? after?.[0])?.cell) ?? (cells.length === 1 ? cells[0] : undefined);
  return success({
    terms: terms.value,
    allocation: allocation.value,
    forecast: forecast.value,
    at,
    resources,
    isObserved: cell?.mode === "observe",
  });
}

function about(decisions: readonly TheDecision[], resource: Resource): TheDecision[] {
  return decisions.filter((decision) => decision.resource === undefined || decision.resource === resource);
}

/** `after` is undefined where there is more of it than can be read at once. */
async function decisionsAround(client: ApiClient, vm: string, at: Instant | undefined) {
  const until = at === undefined ? {} : { to: iso((at + 1) as Instant) };
  const before = await client.listDecisions({ query: { vm, limit: DECISIONS_READ, ...until } });
  if (!before.ok) return before;
  if (at === undefined) return success({ before: before.value.items, after: [] });
  const since = await client.listDecisions({
    query: { vm, limit: DECISIONS_READ, from: iso((at + 1) as Instant) },
  });
  if (!since.ok) return since;
  return success({ before: before.value.items, after: since.value.next === null ? since.value.items : undefined });
}

async function measuredAt(client: ApiClient, id: string, at: Instant) {
  const from = at - LOOK_BACK_MS;
  const query = { from: iso(from as Instant), to: iso(at), step: STEP_SECONDS };
  const history = await client.getVmHistory({ id, query });
  if (!history.ok) return history;
  const last = (resource: Resource) => {
    const column = history.value.mean[resource];
    const place = column.findLastIndex((amount) => amount !== null);
    const amount = column[place];
    if (amount === undefined || amount === null) return null;
    return { at: iso((from + (place + 1) * STEP_SECONDS * 1_000) as Instant), amount };
  };
  return success({ cpu: last("cpu"), memory: last("memory"), network: last("network"), storage: last("storage") });
}
