// A trained network as an ONNX model (opset 17): the same graph as the kernels compute, for any runtime that reads ONNX.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import {
  floatConstant,
  type Graph,
  integerAttribute,
  integerConstant,
  integerScalar,
  type Message,
  node,
  onnxModel,
  tensorOf,
} from "./onnx-format.ts";
import { type Block, type DecoderLayout, layOutParameters } from "./shape.ts";
import type { TrainedNetwork } from "./training-checkpoint.ts";

const OPSET = 17;
/** ONNX has the gates in the order input, output, forget, candidate; this says where each lies here. */
const GATE_ORDER = [0, 3, 1, 2];

/** Names of what goes in and comes out; sizes are in `networkToOnnx`. */
export const ONNX_NAMES = {
  inputs: "inputs",
  hidden: "hidden",
  cell: "cell",
  nextHidden: "next-hidden",
  nextCell: "next-cell",
  features: (decoder: string) => `features-of-${decoder}`,
  quantiles: (decoder: string) => `quantiles-of-${decoder}`,
} as const;

/**
 * In: inputs [steps, windows, inputs], hidden and cell [1, windows, hidden], for each decoder features [windows, rows, features].
 * Out: next-hidden and next-cell [1, windows, hidden], for each decoder quantiles [windows, rows, LEVEL_COUNT], ascending.
 */
export function networkToOnnx(network: TrainedNetwork): Uint8Array {
  const { inputs, hidden, decoders } = network.shape;
  const encoder = encoderGraph(network);
  const heads = layOutParameters(network.shape).decoders.map((layout, index) => {
    const { name, features } = decoders[index] ?? { name: "", features: 0 };
    return decoderGraph(network, layout, { name, features });
  });
  const state = [1, "windows", hidden];
  const all = (part: keyof Graph) => [encoder, ...heads].flatMap((graph) => graph[part]);
  return onnxModel(
    {
      nodes: all("nodes"),
      constants: all("constants"),
      inputs: [
        tensorOf(ONNX_NAMES.inputs, ["steps", "windows", inputs]),
        tensorOf(ONNX_NAMES.hidden, state),
        tensorOf(ONNX_NAMES.cell, state),
        ...all("inputs"),
      ],
      outputs: [tensorOf(ONNX_NAMES.nextHidden, state), tensorOf(ONNX_NAMES.nextCell, state), ...all("outputs")],
    },
    OPSET,
  );
}

function encoderGraph({ shape, parameters }: TrainedNetwork): Graph {
  const { inputs, hidden } = shape;
  const layout = layOutParameters(shape);
  const bias = new Float32Array(8 * hidden);
  bias.set(gatesFirst(parameters, layout.gateBias));
  const { inputs: x, hidden: h, cell: c, nextHidden, nextCell } = ONNX_NAMES;
  return {
    nodes: [
      node({
        operator: "LSTM",
        inputs: [x, "input-weights", "hidden-weights", "gate-bias", "", h, c],
        outputs: ["", nextHidden, nextCell],
        attributes: [integerAttribute("hidden_size", hidden)],
      }),
      // The one direction goes; [windows, hidden] stays.
      node({ operator: "Squeeze", inputs: [nextHidden, "first-axis"], outputs: ["state"] }),
    ],
    constants: [
      floatConstant("input-weights", [1, 4 * hidden, inputs], gatesFirst(parameters, layout.inputWeights)),
      floatConstant("hidden-weights", [1, 4 * hidden, hidden], gatesFirst(parameters, layout.hiddenWeights)),
      // One bias for the input, one for the state: the second is 0.
      floatConstant("gate-bias", [1, 8 * hidden], bias),
      integerConstant("first-axis", [0]),
      integerConstant("row-axis", [1]),
      integerScalar("level-axis", 2),
      integerConstant("first-and-rest", [1, LEVEL_COUNT - 1]),
    ],
    inputs: [],
    outputs: [],
  };
}

/** Transposed, [gate x row], with the gates in ONNX's order. */
function gatesFirst(parameters: Float32Array, { at, rows, columns }: Block): Float32Array {
  const hidden = columns / 4;
  const turned = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) {
    const from = (GATE_ORDER[Math.floor(column / hidden)] ?? 0) * hidden + (column % hidden);
    for (let row = 0; row < rows; row++) turned[column * rows + row] = parameters[at + row * columns + from] as number;
  }
  return turned;
}

function decoderGraph(
  { parameters }: TrainedNetwork,
  layout: DecoderLayout,
  { name, features }: { readonly name: string; readonly features: number },
): Graph {
  const own = (what: string) => `${what}-of-${name}`;
  const rows = own("rows");
  const matrix = (what: string, block: Block, columns = block.columns) =>
    floatConstant(
      own(what),
      block.rows === 1 ? [columns] : [block.rows, columns],
      firstColumns(parameters, block, columns),
    );
  const step = (operator: string, inputs: readonly string[], output: string): Message =>
    node({ operator, inputs, outputs: [output] });
  const dense = (input: string, layer: string): Message[] => [
    step("MatMul", [input, own(`${layer}-weights`)], own(`${layer}-product`)),
    step("Add", [own(`${layer}-product`), own(`${layer}-bias`)], own(`${layer}-sum`)),
  ];
  return {
    nodes: [
      // A state is multiplied once and added to all rows of its window.
      step("MatMul", ["state", own("state-weights")], own("state-product")),
      step("Add", [own("state-product"), own("first-bias")], own("state-sum")),
      step("Unsqueeze", [own("state-sum"), "row-axis"], own("state-rows")),
      step("MatMul", [ONNX_NAMES.features(name), own("feature-weights")], own("feature-product")),
      step("Add", [own("feature-product"), own("state-rows")], own("first-sum")),
      step("Relu", [own("first-sum")], own("first")),
      ...dense(own("first"), "second"),
      step("Relu", [own("second-sum")], own("second")),
      ...dense(own("second"), "head"),
      node({
        operator: "Split",
        inputs: [own("head-sum"), "first-and-rest"],
        outputs: [own("lowest"), own("raw-steps")],
        attributes: [integerAttribute("axis", 2)],
      }),
      step("Softplus", [own("raw-steps")], own("steps")),
      node({
        operator: "Concat",
        inputs: [own("lowest"), own("steps")],
        outputs: [own("lowest-and-steps")],
        attributes: [integerAttribute("axis", 2)],
      }),
      step("CumSum", [own("lowest-and-steps"), "level-axis"], ONNX_NAMES.quantiles(name)),
    ],
    constants: [
      matrix("state-weights", layout.stateWeights),
      matrix("feature-weights", layout.featureWeights),
      matrix("first-bias", layout.firstBias),
      matrix("second-weights", layout.secondWeights),
      matrix("second-bias", layout.secondBias),
      matrix("head-weights", layout.headWeights, LEVEL_COUNT),
      matrix("head-bias", layout.headBias, LEVEL_COUNT),
    ],
    inputs: [tensorOf(ONNX_NAMES.features(name), ["windows", rows, features])],
    outputs: [tensorOf(ONNX_NAMES.quantiles(name), ["windows", rows, LEVEL_COUNT])],
  };
}

/** Without the padding. */
function firstColumns(parameters: Float32Array, { at, rows, columns }: Block, wanted: number): Float32Array {
  const kept = new Float32Array(rows * wanted);
  for (let row = 0; row < rows; row++)
    kept.set(parameters.subarray(at + row * columns, at + row * columns + wanted), row * wanted);
  return kept;
}
