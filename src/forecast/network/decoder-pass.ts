// One decoder over a handful of rows: states and features in, raw outputs out. Rows are taken in handfuls that stay in the cache.
import type { Address, Kernels } from "./kernels.ts";
import type { PlacedDecoder } from "./placed-parameters.ts";
import { HEAD_WIDTH, type NetworkShape } from "./shape.ts";

/** Rows at a time: 256 rows of 64 numbers are 64 KiB a layer. */
const HANDFUL_ROWS = 256;

/** Room for one handful of rows of one decoder. */
export interface DecoderRoom {
  /** [state x hidden]. */
  readonly states: Address;
  /** [state x width] what a state adds to the first layer of all its rows, bias included. */
  readonly fromStates: Address;
  /** [row x feature]. */
  readonly features: Address;
  /** [row x width] the dense layers, rectified. */
  readonly first: Address;
  readonly second: Address;
  /** [row x HEAD_WIDTH]. */
  readonly raw: Address;
}

export interface Handful {
  readonly states: number;
  readonly rowsPerState: number;
}

export function statesPerHandful(rowsPerState: number): number {
  return Math.max(1, Math.floor(HANDFUL_ROWS / rowsPerState));
}

export function reserveDecoderRoom(
  kernels: Kernels,
  shape: NetworkShape,
  { handful, features }: { readonly handful: Handful; readonly features: number },
): DecoderRoom {
  const { states } = handful;
  const rows = states * handful.rowsPerState;
  return {
    states: kernels.reserve(states * shape.hidden),
    fromStates: kernels.reserve(states * shape.width),
    features: kernels.reserve(rows * features),
    first: kernels.reserve(rows * shape.width),
    second: kernels.reserve(rows * shape.width),
    raw: kernels.reserve(rows * HEAD_WIDTH),
  };
}

/** What one decoder works with. */
export interface Decoder {
  readonly kernels: Kernels;
  readonly shape: NetworkShape;
  readonly features: number;
  readonly parameters: PlacedDecoder;
  readonly room: DecoderRoom;
}

/** From `room.states` and `room.features` to `room.raw`. */
export function decode({ kernels, shape, features, parameters, room }: Decoder, handful: Handful): void {
  const { run } = kernels;
  const { hidden } = shape;
  const rows = handful.states * handful.rowsPerState;
  const row = 4 * shape.width;
  const headRow = 4 * HEAD_WIDTH;
  const { stateWeights, featureWeights, firstBias, secondWeights, secondBias, headWeights, headBias } = parameters;
  // biome-ignore format: A, B, start, C, sizes.
  {
    run.product(room.states, 4 * hidden, stateWeights, row, firstBias, 0, room.fromStates, row, handful.states, hidden, shape.width, false);
    const start = startOfRows({ kernels, shape, room }, handful);
    run.product(room.features, 4 * features, featureWeights, row, start, row, room.first, row, rows, features, shape.width, true);
    run.product(room.first, row, secondWeights, row, secondBias, 0, room.second, row, rows, shape.width, shape.width, true);
    run.product(room.second, row, headWeights, headRow, headBias, 0, room.raw, headRow, rows, shape.width, HEAD_WIDTH, false);
  }
}

/** A state with one row is its own start; one with many is repeated. */
function startOfRows({ kernels, shape, room }: Pick<Decoder, "kernels" | "shape" | "room">, handful: Handful): Address {
  if (handful.rowsPerState === 1) return room.fromStates;
  kernels.run.repeatRows(room.fromStates, room.first, handful.states, handful.rowsPerState, shape.width);
  return room.first;
}
