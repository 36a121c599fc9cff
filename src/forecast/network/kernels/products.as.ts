// Products of matrices, in AssemblyScript: four float32 at a time. scripts/build-kernels.mjs compiles this folder.
// Sizes count floats, addresses and row distances bytes. Columns count in eights; rows and inner sizes are free.
// Plain SIMD only, no relaxed instructions: the same bytes on every machine.
//
// Four rows by eight columns of the result live in registers. The inner loops count nothing but addresses and are not
// unrolled by hand: V8 loads all that a loop's body needs before it multiplies, so a longer body spills (42 GFLOP/s
// this way, 28 with two steps a turn, of the 57 that a core of an EPYC 9004 can do without fused operations).
import { plus } from "./functions.as.ts";

/** First address that is free for the caller. */
export function heapStart(): usize {
  return __heap_base;
}

/**
 * C [rows x columns] = start + A [rows x inner] · B [inner x columns], negatives made 0 if `rectify`.
 * `start` is a matrix (rows `startRow` bytes apart, may be C itself) or one row for all (startRow = 0).
 */
export function product(
  a: usize, aRow: usize, b: usize, bRow: usize, start: usize, startRow: usize, c: usize, cRow: usize,
  rows: i32, inner: i32, columns: i32, rectify: bool,
): void {
  const rest = rows & ~3;
  for (let j: usize = 0; j < <usize>columns << 2; j += 32) {
    let aNow = a, startNow = start + j, cNow = c + j, i = 0;
    for (; i < rest; i += 4, aNow += 4 * aRow, startNow += 4 * startRow, cNow += 4 * cRow)
      fourRows(aNow, aRow, b + j, bRow, startNow, startRow, cNow, cRow, inner, rectify);
    for (; i < rows; i++, aNow += aRow, startNow += startRow, cNow += cRow)
      oneRow(aNow, 4, b + j, bRow, startNow, cNow, inner, rectify);
  }
}

// @ts-ignore: decorator
@inline
function fourRows(
  a: usize, aRow: usize, b: usize, bRow: usize, start: usize, startRow: usize, c: usize, cRow: usize,
  inner: i32, rectify: bool,
): void {
  const s1 = start + startRow, s2 = s1 + startRow, s3 = s2 + startRow;
  let c00 = v128.load(start), c01 = v128.load(start, 16), c10 = v128.load(s1), c11 = v128.load(s1, 16);
  let c20 = v128.load(s2), c21 = v128.load(s2, 16), c30 = v128.load(s3), c31 = v128.load(s3, 16);
  let a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  for (const end = a + (<usize>inner << 2); a != end; a += 4, a1 += 4, a2 += 4, a3 += 4, b += bRow) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); c00 = plus(c00, x, b0); c01 = plus(c01, x, b1);
    x = v128.load32_splat(a1); c10 = plus(c10, x, b0); c11 = plus(c11, x, b1);
    x = v128.load32_splat(a2); c20 = plus(c20, x, b0); c21 = plus(c21, x, b1);
    x = v128.load32_splat(a3); c30 = plus(c30, x, b0); c31 = plus(c31, x, b1);
  }
  const d1 = c + cRow, d2 = d1 + cRow, d3 = d2 + cRow;
  v128.store(c, positive(c00, rectify)); v128.store(c, positive(c01, rectify), 16);
  v128.store(d1, positive(c10, rectify)); v128.store(d1, positive(c11, rectify), 16);
  v128.store(d2, positive(c20, rectify)); v128.store(d2, positive(c21, rectify), 16);
  v128.store(d3, positive(c30, rectify)); v128.store(d3, positive(c31, rectify), 16);
}

/** The numbers of A that belong to the row lie `aStep` bytes apart. */
// @ts-ignore: decorator
@inline
function oneRow(
  a: usize, aStep: usize, b: usize, bRow: usize, start: usize, c: usize, inner: i32, rectify: bool,
): void {
  let c0 = v128.load(start), c1 = v128.load(start, 16);
  for (const end = a + <usize>inner * aStep; a != end; a += aStep, b += bRow) {
    const x = v128.load32_splat(a);
    c0 = plus(c0, x, v128.load(b));
    c1 = plus(c1, x, v128.load(b, 16));
  }
  v128.store(c, positive(c0, rectify)); v128.store(c, positive(c1, rectify), 16);
}

// @ts-ignore: decorator
@inline
function positive(x: v128, rectify: bool): v128 {
  return rectify ? f32x4.pmax(x, f32x4.splat(0)) : x;
}

/** C [rows x columns] += Aᵀ · B, A [inner x rows], B [inner x columns]: what gradients of weights are made of. */
export function addTransposedProduct(
  a: usize, aRow: usize, b: usize, bRow: usize, c: usize, cRow: usize, rows: i32, inner: i32, columns: i32,
): void {
  const rest = rows & ~3;
  for (let j: usize = 0; j < <usize>columns << 2; j += 32) {
    let aNow = a, cNow = c + j, i = 0;
    for (; i < rest; i += 4, aNow += 16, cNow += 4 * cRow) fourColumns(aNow, aRow, b + j, bRow, cNow, cRow, inner);
    for (; i < rows; i++, aNow += 4, cNow += cRow) oneRow(aNow, aRow, b + j, bRow, cNow, cNow, inner, false);
  }
}

// @ts-ignore: decorator
@inline
function fourColumns(a: usize, aRow: usize, b: usize, bRow: usize, c: usize, cRow: usize, inner: i32): void {
  const d1 = c + cRow, d2 = d1 + cRow, d3 = d2 + cRow;
  let c00 = v128.load(c), c01 = v128.load(c, 16), c10 = v128.load(d1), c11 = v128.load(d1, 16);
  let c20 = v128.load(d2), c21 = v128.load(d2, 16), c30 = v128.load(d3), c31 = v128.load(d3, 16);
  for (const end = a + <usize>inner * aRow; a != end; a += aRow, b += bRow) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a); c00 = plus(c00, x, b0); c01 = plus(c01, x, b1);
    x = v128.load32_splat(a + 4); c10 = plus(c10, x, b0); c11 = plus(c11, x, b1);
    x = v128.load32_splat(a + 8); c20 = plus(c20, x, b0); c21 = plus(c21, x, b1);
    x = v128.load32_splat(a + 12); c30 = plus(c30, x, b0); c31 = plus(c31, x, b1);
  }
  v128.store(c, c00); v128.store(c, c01, 16); v128.store(d1, c10); v128.store(d1, c11, 16);
  v128.store(d2, c20); v128.store(d2, c21, 16); v128.store(d3, c30); v128.store(d3, c31, 16);
}
