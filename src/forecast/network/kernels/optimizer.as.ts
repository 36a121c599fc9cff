// The norm of a gradient and one step of Adam. Counts are multiples of 4.

export function sumOfSquares(values: usize, count: i32): f64 {
  let low = f64x2.splat(0), high = low;
  for (let j: usize = 0; j < <usize>count << 2; j += 16) {
    const x = v128.load(values + j);
    const a = f64x2.promote_low_f32x4(x), b = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const both = f64x2.add(low, high);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

/** Adam (Kingma & Ba 2015). `rate` holds both bias corrections: learning rate · sqrt(1 - beta2^t) / (1 - beta1^t). */
export function adam(
  parameters: usize, gradient: usize, firstMoments: usize, secondMoments: usize, count: i32,
  gradientScale: f32, beta1: f32, beta2: f32, rate: f32, epsilon: f32,
): void {
  const scale = f32x4.splat(gradientScale), keep1 = f32x4.splat(beta1), keep2 = f32x4.splat(beta2);
  const take1 = f32x4.splat(1 - beta1), take2 = f32x4.splat(1 - beta2);
  const step = f32x4.splat(rate), small = f32x4.splat(epsilon);
  for (let j: usize = 0; j < <usize>count << 2; j += 16) {
    const g = f32x4.mul(v128.load(gradient + j), scale);
    const m = f32x4.add(f32x4.mul(keep1, v128.load(firstMoments + j)), f32x4.mul(take1, g));
    const v = f32x4.add(f32x4.mul(keep2, v128.load(secondMoments + j)), f32x4.mul(take2, f32x4.mul(g, g)));
    v128.store(firstMoments + j, m);
    v128.store(secondMoments + j, v);
    const down = f32x4.div(f32x4.mul(step, m), f32x4.add(f32x4.sqrt(v), small));
    v128.store(parameters + j, f32x4.sub(v128.load(parameters + j), down));
  }
}
