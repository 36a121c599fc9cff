// The network that serves every series: what its encoder reads, and which decoder answers which windows.
import type { Window } from "../forecast-model.ts";
import type { NetworkShape } from "../network/shape.ts";
import type { SeasonTicks } from "../season-ticks.ts";
import { COVARIATE_COUNT } from "../window-covariates.ts";
import { ENCODER_INPUTS } from "./encoder-inputs.ts";
import { OWN_FEATURES } from "./window-features.ts";

/** near: the next tick, the ticks of the next half hour and its peak. far: ticks and hourly peaks of the next day. */
export const LSTM_SHAPE: NetworkShape = {
  inputs: ENCODER_INPUTS,
  hidden: 48,
  width: 64,
  decoders: [
    { name: "near", features: OWN_FEATURES, unheard: COVARIATE_COUNT },
    { name: "far", features: OWN_FEATURES, unheard: COVARIATE_COUNT },
  ],
};
export const NEAR = 0;
export const FAR = 1;

export function decoderOf(window: Window, { halfHour }: SeasonTicks): number {
  return window.from + window.ticks <= halfHour ? NEAR : FAR;
}

/** Steps that the encoder needs to come from nothing to a state worth asking. */
export const WARM_UP_STEPS = 60;
