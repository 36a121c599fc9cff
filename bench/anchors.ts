// The forecast anchors: how well each model forecasts the series and origins of the benchmark that other tools were
// measured on, by the same definitions. `npm run bench -- anchors [--models a,b] [--series NAME] [--threads N]`.
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readEventsFile } from "../src/adapters/series-files/events-file.ts";
import { readSeriesFile } from "../src/adapters/series-files/series-file.ts";
import { MODELS, REFERENCE_MODEL } from "../src/forecast/models/registry.ts";
import { bytesToCommittee } from "../src/forecast/network/training-checkpoint.ts";
import type { NamedSeries, Panel } from "../src/lab/evaluate/evaluate-panel.ts";
import { type Skill, skillOf, type TickKind } from "../src/lab/evaluate/skill-table.ts";
import { type Target, targetsOf } from "../src/lab/evaluate/targets.ts";
import type { EvaluationJob, NetworkJob } from "../src/main/evaluate/evaluate-worker.ts";
import { type Evaluated, runEvaluations } from "../src/main/evaluate/run-evaluations.ts";
import type { ExternalEvent } from "../src/model/event.ts";
import type { Resource } from "../src/model/resources.ts";
import type { Result } from "../src/model/result.ts";
import { instant } from "../src/model/time.ts";

const ANCHORS = resolve("../shared/data/forecast-anchors");
/** The levels of the published figures. */
const LEVELS = [0.1, 0.5, 0.8, 0.9, 0.95, 0.99] as const;
const WORKER = new URL("../dist/main/evaluate/evaluate-worker.js", import.meta.url);
/** VMs that are forecast together: an ensemble shares what it learns of its members. */
const VMS_TOGETHER = 10;

interface AnchorSeries {
  readonly file: string;
  readonly id: string;
  readonly group: "vm" | "nab" | "web";
  readonly vm?: number;
  readonly resource?: string;
  readonly origins: readonly number[];
  readonly horizons: readonly number[];
  readonly season: number;
}

interface AnchorJob extends EvaluationJob {
  readonly set: AnchorSeries["group"];
}

