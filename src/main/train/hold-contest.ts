// A new model against the one that serves: on which days, with which questions, in all threads.
import type { Piscina } from "piscina";
import type { StoredModel } from "../../adapters/model-files/model-store.ts";
import type { Watcher } from "../../cli/commands.ts";
import { contestRecord, notFought } from "../../control/contest-record.ts";
import { whyNotServed } from "../../forecast/feature-set.ts";
import type { SeriesLoss } from "../../forecast/model-contest.ts";
import type { Committee } from "../../forecast/network/committee.ts";
import type { Contest, ContestGround } from "../../model/model-lineage.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, instant, iso, startOfTick, type TimeGrid, tickAt, ticksPer } from "../../model/time.ts";
import type { Trace } from "../../model/trace.ts";
import type { ContestJob } from "./train-worker.ts";

export interface ContestGiven {
  readonly trace: Trace;
  readonly challenger: Committee;
  /** Ticks that the challenger learned from, and where among them it began to validate. */
  readonly learned: { readonly ticks: number; readonly validationFrom: number };
  readonly champion: StoredModel | undefined;
  readonly watcher: Watcher;
}

const VMS_MAX = 250;
const ORIGINS_PER_VM = 8;
const SEED = 1;

export async function holdContest(pool: Pick<Piscina, "run">, given: ContestGiven): Promise<Contest> {
  const { trace, challenger, champion, watcher } = given;
  const { grid } = trace;
  if (champion !== undefined && champion.lineage.data.stepSeconds * 1_000 !== grid.stepMs)
    return notFought(stepsDiffer(champion, grid));
  // A champion that cannot be served any more cannot be asked either: whoever beats the seasonal naive takes its place.
  const rival =
    champion && whyNotServed({ ...champion.network, ...champion.lineage }) === undefined ? champion : undefined;
  const ground = groundOf(given);
  const vms = drawn(trace.vms);
  let done = 0;
  const runs = vms.map(async (vm): Promise<SeriesLoss[]> => {
    const job: ContestJob = {
      vm,
      grid,
      networks: [challenger, ...(rival ? [rival.network] : [])],
      from: ground.from,
      to: ground.to,
      origins: ORIGINS_PER_VM,
      seed: SEED,
    };
    const losses = await pool.run(job, { name: "contestInThread" });
    watcher.progress({ doing: "Comparing models", done: ++done, total: vms.length });
    return losses;
  });
  const series = (await Promise.all(runs)).flat();
  return contestRecord({ champion: rival?.lineage.id, ground: shownGround(grid, ground), series });
}

function stepsDiffer({ lineage }: StoredModel, { stepMs }: TimeGrid): string {
  const ticks = `ticks of ${lineage.data.stepSeconds} s, this one from ticks of ${stepMs / 1_000} s`;
  return `The model ${lineage.id}, which serves, learned from ${ticks}: they cannot be compared. Promote it by hand to serve it.`;
}

interface GroundTicks {
  readonly kind: ContestGround["kind"];
  readonly from: number;
  readonly to: number;
}

/** Later than both where there is a day of that, else what the challenger validated on. */
function groundOf({ trace: { grid }, learned, champion }: ContestGiven): GroundTicks {
  const championTo = champion === undefined ? 0 : tickAt(grid, instant(Date.parse(champion.lineage.data.to)));
  const from = Math.max(learned.ticks, championTo);
  const isLater = grid.length - from >= ticksPer(DAY_MS, grid.stepMs);
  return isLater
    ? { kind: "later", from, to: grid.length }
    : { kind: "validation", from: learned.validationFrom, to: learned.ticks };
}

function shownGround(grid: TimeGrid, { kind, from, to }: GroundTicks): ContestGround {
  return { kind, from: iso(startOfTick(grid, from)), to: iso(startOfTick(grid, to)) };
}

/** So many of them at random, in their order. */
function drawn<Item>(items: readonly Item[]): readonly Item[] {
  const random = seededRandom(SEED).fork("VMs of the contest");
  let wanted = Math.min(VMS_MAX, items.length);
  return items.filter((_, index) => {
    // Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm S.
    const isTaken = random.below(items.length - index) < wanted;
    if (isTaken) wanted--;
    return isTaken;
  });
}
