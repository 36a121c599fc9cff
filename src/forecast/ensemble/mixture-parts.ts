// What a mixture of models is made of, window by window: how much each member counts, what each is made of in turn, and
// what calibration adds.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { CalibrationPart, ForecastPart, MemberPart } from "../../model/forecast-parts.ts";
import { mixRows } from "./weigh-members.ts";

export interface MixedForecast {
  readonly members: readonly { readonly name: string; readonly parts: readonly ForecastPart[] }[];
  /** [window]: [member x level] before it is known who speaks. */
  readonly weights: readonly Float64Array[];
  /** [member]: [window x level] */
  readonly said: readonly Float64Array[];
  /** [window x level] what all say together, calibrated. */
  readonly rows: Float64Array;
}

/** A member's share is the mean of its shares in the levels. Members that are silent about a window have none in it. */
export function mixtureParts(mixed: MixedForecast): ForecastPart[] {
  const shares = mixed.weights.map((weights, window) => spokenShares(weights, rowsAt(mixed.said, window)));
  const members = mixed.members.map(
    ({ name, parts }, member): MemberPart => ({
      kind: "member",
      name,
      shares: shares.map((each) => each[member] ?? 0),
      parts,
    }),
  );
  return [...members, calibrationOf(mixed)];
}

function calibrationOf({ weights, said, rows }: MixedForecast): CalibrationPart {
  const mean = new Float64Array(LEVEL_COUNT);
  const amounts = weights.map((each, window) => {
    mixRows(each, rowsAt(said, window), mean);
    const [row = mean] = rowsAt([rows], window);
    return Array.from(row, (value, level) => (Number.isNaN(value) ? 0 : value - (mean[level] as number)));
  });
  return { kind: "calibration", amounts };
}

/** [member] */
function spokenShares(weights: Float64Array, opinions: readonly Float64Array[]): readonly number[] {
  const speaks = opinions.map((row) => !Number.isNaN(row[0] ?? Number.NaN));
  const shares = opinions.map(() => 0);
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const spoken = speaks.map((is, member) => (is ? (weights[member * LEVEL_COUNT + level] as number) : 0));
    const total = spoken.reduce((sum, weight) => sum + weight, 0);
    for (const [member, weight] of spoken.entries())
      shares[member] = (shares[member] ?? 0) + (total > 0 ? weight / total / LEVEL_COUNT : 0);
  }
  return shares;
}

function rowsAt(said: readonly Float64Array[], window: number): Float64Array[] {
  return said.map((rows) => rows.subarray(window * LEVEL_COUNT, (window + 1) * LEVEL_COUNT));
}
