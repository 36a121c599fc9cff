// What is done to whole rows: gather, repeat, sum, transpose, rectify, and their ways back. Widths are multiples of 4.

/** target [row] = source [indices [row]] (indices: int32). */
export function gatherRows(source: usize, indices: usize, target: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, indices += 4, target += bytes)
    memory.copy(target, source + <usize>load<i32>(indices) * bytes, bytes);
}

/** target [indices [row]] += source [row]. */
export function scatterRows(source: usize, indices: usize, target: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, indices += 4, source += bytes)
    addRow(source, target + <usize>load<i32>(indices) * bytes, bytes);
}

/** Each row of the source `times` times over. */
export function repeatRows(source: usize, target: usize, rows: i32, times: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, source += bytes)
    for (let time = 0; time < times; time++, target += bytes) memory.copy(target, source, bytes);
}

/** The way back of `repeatRows`: target [row] = the sum of its `times` rows in the source. */
export function sumRows(source: usize, target: usize, rows: i32, times: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, target += bytes) {
    memory.fill(target, 0, bytes);
    for (let time = 0; time < times; time++, source += bytes) addRow(source, target, bytes);
  }
}

/** target [column] += the sum of the column. */
export function addColumns(source: usize, target: usize, rows: i32, columns: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++, source += bytes) addRow(source, target, bytes);
}

// @ts-ignore: decorator
@inline
function addRow(source: usize, target: usize, bytes: usize): void {
  for (let j: usize = 0; j < bytes; j += 16)
    v128.store(target + j, f32x4.add(v128.load(target + j), v128.load(source + j)));
}

export function transpose(source: usize, target: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      store<f32>(target + (<usize>(j * rows + i) << 2), load<f32>(source + (<usize>(i * columns + j) << 2)));
}

/** The way back of a rectifier: no gradient where it gave 0. */
export function rectifyBack(gradient: usize, activation: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (let j: usize = 0; j < <usize>count << 2; j += 16)
    v128.store(gradient + j, v128.and(v128.load(gradient + j), f32x4.gt(v128.load(activation + j), zero)));
}
