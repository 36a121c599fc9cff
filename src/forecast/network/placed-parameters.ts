// The flat parameters (or their gradient) within the kernels' memory: the address of every block.
import type { Address } from "./kernels.ts";
import type { Block, ParameterLayout } from "./shape.ts";

export interface PlacedParameters {
  readonly inputWeights: Address;
  readonly hiddenWeights: Address;
  readonly gateBias: Address;
  readonly decoders: readonly PlacedDecoder[];
}

export interface PlacedDecoder {
  readonly stateWeights: Address;
  readonly featureWeights: Address;
  readonly firstBias: Address;
  readonly secondWeights: Address;
  readonly secondBias: Address;
  readonly headWeights: Address;
  readonly headBias: Address;
}

export function placeParameters(layout: ParameterLayout, start: Address): PlacedParameters {
  const place = ({ at }: Block): Address => start + 4 * at;
  return {
    inputWeights: place(layout.inputWeights),
    hiddenWeights: place(layout.hiddenWeights),
    gateBias: place(layout.gateBias),
    decoders: layout.decoders.map((decoder) => ({
      stateWeights: place(decoder.stateWeights),
      featureWeights: place(decoder.featureWeights),
      firstBias: place(decoder.firstBias),
      secondWeights: place(decoder.secondWeights),
      secondBias: place(decoder.secondBias),
      headWeights: place(decoder.headWeights),
      headBias: place(decoder.headBias),
    })),
  };
}
