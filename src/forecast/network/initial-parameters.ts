// Where training starts: the same seed gives the same parameters, to the bit.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { type Block, layOutParameters, type NetworkShape } from "./shape.ts";

/** A forget gate that starts open (Jozefowicz, Zaremba & Sutskever, ICML 2015). */
const FORGET_BIAS = 1;
/** softplus(-3) = 0.05: quantiles start close together. */
const STEP_BIAS = -3;

/** Uniform within 1 / sqrt(what comes in) of 0, as PyTorch starts its LSTM and linear layers. */
export function initialParameters(shape: NetworkShape, random: SeededRandom): Float32Array {
  const layout = layOutParameters(shape);
  const { hidden } = shape;
  const parameters = new Float32Array(layout.length);
  const draw = ({ at, rows, columns }: Block, limit: { fanIn: number; rowsUsed?: number; columnsUsed?: number }) => {
    const reach = 1 / Math.sqrt(limit.fanIn);
    for (let row = 0; row < (limit.rowsUsed ?? rows); row++)
      for (let column = 0; column < (limit.columnsUsed ?? columns); column++)
        parameters[at + row * columns + column] = (2 * random.next() - 1) * reach;
  };
  draw(layout.inputWeights, { fanIn: hidden });
  draw(layout.hiddenWeights, { fanIn: hidden });
  parameters.fill(FORGET_BIAS, layout.gateBias.at + hidden, layout.gateBias.at + 2 * hidden);
  for (const [place, decoder] of layout.decoders.entries()) {
    const heard = decoder.featureWeights.rows - (shape.decoders[place]?.unheard ?? 0);
    const fanIn = hidden + heard;
    draw(decoder.stateWeights, { fanIn });
    draw(decoder.featureWeights, { fanIn, rowsUsed: heard });
    draw(decoder.secondWeights, { fanIn: shape.width });
    draw(decoder.headWeights, { fanIn: shape.width, columnsUsed: LEVEL_COUNT });
    parameters.fill(STEP_BIAS, decoder.headBias.at + 1, decoder.headBias.at + LEVEL_COUNT);
  }
  return parameters;
}
