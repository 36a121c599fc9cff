// What comes of bad forecasts: our planner with forecasts, without any, and with a model that says garbage, beside the best
// reactive peer; the same hosts, the scored half of a recorded month, at equal violations. Statistics alone, one thread.
// `npm run bench -- robustness [--trace FOLDER] [--hosts N] [--host-size N] [--pace gentle|every-tick]`.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readTrace } from "../src/adapters/trace-files/open-trace.ts";
import type { Pace } from "../src/control/cell-state.ts";
import { scoreCell } from "../src/lab/backtest-host.ts";
import { efficientPoints } from "../src/lab/frontier.ts";
import { type HostCase, hostsOf, recordedResources } from "../src/lab/host-case.ts";
import { reactivePolicy } from "../src/lab/policies/reactive.ts";
import { type HeadroomReplay, replayHeadroom, violationsPromise } from "../src/lab/replay-headroom.ts";
import { replayPeer } from "../src/lab/replay-peers.ts";
import { createSheet, mergeSheets, pointOf, type ScoreSheet } from "../src/lab/score.ts";
import { garbageNetwork, lastSampleBelief, silentBelief } from "../src/lab/wrong-forecasts.ts";
import { RESOURCES, type Resource } from "../src/model/resources.ts";
import type { FrontierPoint } from "../src/model/scorecard.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { DAY_MS, ticksPer } from "../src/model/time.ts";

const MONTH = resolve("../shared/data/bitbrains-rnd/2013-7");
const VIOLATIONS = 0.01;
const PROMISED = [0.04, 0.02, 0.014, 0.01, 0.007, 0.005, 0.003] as const;
const SEED = 1;

type Variant = "forecasts" | "last sample" | "silent" | "garbage" | "reactive";

/** Ours: what is different about the replay of a host. */
const OURS: Readonly<Partial<Record<Variant, (host: HostCase) => Partial<HeadroomReplay>>>> = {
  forecasts: () => ({}),
  "last sample": ({ demand }) => ({ believed: lastSampleBelief(demand.length) }),
  silent: ({ demand }) => ({ believed: silentBelief(demand.length) }),
  garbage: ({ name }) => ({ network: garbageNetwork(seededRandom(SEED).fork(name)) }),
};

export async function benchRobustness(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      trace: { type: "string", default: MONTH },
      hosts: { type: "string" },
      "host-size": { type: "string", default: "50" },
      pace: { type: "string", default: "gentle" },
    },
  });
  if (!existsSync(values.trace))
    return console.log(`# robustness: left out, since the recorded month is not at ${values.trace}`);
  const trace = await readTrace({ paths: [values.trace], format: "auto", lenient: false });
  if (!trace.ok) throw new Error(trace.error.message);
  const hosts = hostsOf(trace.value, Number(values["host-size"])).slice(0, Number(values.hosts ?? Number.MAX_VALUE));
  const vms = hosts.reduce((sum, { vmNames }) => sum + vmNames.length, 0);
  const pace: Pace = values.pace === "every-tick" ? "every-tick" : "gentle";
  console.log(`# ${trace.value.name}: ${hosts.length} hosts, ${vms} VMs, second half, pace ${pace}, seed ${SEED},`);
  console.log(`# all at ${100 * VIOLATIONS} % violations, between the neighbouring points of each frontier`);
  const variants = [...(Object.keys(OURS) as Variant[]), "reactive" as const];
  const scored = new Map(variants.map((variant) => [variant, hosts.map((host) => sheetsOf(host, { variant, pace }))]));
  const ticksPerDay = ticksPer(DAY_MS, trace.value.grid.stepMs);
  for (const resource of RESOURCES.filter((each) => hosts.some((host) => recordedResources(host).includes(each)))) {
    const found = new Map(
      variants.map((each) => [each, atViolations(frontierOf(scored.get(each), { resource, ticksPerDay }))]),
    );
    console.log(
      `${resource.padEnd(13)} reserved/used  unserved      late  churn  against reactive  against last sample`,
    );
    for (const [variant, at] of found)
      console.log(`  ${variant.padEnd(12)}${at ? inWords(at, found) : " not reached"}`);
  }
}

/** By resource, and for each knob. */
type Sheets = Readonly<Record<Resource, readonly ScoreSheet[]>>;

function sheetsOf(host: HostCase, { variant, pace }: { readonly variant: Variant; readonly pace: Pace }): Sheets {
  const ours = OURS[variant];
  if (ours === undefined) return byResource((resource) => replayPeer(host, resource, reactivePolicy));
  const sheets = PROMISED.map(() => RESOURCES.map(() => createSheet(host.vmNames.length)));
  replayHeadroom({
    host,
    promises: PROMISED.map((violations) => violationsPromise(violations, pace)),
    onScored: (scored) => {
      for (const [knob, cell] of scored.cells.entries()) scoreCell(sheets[knob] ?? [], scored, cell);
    },
    ...ours(host),
  });
  return byResource((_, offset) => sheets.flatMap((row) => row[offset] ?? []));
}

function byResource(sheetsFor: (resource: Resource, offset: number) => readonly ScoreSheet[]): Sheets {
  const [cpu = [], memory = [], network = [], storage = []] = RESOURCES.map(sheetsFor);
  return { cpu, memory, network, storage };
}

function frontierOf(
  hosts: readonly Sheets[] = [],
  { resource, ticksPerDay }: { readonly resource: Resource; readonly ticksPerDay: number },
): FrontierPoint[] {
  const knobs = hosts[0]?.[resource] ?? [];
  return knobs.map((_, knob) =>
    pointOf(mergeSheets(hosts.flatMap((sheets) => sheets[resource][knob] ?? [])), { knob, ticksPerDay }),
  );
}

type Measures = Pick<FrontierPoint, "reservedPerUsed" | "unserved" | "late" | "churn">;

/** Linear over the log of violations, like `reservedAt`, in every measure. */
function atViolations(frontier: readonly FrontierPoint[]): Measures | undefined {
  const efficient = efficientPoints(frontier, "violations");
  const above = efficient.findIndex(({ violations }) => violations >= VIOLATIONS);
  const [lower, upper] = [efficient[above - 1], efficient[above]];
  if (lower === undefined || upper === undefined) return undefined;
  const share = Math.log(VIOLATIONS / lower.violations) / Math.log(upper.violations / lower.violations);
  const between = (measure: keyof Measures) => lower[measure] + share * (upper[measure] - lower[measure]);
  return {
    reservedPerUsed: between("reservedPerUsed"),
    unserved: between("unserved"),
    late: between("late"),
    churn: between("churn"),
  };
}

function inWords(
  { reservedPerUsed, unserved, late, churn }: Measures,
  found: ReadonlyMap<Variant, Measures | undefined>,
): string {
  const inPercent = (share: number) => `${(100 * share).toFixed(2)} %`.padStart(9);
  const against = (variant: Variant) =>
    `${(100 * (reservedPerUsed / (found.get(variant)?.reservedPerUsed ?? Number.NaN) - 1)).toFixed(1)} %`;
  const cells = [reservedPerUsed.toFixed(3).padStart(14), inPercent(unserved), inPercent(late)];
  const compared = [against("reactive").padStart(17), against("last sample").padStart(20)];
  return [...cells, churn.toFixed(1).padStart(6), ...compared].join(" ");
}
