// What a forecast is made of, in numbers, window by window: for whoever asks why.

/** Of one series: numbers beside the windows that were asked for, and the same in one sentence. */
export interface ForecastParts {
  readonly sentence: string;
  readonly parts: readonly ForecastPart[];
}

export type ForecastPart = MemberPart | ComponentPart | CalibrationPart;

/** One opinion among several. */
export interface MemberPart {
  readonly kind: "member";
  readonly name: string;
  /** [window] 0..1; over the members of a forecast they sum to 1 in each window. */
  readonly shares: readonly number[];
  /** What this opinion is made of in turn, where its model can say so. */
  readonly parts: readonly ForecastPart[];
}

export type ComponentRole = "level" | "season" | "event" | "recent-errors";

/** What one component brings to the demand that is expected in the busiest tick of a window. */
export interface ComponentPart {
  readonly kind: "component";
  readonly name: string;
  readonly role: ComponentRole;
  /** [window] base units; over the components of a model they sum to what it expects in that tick. */
  readonly amounts: readonly number[];
}

/** What calibration adds to what the opinions say together. */
export interface CalibrationPart {
  readonly kind: "calibration";
  /** [window][level of QUANTILE_LEVELS] base units. */
  readonly amounts: readonly (readonly number[])[];
}
