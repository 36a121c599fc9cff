// Functions of one number, four at a time, to about 2e-7. NaN stays NaN.
// Constants are read from memory: one instruction, where V8 takes three to build a vector of a number in the code.

const CONSTANTS = memory.data<f32>([
  1, 2, 86, -86, 12582912, -1.44269504088896341,
  // 2^f within half of 0: the polynomial of degree 5 with the least relative error, 7.5e-8 (Remez).
  1.0000001192092896, 0.6931469440460205, 0.24022120237350464,
  0.05550713092088699, 0.009675540961325169, 0.0013276472454890609,
  2.0 / 13.0, 2.0 / 11.0, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0,
]);

// @ts-ignore: decorator
@inline
function constant(index: usize): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

/** e^-x, x held within ±86. The polynomial is added up in pairs: the processor waits for less. */
// @ts-ignore: decorator
@inline
function expOfNegative(x: v128): v128 {
  const power = f32x4.mul(f32x4.pmin(f32x4.pmax(x, constant(3)), constant(2)), constant(5));
  // Adding 1.5 · 2^23 rounds to a whole number and leaves it in the low bits.
  const shift = constant(4);
  const shifted = f32x4.add(power, shift);
  const f = f32x4.sub(power, f32x4.sub(shifted, shift));
  const square = f32x4.mul(f, f);
  const low = plus(constant(6), constant(7), f), middle = plus(constant(8), constant(9), f);
  const high = plus(constant(10), constant(11), f);
  return i32x4.add(plus(low, square, plus(middle, square, high)), i32x4.shl(shifted, 23));
}

// @ts-ignore: decorator
@inline
export function sigmoid(x: v128): v128 {
  const one = constant(0);
  return f32x4.div(one, f32x4.add(one, expOfNegative(x)));
}

// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const two = constant(1), one = constant(0);
  return f32x4.sub(f32x4.div(two, f32x4.add(one, expOfNegative(f32x4.add(x, x)))), one);
}

/** log(1 + e^x) = max(x, 0) + log(1 + u), given u = e^-|x|. */
// @ts-ignore: decorator
@inline
export function softplusGiven(u: v128, x: v128): v128 {
  // log(1 + u) = 2 artanh(u / (2 + u)), a series in at most 1/3.
  const s = f32x4.div(u, f32x4.add(constant(1), u));
  const square = f32x4.mul(s, s);
  let y = plus(constant(13), constant(12), square);
  y = plus(constant(14), y, square);
  y = plus(constant(15), y, square);
  y = plus(constant(16), y, square);
  y = plus(constant(17), y, square);
  y = plus(constant(1), y, square);
  return plus(f32x4.pmax(x, f32x4.splat(0)), s, y);
}

/** The slope of softplus, 1 / (1 + e^-x), given u = e^-|x|. */
// @ts-ignore: decorator
@inline
export function sigmoidGiven(u: v128, x: v128): v128 {
  const one = constant(0);
  const upper = f32x4.div(one, f32x4.add(one, u));
  return v128.bitselect(upper, f32x4.mul(u, upper), f32x4.ge(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
export function expOfMinusAbsolute(x: v128): v128 {
  return expOfNegative(f32x4.abs(x));
}

/** e^x, x held within ±86. */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  return expOfNegative(f32x4.neg(x));
}

/** sum + x · y, rounded twice. */
// @ts-ignore: decorator
@inline
export function plus(sum: v128, x: v128, y: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, y));
}
