// Everything a backtest does on one host: peers resource by resource, then ours on all resources at once. Hosts do not
// know of each other, so that they can be replayed side by side; merging them in order gives the same bits every time.
import type { Pace } from "../control/cell-state.ts";
import type { KernelInference } from "../forecast/network/kernel-inference.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../model/resources.ts";
import type { VmPicture } from "../model/scorecard.ts";
import { auditRows } from "./audit.ts";
import { type ForecastSheet, scoreForecasts, sheetsByResource } from "./forecast-sheet.ts";
import { type HostCase, recordedResources } from "./host-case.ts";
import { startPictures } from "./pictures.ts";
import { PEER_POLICIES } from "./policies/all-peers.ts";
import type { PolicyName } from "./policy.ts";
import { eachPromise, type HeadroomTick, replayHeadroom, violationsPromise } from "./replay-headroom.ts";
import { replayPeer } from "./replay-peers.ts";
import { createSheet, type ScoreSheet, scoreInterval } from "./score.ts";

export interface BacktestPlan {
  readonly policies: readonly PolicyName[];
  /** Quantile levels for `headroom-each`, shares of violations for `headroom`. */
  readonly eachLevels: readonly number[];
  readonly pooledViolations: readonly number[];
  /** Index into `pooledViolations` of the promise that is drawn and audited. */
  readonly shown: number;
  readonly audited: boolean;
  /** How `headroom` changes leases. */
  readonly pace: Pace;
}

export interface HostJobInput {
  readonly host: HostCase;
  readonly plan: BacktestPlan;
  /** See `HeadroomReplay`. */
  readonly network?: KernelInference;
}

export interface HostResult {
  /** A sheet for each knob. */
  readonly sheets: { readonly [R in Resource]?: { readonly [P in PolicyName]?: readonly ScoreSheet[] } };
  readonly forecasts: { readonly [R in Resource]?: ForecastSheet };
  readonly pictures: readonly VmPicture[];
}

export interface HostWatcher {
  /** One part of `partsOf(plan)` is done. */
  readonly onPart: () => void;
  readonly onAuditRows: (rows: string) => void;
}

/** How many parts one host's replay has, for a progress bar: ours counts as much as it costs. */
export function partsOf(plan: BacktestPlan): number {
  return (
    plan.policies.filter((name) => !isOurs(name)).length * RESOURCES.length +
    (plan.policies.some(isOurs) ? OUR_PARTS : 0)
  );
}

const OUR_PARTS = 40;

function isOurs(name: PolicyName): boolean {
  return name === "headroom" || name === "headroom-each";
}

export function backtestHost(input: HostJobInput, watcher: HostWatcher): HostResult {
  const { host, plan } = input;
  const peers = PEER_POLICIES.filter(({ name }) => plan.policies.includes(name));
  const ours = plan.policies.some(isOurs) ? replayOurs(input, watcher) : undefined;
  const recorded = recordedResources(host);
  const sheets = RESOURCES.map((resource) => {
    const scored = peers.map((policy) => {
      const result = recorded.includes(resource) ? replayPeer(host, resource, policy) : [];
      watcher.onPart();
      return [policy.name, result];
    });
    return [resource, { ...Object.fromEntries(scored), ...ours?.sheets[resource] }];
  });
  return {
    sheets: Object.fromEntries(sheets.filter(([resource]) => recorded.includes(resource as Resource))),
    forecasts: ours?.forecasts ?? {},
    pictures: ours?.pictures ?? [],
  };
}

function replayOurs({ host, plan, network }: HostJobInput, watcher: HostWatcher): HostResult {
  const each = plan.policies.includes("headroom-each") ? plan.eachLevels : [];
  const pooled = plan.policies.includes("headroom") ? plan.pooledViolations : [];
  const promises = [...each.map(eachPromise), ...pooled.map((each) => violationsPromise(each, plan.pace))];
  const sheets = promises.map(() => RESOURCES.map(() => createSheet(host.vmNames.length)));
  const forecasts = sheetsByResource(host);
  const book = startPictures(host);
  const ticksPerPart = Math.ceil((host.grid.length - host.firstScored) / OUR_PARTS);
  const onScored = (scored: HeadroomTick): void => {
    for (const [index, cell] of scored.cells.entries()) scoreCell(sheets[index] ?? [], scored, cell);
    scoreForecasts(forecasts, scored);
    const shown = scored.cells[pooled.length > 0 ? each.length + plan.shown : 0];
    if (shown) book.add({ ...scored, allocations: shown.allocations });
    if (shown && plan.audited) watcher.onAuditRows(auditRows(host, { ...scored, ...pick(shown) }));
    if ((scored.tick - host.firstScored + 1) % ticksPerPart === 0) watcher.onPart();
  };
  replayHeadroom({ host, promises, onScored, ...(network && { network }) });
  const recorded = recordedResources(host);
  return {
    sheets: Object.fromEntries(
      recorded.map((resource) => {
        const own = sheets.map((row) => row[RESOURCES.indexOf(resource)] as ScoreSheet);
        const named = {
          ...(each.length > 0 && { "headroom-each": own.slice(0, each.length) }),
          ...(pooled.length > 0 && { headroom: own.slice(each.length) }),
        };
        return [resource, named];
      }),
    ),
    forecasts: Object.fromEntries(recorded.map((resource) => [resource, forecasts[RESOURCES.indexOf(resource)]])),
    pictures: book.pictures,
  };
}

function pick({ allocations, buffers }: HeadroomTick["cells"][number]) {
  return { allocations, buffers };
}

/** The columns of a cell hold all resources; a sheet wants the VMs of one. */
export function scoreCell(
  sheets: readonly ScoreSheet[],
  { demand }: HeadroomTick,
  cell: HeadroomTick["cells"][number],
): void {
  const vmCount = cell.layout.vmIds.length;
  const asked = new Float64Array(vmCount);
  const allocated = new Float64Array(vmCount);
  for (let offset = 0; offset < RESOURCE_COUNT; offset++) {
    for (let vm = 0; vm < vmCount; vm++) {
      asked[vm] = demand[vm * RESOURCE_COUNT + offset] as number;
      allocated[vm] = cell.allocations[vm * RESOURCE_COUNT + offset] as number;
    }
    const sheet = sheets[offset] as ScoreSheet;
    scoreInterval(sheet, { demand: asked, allocations: allocated, buffer: cell.buffers[offset] as number });
  }
}
