// Answers of the HTTP API of Prometheus, read with care: whatever comes becomes series on the grid that was asked for, or a refusal.
// https://prometheus.io/docs/prometheus/latest/querying/api/
import { failure, type Result, success } from "../../../model/result.ts";
import type { Labels } from "../metric-rule.ts";

export interface TimeGrid {
  /** Of the first point; milliseconds since 1970. */
  readonly from: number;
  readonly stepMs: number;
  readonly points: number;
}

export interface RangeSeries {
  readonly labels: Labels;
  /** [point] NaN: nothing. */
  readonly values: Float64Array;
}

export interface RangeAnswer {
  readonly series: readonly RangeSeries[];
  /** Values that are not finite or negative: left out. */
  readonly absurd: number;
}

/** "bad-input": no answer to a range query. Points beside the grid are left out. */
export function readRangeAnswer(answer: unknown, grid: TimeGrid): Result<RangeAnswer> {
  const data = fieldOf(answer, "data");
  const result = fieldOf(data, "result");
  if (fieldOf(answer, "status") !== "success" || fieldOf(data, "resultType") !== "matrix" || !Array.isArray(result))
    return failure("bad-input", "The answer is none to a range query.");
  let absurd = 0;
  const series: RangeSeries[] = [];
  for (const each of result) {
    const labels = labelsOf(fieldOf(each, "metric"));
    const points: unknown = fieldOf(each, "values");
    if (labels === undefined || !Array.isArray(points))
      return failure("bad-input", "A series of the answer has no labels or no values.");
    const values = new Float64Array(grid.points).fill(Number.NaN);
    const left = fillPoints(values, points, grid);
    if (left === undefined)
      return failure("bad-input", "A point of the answer is no pair of a time and a number in quotes.");
    absurd += left;
    series.push({ labels, values });
  }
  return success({ series, absurd });
}

/** How many values are absurd; undefined where one is no point at all. */
function fillPoints(values: Float64Array, points: readonly unknown[], grid: TimeGrid): number | undefined {
  let absurd = 0;
  for (const point of points) {
    if (!Array.isArray(point) || typeof point[0] !== "number" || typeof point[1] !== "string") return undefined;
    const place = Math.round((point[0] * 1000 - grid.from) / grid.stepMs);
    const value = numberOf(point[1]);
    if (value === undefined) absurd++;
    else if (place >= 0 && place < grid.points) values[place] = value;
  }
  return absurd;
}

const AMOUNT_MAX = 1e30;

/** Undefined: absurd. */
function numberOf(text: string): number | undefined {
  const value = text === "" ? Number.NaN : Number(text);
  return value >= 0 && value <= AMOUNT_MAX ? value : undefined;
}

/** Of `/api/v1/series`. */
export function readSeriesAnswer(answer: unknown): Result<readonly Labels[]> {
  const data = fieldOf(answer, "data");
  if (fieldOf(answer, "status") !== "success" || !Array.isArray(data))
    return failure("bad-input", "The answer is no list of series.");
  const read = data.map(labelsOf);
  const labels = read.filter((each) => each !== undefined);
  return labels.length === read.length
    ? success(labels)
    : failure("bad-input", "A series of the answer has no labels.");
}

/** What a server says was wrong, in its words; bounded. */
export function errorOf(answer: unknown): string {
  const told = fieldOf(answer, "error");
  return typeof told === "string" ? told.slice(0, 300) : "";
}

function labelsOf(metric: unknown): Labels | undefined {
  if (typeof metric !== "object" || metric === null || Array.isArray(metric)) return undefined;
  const entries = Object.entries(metric);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
    ? new Map(entries)
    : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
