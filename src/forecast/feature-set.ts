// Which meaning the numbers have that the network is told. A trained network is of use only to a program that means the same.
import { LSTM_SHAPE } from "./lstm/lstm-shape.ts";
import type { NetworkShape } from "./network/shape.ts";

/** To be raised whenever an input or a feature changes its meaning, even where their number stays. */
export const FEATURE_SET = "lstm/2";

/** Why this program cannot serve such a network, in a sentence; undefined: it can. */
export function whyNotServed(model: { readonly featureSet: string; readonly shape: NetworkShape }): string | undefined {
  if (model.featureSet !== FEATURE_SET)
    return `It was told the features ${model.featureSet}, and this version of Headroom tells ${FEATURE_SET}: train a new one.`;
  if (JSON.stringify(model.shape) !== JSON.stringify(LSTM_SHAPE))
    return "Its network has another shape than this version of Headroom serves: train a new one.";
  return undefined;
}
