// The record of a contest between a new model and the one that serves: the numbers, the decision, and why in a sentence.
import { judge, type Verdict } from "../forecast/contest-verdict.ts";
import type { SeriesLoss } from "../forecast/model-contest.ts";
import { type Contest, type ContestGround, type FoughtContest, SEASONAL_NAIVE } from "../model/model-lineage.ts";
import { seededRandom } from "../model/seeded-random.ts";

/** Less than this is not worth a change. */
const MARGIN = 0.005;

export interface FoughtOut {
  /** The id of the model that serves; undefined where none does: then the seasonal naive is to be beaten. */
  readonly champion: string | undefined;
  readonly ground: ContestGround;
  /** Of each series: the challenger's loss, the champion's where there is one, the seasonal naive's. */
  readonly series: readonly SeriesLoss[];
}

/** Not fought where there was no series that all of them could forecast. Equal losses, equal record. */
export function contestRecord({ champion, ground, series }: FoughtOut): Contest {
  if (series.length === 0)
    return notFought("There was no demand to compare models on: nothing that all could forecast.");
  const pairs = series.map(({ losses }) => ({ challenger: losses[0] ?? 0, opponent: losses[1] ?? 0 }));
  const verdict = judge(pairs, { margin: MARGIN, random: seededRandom(1).fork("contest") });
  const opponent = champion ?? SEASONAL_NAIVE;
  const mean = (model: number) => series.reduce((sum, { losses }) => sum + (losses[model] ?? 0), 0) / series.length;
  const { isBetter, ...numbers } = verdict;
  return {
    kind: "fought",
    opponent,
    ground,
    series: series.length,
    windows: series.reduce((sum, { windows }) => sum + windows, 0),
    losses: { challenger: mean(0), opponent: mean(1), seasonalNaive: mean(champion === undefined ? 1 : 2) },
    ...numbers,
    margin: MARGIN,
    isPromoted: isBetter,
    reason: reasonOf({ verdict, opponent, ground }),
  };
}

export function notFought(reason: string): Contest {
  return { kind: "not-fought", isPromoted: false, reason };
}

function reasonOf(given: { verdict: Verdict; opponent: string; ground: ContestGround }): string {
  const { verdict, opponent, ground } = given;
  const other = opponent === SEASONAL_NAIVE ? "the seasonal naive" : opponent;
  const range = `with other series ${difference(verdict.ratioLow)} to ${difference(verdict.ratioHigh)}`;
  return `Its loss is ${difference(verdict.ratio)} than that of ${other}, ${range}. ${consequenceOf(verdict)}${groundNote(ground)}`;
}

/** "3.2 % lower" */
function difference(ratio: number): string {
  return `${Math.abs(100 * (1 - ratio)).toFixed(1)} % ${ratio <= 1 ? "lower" : "higher"}`;
}

function consequenceOf({ isBetter, ratio }: Verdict): string {
  if (isBetter) return "It serves from now on.";
  if (ratio > 1) return "It does not serve.";
  if (ratio > 1 - MARGIN) return `Less than ${100 * MARGIN} % is not worth a change: it does not serve.`;
  return "That may be chance: it does not serve.";
}

function groundNote({ kind }: FoughtContest["ground"]): string {
  if (kind === "later") return "";
  return " There was no demand later than what they learned from: they were compared on what validated the new one.";
}
