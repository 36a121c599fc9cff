// What is known of a trained model: what it learned from, how the learning went, and how it did against the one that served.
// Plain data as it lies beside the model on disk; written once, never changed.

export const LINEAGE_SCHEMA = "headroom.model/1";

/** Networks that may serve together as one model. */
export const MEMBERS_MAX = 8;

export interface ModelLineage {
  readonly schema: typeof LINEAGE_SCHEMA;
  /** The first 12 hexadecimal digits of the SHA-256 of the model's bytes. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** What the network is told and in which order: a model is served only by a program that tells it the same. */
  readonly featureSet: string;
  readonly data: LearnedFrom;
  readonly training: Training;
  readonly contest: Contest;
}

/** The demand that was looked at; from `validationFrom` on it only said when to stop. */
interface LearnedFrom {
  readonly trace: string;
  readonly format: string;
  /** ISO 8601, UTC; `to` is exclusive: nothing from then on was looked at. */
  readonly from: string;
  readonly validationFrom: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly vms: number;
  readonly series: number;
}

interface Training {
  /** Of the first member; the others' follow from it. */
  readonly seed: number;
  /** Asked for, of each member. */
  readonly steps: number;
  /** The networks that serve together, at least one. */
  readonly members: readonly MemberTraining[];
}

export interface MemberTraining {
  readonly seed: number;
  readonly stepsDone: number;
  readonly outcome: "finished" | "stopped-early";
  /** The step whose parameters were kept, and their validation loss. */
  readonly best: { readonly step: number; readonly validation: number };
  /** Mean loss of the batches since the point before, and loss of the validation examples. */
  readonly curve: readonly { readonly step: number; readonly training: number; readonly validation: number }[];
}

/** The model against the one that served when it was made. */
export type Contest = FoughtContest | UnfoughtContest;

interface UnfoughtContest {
  readonly kind: "not-fought";
  readonly isPromoted: false;
  readonly reason: string;
}

export interface FoughtContest {
  readonly kind: "fought";
  /** The id of the model that served, or SEASONAL_NAIVE where none did. */
  readonly opponent: string;
  readonly ground: ContestGround;
  readonly series: number;
  /** Windows forecast by all of them. */
  readonly windows: number;
  /** Mean pinball loss on the log scale, every series alike. */
  readonly losses: { readonly challenger: number; readonly opponent: number; readonly seasonalNaive: number };
  /** Loss of the challenger / loss of the opponent, and its 5 % and 95 % quantiles over resampled series. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  /** The ratio must be lower than 1 by this much. */
  readonly margin: number;
  readonly isPromoted: boolean;
  readonly reason: string;
}

/** What the first model has to beat. */
export const SEASONAL_NAIVE = "seasonal-naive";

/** "later": after everything that either of them learned from. ISO 8601, UTC; `to` is exclusive. */
export interface ContestGround {
  readonly kind: "later" | "validation";
  readonly from: string;
  readonly to: string;
}

export const SERVING_SCHEMA = "headroom.serving/1";

/** Which model serves, and how that came about. */
export interface ServingRecord {
  readonly schema: typeof SERVING_SCHEMA;
  /** The id of the model that serves; null: none. */
  readonly serving: string | null;
  /** Oldest first. */
  readonly history: readonly ServingChange[];
}

export interface ServingChange {
  readonly kind: "promoted" | "rolled-back";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Who served from then on; null: nobody. */
  readonly serving: string | null;
  readonly by: "contest" | "operator";
  readonly reason: string;
}

export const NOTHING_SERVES: ServingRecord = { schema: SERVING_SCHEMA, serving: null, history: [] };
