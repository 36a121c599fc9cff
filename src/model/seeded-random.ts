// The one source of randomness of the pure floors: the same seed gives the same numbers on every machine.

export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  below(below: number): number;
  /** Standard normal (Box-Muller). */
  normal(): number;
  /** An independent stream that does not move when this one is used more or less. */
  fork(name: string): SeededRandom;
}

/** mulberry32 (T. Ettinger, public domain): 32 bits of state, passes gjrand for streams far longer than ours. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    below: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: (name) => seededRandom(hash(name, seed)),
  };
}

/** FNV-1a over the name's code units, started from the seed. */
function hash(name: string, seed: number): number {
  let value = (seed ^ 0x811c9dc5) >>> 0;
  for (let index = 0; index < name.length; index++) value = Math.imul(value ^ name.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