export async function benchAnchors(words: readonly string[]): Promise<void> {
  const manifest = `${ANCHORS}/manifest.json`;
  if (!existsSync(manifest)) return console.log(`# anchors: left out, since the series are not at ${ANCHORS}`);
  const { values } = parseArgs({
    args: [...words],
    options: {
      models: { type: "string" },
      series: { type: "string" },
      threads: { type: "string" },
      network: { type: "string" },
      until: { type: "string" },
    },
  });
  const models = values.models?.split(",") ?? Object.keys(MODELS);
  const all = (JSON.parse(readFileSync(manifest, "utf8")) as { series: AnchorSeries[] }).series;
  const chosen = all.filter(({ id, group }) => values.series === undefined || `${group} ${id}`.includes(values.series));
  const panels = await panelsOf(chosen);
  const network = values.network === undefined ? undefined : networkFrom(values.network, values.until);
  const jobs = [...new Set([REFERENCE_MODEL, ...models])].flatMap((model) =>
    panels.flatMap(({ set, panel }) => {
      const both = set === "web" && MODELS[model]?.usesEvents === true ? [false, true] : [false];
      return both.map(
        (withEvents): AnchorJob => ({
          set,
          panel,
          model,
          withEvents,
          season: "grid",
          levels: LEVELS,
          isCarriedOn: model === "ensemble",
          ...(network && { network }),
        }),
      );
    }),
  );
  const begin = performance.now();
  const total = jobs.reduce((sum, { panel }) => sum + panel.origins.length, 0);
  let done = 0;
  const evaluated = await runEvaluations({
    jobs,
    threads: Number(values.threads ?? availableParallelism()),
    worker: WORKER,
    onOrigin: () => process.stderr.isTTY && process.stderr.write(`\r${++done} of ${total} `),
  });
  console.log(`# forecast anchors, ${chosen.length} series, ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  for (const set of ["vm", "nab"] as const) printMachines(evaluated, set);
  printWeb(evaluated);
}

/** A file that `headroom train` wrote, and the end of what it learned from. */
function networkFrom(path: string, until: string | undefined): NetworkJob {
  if (until === undefined)
    throw new Error("--network needs --until: the instant up to which it learned, like 2013-08-15T22:00:00Z");
  return {
    network: orThrow(bytesToCommittee(readFileSync(path))),
    stepMs: 300_000,
    trainedUntil: instant(Date.parse(until)),
  };
}

interface AnchorPanel {
  readonly set: AnchorSeries["group"];
  readonly panel: Panel;
}

/** VMs are forecast some together, every other series alone. */
async function panelsOf(chosen: readonly AnchorSeries[]): Promise<AnchorPanel[]> {
  const vms = [...new Set(chosen.flatMap(({ vm }) => (vm === undefined ? [] : [vm])))];
  const panels = new Map<string, AnchorSeries[]>();
  for (const series of chosen) {
    const alike = series.vm === undefined ? series.id : Math.floor(vms.indexOf(series.vm) / VMS_TOGETHER);
    const key = `${series.group} ${alike}`;
    panels.set(key, [...(panels.get(key) ?? []), series]);
  }
  return Promise.all([...panels.values()].map(panelOf));
}

async function panelOf(together: readonly AnchorSeries[]): Promise<AnchorPanel> {
  const [first] = together;
  if (first === undefined) throw new Error("a panel has a series");
  const series = (await Promise.all(together.map(namedSeries))).map((one, index) => ({
    ...one,
    ...(first.group === "vm" && { siblings: siblingsOf(together, index) }),
  }));
  const targets = series[0] === undefined ? [] : targetsFor(first, series[0].grid.stepMs);
  return { set: first.group, panel: { series, origins: first.origins, targets, seasonTicks: first.season } };
}

/** The other resources of its VM. */
function siblingsOf(together: readonly AnchorSeries[], index: number): number[] {
  const vm = together[index]?.vm;
  return together.flatMap((other, place) => (other.vm === vm && place !== index ? [place] : []));
}

/** The event series are scored step by step over their own horizon. */
function targetsFor({ group, horizons }: AnchorSeries, stepMs: number): Target[] {
  if (group !== "web") return targetsOf(stepMs, ["30m", "24h"]).filter(({ name }) => name !== "24h-peaks");
  const windows = Array.from({ length: horizons[0] ?? 0 }, (_, from) => ({ from, ticks: 1 }));
  return [{ name: "steps", title: "step by step", windows }];
}

async function namedSeries({ file, id, group, resource }: AnchorSeries): Promise<NamedSeries> {
  const { series } = orThrow(await readSeriesFile(`${ANCHORS}/${file}`));
  const eventsFile = `${ANCHORS}/web/${id}-events.csv`;
  const events: readonly ExternalEvent[] = group === "web" ? orThrow(await readEventsFile(eventsFile)) : [];
  // Published as logarithms of the views, and scored as views.
  const recorded = resource === undefined ? undefined : RECORDED[resource];
  const values = series.values.map((value) => (id === "peyton" ? Math.exp(value) : value * (recorded?.unit ?? 1)));
  const named = { name: id, group: resource ?? group, grid: series.grid, values, events };
  return recorded === undefined ? named : { ...named, resource: recorded.resource };
}

/** Base units, as a network was taught: a core of these hosts has about 2.6 GHz. */
const RECORDED: Readonly<Record<string, { readonly resource: Resource; readonly unit: number }>> = {
  cpu: { resource: "cpu", unit: 1 / 2_600 },
  mem: { resource: "memory", unit: 1_024 },
  net: { resource: "network", unit: 1_024 },
  sto: { resource: "storage", unit: 1_024 },
};

function orThrow<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

type Evaluation = Evaluated<AnchorJob>;

function printMachines(evaluated: readonly Evaluation[], set: "vm" | "nab"): void {
  const inSet = evaluated.filter(({ job }) => job.set === set);
  const groups = [...new Set(inSet.flatMap(({ skills }) => skills.map(({ group }) => group)))];
  const shown = set === "vm" ? [undefined, ...groups] : [undefined];
  for (const group of inSet.length > 0 ? shown : []) {
    console.log(`\n${set}, ${group ?? "all"}: rel (WQL), coverage of ${LEVELS.join(" ")} in %`);
    for (const model of new Set(inSet.map(({ job }) => job.model))) {
      const cells = ["30m", "30m-peak", "24h"].map((target) => {
        const skill = skillFor(inSet, { model, target, group });
        return `${target} ${figure(skill.relative, 3)} (${figure(skill.wql, 3)}) ${coverageOf(skill)}`;
      });
      console.log(`${model.padEnd(20)} ${cells.join(" | ")}`);
    }
  }
}

interface Wanted {
  readonly model: string;
  readonly target: string;
  readonly group?: string | undefined;
}

function skillFor(evaluated: readonly Evaluation[], { model, target, group }: Wanted): Skill {
  const skillsOf = (name: string) =>
    evaluated
      .filter(({ job }) => job.model === name)
      .flatMap(({ skills }) => skills)
      .filter((skill) => skill.target === target && (group === undefined || skill.group === group));
  return skillOf({ skills: skillsOf(model), reference: skillsOf(REFERENCE_MODEL), ticks: "all" });
}

function printWeb(evaluated: readonly Evaluation[]): void {
  const web = evaluated.filter(({ job }) => job.set === "web");
  for (const series of new Set(web.flatMap(({ skills }) => skills.map((skill) => skill.series)))) {
    console.log(`\n${series}: WQL of all ticks, of event ticks, of the others; coverage of ${LEVELS.join(" ")} in %`);
    for (const { job, skills } of web) {
      const own = skills.filter((skill) => skill.series === series);
      if (own.length === 0) continue;
      const of = (ticks: TickKind) => skillOf({ skills: own, reference: [], ticks });
      const cells = (["all", "event", "other"] as const).map((ticks) => figure(of(ticks).wql, 3));
      const name = job.withEvents ? `${job.model} + events` : job.model;
      console.log(`${name.padEnd(26)} ${cells.join("  ")} | ${coverageOf(of("all"))} | ${coverageOf(of("event"))}`);
    }
  }
}

function coverageOf({ coverage, silent }: Skill): string {
  const shares = coverage.map(({ observed }) => figure(observed * 100, 1));
  return shares.join(" ") + (silent > 0 ? `, silent ${silent}` : "");
}

function figure(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : "-";
}
