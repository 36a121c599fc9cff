// The encoder, one LSTM layer (Hochreiter & Schmidhuber 1997, with forget gates), forward and back through time.
// Gates lie in the order input, forget, candidate, output. Sizes as in products.as.ts; `hidden` counts in eights.
import { sigmoid, tanh } from "./functions.as.ts";
import { addTransposedProduct, product } from "./products.as.ts";
import { addColumns } from "./rows.as.ts";

/**
 * States h [t + 1] and cells c [t + 1] from h [t], c [t] and x [t], for every t. With `keep` all of them, the gates and
 * tanh(c) stay for the way back; without it h, c, gates and tanh(c) are one step's place, overwritten again and again.
 */
export function encoderForward(
  x: usize, xStep: usize, inputWeights: usize, hiddenWeights: usize, bias: usize,
  h: usize, c: usize, gates: usize, tanhC: usize, steps: i32, windows: i32, inputs: i32, hidden: i32, keep: bool,
): void {
  const hRow = <usize>hidden << 2;
  const gateRow = hRow << 2;
  const hStep = keep ? <usize>windows * hRow : 0;
  const gateStep = hStep << 2;
  for (let t = 0; t < steps; t++) {
    product(x, <usize>inputs << 2, inputWeights, gateRow, bias, 0, gates, gateRow, windows, inputs, hidden << 2, false);
    product(h, hRow, hiddenWeights, gateRow, gates, gateRow, gates, gateRow, windows, hidden, hidden << 2, false);
    activate(gates, windows, hRow);
    for (let n = 0; n < windows; n++) {
      const row = <usize>n * hRow;
      cell(gates + <usize>n * gateRow, hRow, c + row, c + hStep + row, tanhC + row, h + hStep + row);
    }
    x += xStep; h += hStep; c += hStep; gates += gateStep; tanhC += hStep;
  }
}

/** A pass of its own: each number stands alone here, so the processor works on many at once. */
// @ts-ignore: decorator
@inline
function activate(gates: usize, windows: i32, width: usize): void {
  for (let n = 0; n < windows; n++) {
    for (const end = gates + 2 * width; gates != end; gates += 16) v128.store(gates, sigmoid(v128.load(gates)));
    for (const end = gates + width; gates != end; gates += 16) v128.store(gates, tanh(v128.load(gates)));
    for (const end = gates + width; gates != end; gates += 16) v128.store(gates, sigmoid(v128.load(gates)));
  }
}

// @ts-ignore: decorator
@inline
function cell(gates: usize, width: usize, c: usize, cNext: usize, tanhC: usize, hNext: usize): void {
  for (let j: usize = 0; j < width; j += 16) {
    const p = gates + j;
    const kept = f32x4.mul(v128.load(p + width), v128.load(c + j));
    const next = f32x4.add(kept, f32x4.mul(v128.load(p), v128.load(p + 2 * width)));
    const bent = tanh(next);
    v128.store(cNext + j, next);
    v128.store(tanhC + j, bent);
    v128.store(hNext + j, f32x4.mul(v128.load(p + 3 * width), bent));
  }
}

/**
 * The way back through what `encoderForward` kept. `dStates` [steps + 1] comes with what decoders ask of each state and
 * ends as the whole gradient of it; `dCell` [windows x hidden] comes as 0; `gates` end as their own gradients.
 * Adds to the gradients of the weights.
 */
export function encoderBackward(
  x: usize, xStep: usize, hiddenWeightsT: usize, h: usize, c: usize, gates: usize, tanhC: usize,
  dStates: usize, dCell: usize, dInputWeights: usize, dHiddenWeights: usize, dBias: usize,
  steps: i32, windows: i32, inputs: i32, hidden: i32,
): void {
  const hRow = <usize>hidden << 2;
  const gateRow = hRow << 2;
  const hStep = <usize>windows * hRow;
  for (let t = steps - 1; t >= 0; t--) {
    const at = <usize>t * hStep;
    const gatesNow = gates + (at << 2);
    for (let n = 0; n < windows; n++) {
      const row = <usize>n * hRow;
      const dState = dStates + at + hStep + row;
      cellBack(gatesNow + <usize>n * gateRow, hRow, c + at + row, tanhC + at + row, dState, dCell + row);
    }
    const xNow = x + <usize>t * xStep, xRow = <usize>inputs << 2, dBefore = dStates + at, width = hidden << 2;
    addColumns(gatesNow, dBias, windows, width);
    addTransposedProduct(xNow, xRow, gatesNow, gateRow, dInputWeights, gateRow, inputs, windows, width);
    addTransposedProduct(h + at, hRow, gatesNow, gateRow, dHiddenWeights, gateRow, hidden, windows, width);
    product(gatesNow, gateRow, hiddenWeightsT, hRow, dBefore, hRow, dBefore, hRow, windows, width, hidden, false);
  }
}

// @ts-ignore: decorator
@inline
function cellBack(gates: usize, width: usize, c: usize, tanhC: usize, dState: usize, dCell: usize): void {
  const one = f32x4.splat(1);
  for (let j: usize = 0; j < width; j += 16) {
    const p = gates + j;
    const input = v128.load(p), forget = v128.load(p + width);
    const candidate = v128.load(p + 2 * width), output = v128.load(p + 3 * width);
    const bent = v128.load(tanhC + j), d = v128.load(dState + j);
    const through = f32x4.mul(f32x4.mul(d, output), f32x4.sub(one, f32x4.mul(bent, bent)));
    const dc = f32x4.add(v128.load(dCell + j), through);
    v128.store(p, f32x4.mul(f32x4.mul(dc, candidate), f32x4.mul(input, f32x4.sub(one, input))));
    const dForget = f32x4.mul(dc, v128.load(c + j));
    v128.store(p + width, f32x4.mul(dForget, f32x4.mul(forget, f32x4.sub(one, forget))));
    v128.store(p + 2 * width, f32x4.mul(f32x4.mul(dc, input), f32x4.sub(one, f32x4.mul(candidate, candidate))));
    v128.store(p + 3 * width, f32x4.mul(f32x4.mul(d, bent), f32x4.mul(output, f32x4.sub(one, output))));
    v128.store(dCell + j, f32x4.mul(dc, forget));
  }
}
