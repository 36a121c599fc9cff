// The heads: the first raw output is the lowest quantile, softplus of each other one is the step to the next.
// Raw rows are padded to a multiple of 8; quantile rows are not.
import { exp, expOfMinusAbsolute, plus, sigmoidGiven, softplusGiven } from "./functions.as.ts";

/** quantiles [rows x levels], not padded, from raw [rows x padded levels], which is spent. */
export function ascend(raw: usize, quantiles: usize, rows: i32, levels: i32): void {
  const width = <usize>((levels + 7) & ~7) << 2;
  for (let row = 0; row < rows; row++, raw += width) {
    let value = load<f32>(raw);
    for (let j: usize = 0; j < width; j += 16) {
      const x = v128.load(raw + j);
      v128.store(raw + j, softplusGiven(expOfMinusAbsolute(x), x));
    }
    for (let level = 0; level < levels; level++, quantiles += 4) {
      if (level > 0) value += load<f32>(raw + (<usize>level << 2));
      store<f32>(quantiles, value);
    }
  }
}

/**
 * Sum over rows and levels of weight x pinball loss x scale; raw ends as its own gradient. `levels` and `weights` are
 * rows as wide as a raw one, weight 0 in the padding; `scratch` is one such row. A target that is NaN counts for nothing.
 * Beside it, volumes[row] x the pinball loss of e^(growth x) / (e^growth - 1) x scale: what was missed as a volume.
 */
export function pinball(
  raw: usize, targets: usize, volumes: usize, levels: usize, weights: usize, scratch: usize,
  rows: i32, levelCount: i32, scale: f32, growth: f32,
): f64 {
  const width = <usize>((levelCount + 7) & ~7) << 2;
  const perVolume = f32x4.extract_lane(exp(f32x4.splat(growth)), 0) - 1;
  let loss: f64 = 0;
  for (let row = 0; row < rows; row++, raw += width) {
    const target = load<f32>(targets + (<usize>row << 2));
    const volume = load<f32>(volumes + (<usize>row << 2)) * scale / perVolume;
    if (target != target) memory.fill(raw, 0, width);
    else loss += pinballOfRow(raw, target, volume, levels, weights, scratch, width, scale, growth);
  }
  return loss;
}

// @ts-ignore: decorator
@inline
function pinballOfRow(
  raw: usize, target: f32, volume: f32, levels: usize, weights: usize, scratch: usize, width: usize,
  scale: f32, growth: f32,
): f64 {
  const first = load<f32>(raw);
  for (let j: usize = 0; j < width; j += 16) {
    const x = v128.load(raw + j);
    const u = expOfMinusAbsolute(x);
    v128.store(scratch + j, softplusGiven(u, x));
    v128.store(raw + j, sigmoidGiven(u, x));
  }
  // The first is taken as it is: step `first`, slope 1.
  store<f32>(scratch, first);
  store<f32>(raw, 1);
  for (let j: usize = 4; j < width; j += 4)
    store<f32>(scratch + j, load<f32>(scratch + j - 4) + load<f32>(scratch + j));
  const one = f32x4.splat(1), zero = f32x4.splat(0), actual = f32x4.splat(target), rate = f32x4.splat(growth);
  const actualVolume = exp(f32x4.mul(rate, actual));
  let sum = zero;
  for (let j: usize = 0; j < width; j += 16) {
    const level = v128.load(levels + j), weight = f32x4.mul(v128.load(weights + j), f32x4.splat(scale));
    const quantile = v128.load(scratch + j);
    const error = f32x4.sub(actual, quantile);
    const side = v128.bitselect(f32x4.neg(level), f32x4.sub(one, level), f32x4.ge(error, zero));
    const perVolume = v128.and(f32x4.splat(volume), f32x4.ne(weight, zero));
    const said = exp(f32x4.mul(rate, quantile));
    sum = f32x4.sub(sum, f32x4.mul(side, plus(f32x4.mul(weight, error), perVolume, f32x4.sub(actualVolume, said))));
    v128.store(scratch + j, f32x4.mul(side, plus(weight, perVolume, f32x4.mul(rate, said))));
  }
  // Each raw output moves its own quantile and all above it.
  let above: f32 = 0;
  for (let j = width; j > 0; j -= 4) {
    above += load<f32>(scratch + j - 4);
    store<f32>(raw + j - 4, load<f32>(raw + j - 4) * above);
  }
  const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
  return <f64>(low + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}
