// Prophet's own Stan program, compiled to WebAssembly: slower than the exact optimizer, but it knows every kind of model.
import { optimizer } from "@bsull/augurs-prophet-wasmstan";
import { failure, type Result, success } from "../../model/result.ts";

/** The data block of prophet.stan under its names, vectors as typed arrays. Those not named here are only handed on. */
interface DataBlock {
  readonly T: number;
  readonly K: number;
  /** [T x K] by rows. */
  readonly X: Float64Array;
}

interface Point {
  readonly k: number;
  readonly m: number;
  readonly delta: Float64Array;
  readonly beta: Float64Array;
  readonly sigma: number;
}

/** Most steps of a search, Stan's own, and how to begin: `sigma` in place of the start's. */
interface Attempt {
  readonly steps: number;
  readonly sigma?: number;
}

/**
 * At the kink of a Laplace prior the line search of L-BFGS finds no way on, and Stan then gives nothing back. Prophet's
 * remedy, Newton's method, traps in this build. So: once more from less noise than Prophet starts with (1), and then
 * with fewer steps, for a point short of where it got stuck.
 */
const ATTEMPTS: readonly [Attempt, ...Attempt[]] = [
  { steps: 2_000 },
  { steps: 2_000, sigma: 0.1 },
  { steps: 100, sigma: 0.1 },
  { steps: 30, sigma: 0.1 },
  { steps: 10, sigma: 0.1 },
];

/** Fits the door `PosteriorOptimizer` of the forecast room. Equal data and start give equal points. */
export const stanOptimizer = {
  optimize: (data: DataBlock, start: Point): Result<Point> => {
    const json = toJson(data);
    const [first, ...others] = ATTEMPTS;
    let found = search(json, { ...start, ...first });
    for (const attempt of others) if (!found.ok) found = search(json, { ...start, ...attempt });
    return found;
  },
};

function search(json: string, { sigma, steps, ...start }: Point & Attempt): Result<Point> {
  try {
    const options = { algorithm: "lbfgs", seed: 1, jacobian: false, iter: steps } as const;
    const { params } = optimizer.optimize({ ...start, sigmaObs: sigma }, json, options);
    const { k, m, delta, beta, sigmaObs } = params;
    return success({ k, m, delta: Float64Array.from(delta), beta: Float64Array.from(beta), sigma: sigmaObs });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure("unavailable", `Stan found no point of high posterior: ${reason.trim()}`);
  }
}

/** Vectors as arrays and the regressors as an array of rows, as Stan reads them. */
function toJson(data: DataBlock): string {
  const rows = Array.from({ length: data.T }, (_, row) => [...data.X.subarray(row * data.K, (row + 1) * data.K)]);
  return JSON.stringify({ ...data, X: rows }, (_, value: unknown) =>
    value instanceof Float64Array ? [...value] : value,
  );
}
