// A request of OTLP/HTTP with metrics, JSON or protobuf, read into the form that all metrics have here: series by their labels, and
// samples. Attributes of the resource and of the point are labels under the names that they have.
import { failure, type Result, success } from "../../model/result.ts";
import { labelsText } from "../prometheus/label-text.ts";
import type { WriteRequest, WrittenSeries } from "../prometheus/write-request.ts";
import { OTLP_REQUEST } from "./otlp-schema.ts";

const SERIES_MAX = 100_000;
const POINTS_MAX = 500_000;
const LABELS_MAX = 128;
const LABEL_BYTES_MAX = 16 * 1024;

/** "bad-input": no such request. "rejected": larger than what is taken at once. */
export function readOtlpProtobuf(body: Uint8Array): Result<WriteRequest> {
  try {
    return readRequest(OTLP_REQUEST.decode(body));
  } catch (error) {
    return notOne(error);
  }
}

export function readOtlpJson(body: Uint8Array): Result<WriteRequest> {
  try {
    return readRequest(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)));
  } catch (error) {
    return notOne(error);
  }
}

function notOne(error: unknown): Result<never> {
  const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
  return failure("bad-input", `The body is no ExportMetricsServiceRequest: ${why?.slice(0, 200)}.`);
}

interface Read {
  readonly series: WrittenSeries[];
  readonly at: number[];
  readonly value: number[];
  readonly since: number[];
  histograms: number;
  unreadable: number;
}

type Pair = readonly [name: string, value: string];

function readRequest(message: unknown): Result<WriteRequest> {
  const read: Read = { series: [], at: [], value: [], since: [], histograms: 0, unreadable: 0 };
  if (!isObject(message)) return failure("bad-input", "The body is no ExportMetricsServiceRequest: it is no object.");
  for (const ofResource of listOf(message, "resourceMetrics")) {
    const resource = attributesOf(fieldOf(ofResource, "resource"));
    const origin = [...resource, ...originOf(resource)];
    for (const scope of listOf(ofResource, "scopeMetrics"))
      for (const metric of listOf(scope, "metrics")) {
        const refused = readMetric(read, metric, origin);
        if (refused !== undefined) return failure("rejected", refused);
      }
  }
  return success(read);
}

/** As Prometheus calls it, so that two exporters on one VM are told apart in the same way. */
function originOf(resource: readonly Pair[]): Pair[] {
  const named = new Map(resource);
  const [space, name] = [named.get("service.namespace"), named.get("service.name")];
  const job = [space, name].filter((each) => each !== undefined).join("/");
  const instance = named.get("service.instance.id");
  return [
    ...(job !== "" && !named.has("job") ? [["job", job] as const] : []),
    ...(instance !== undefined && !named.has("instance") ? [["instance", instance] as const] : []),
  ];
}

/** Why nothing more is taken, if so. */
function readMetric(read: Read, metric: unknown, origin: readonly Pair[]): string | undefined {
  const name = textOf(fieldOf(metric, "name"));
  const [gauge, sum] = [fieldOf(metric, "gauge"), fieldOf(metric, "sum")];
  for (const kind of ["histogram", "exponentialHistogram", "summary"])
    read.histograms += listOf(fieldOf(metric, kind), "dataPoints").length;
  const temporality = fieldOf(sum, "aggregationTemporality");
  const isDelta = temporality === 1 || temporality === "AGGREGATION_TEMPORALITY_DELTA";
  const points = [...listOf(gauge, "dataPoints"), ...listOf(sum, "dataPoints")];
  const bySeries = new Map<string, unknown[]>();
  for (const point of points) {
    const pairs = new Map([...origin, ...attributesOf(point), ["__name__", name] as const]);
    const labels = labelsText(pairs);
    if (pairs.size > LABELS_MAX || labels.length > LABEL_BYTES_MAX)
      return `A series has more than ${LABELS_MAX} attributes or ${LABEL_BYTES_MAX} bytes of them: drop some.`;
    const same = bySeries.get(labels);
    if (same === undefined) bySeries.set(labels, [point]);
    else same.push(point);
  }
  for (const [labels, own] of bySeries) {
    const from = read.at.length;
    for (const point of own) readPoint(read, point, isDelta);
    read.series.push({ name, labels, from, to: read.at.length });
  }
  if (read.series.length > SERIES_MAX || read.at.length > POINTS_MAX)
    return `At most ${SERIES_MAX} series and ${POINTS_MAX} points are taken at once: send less.`;
  return undefined;
}

const NO_VALUE_FLAG = 1;

function readPoint(read: Read, point: unknown, isDelta: boolean): void {
  const at = millisecondsOf(fieldOf(point, "timeUnixNano"));
  const start = millisecondsOf(fieldOf(point, "startTimeUnixNano"));
  const isEnd = (numberOf(fieldOf(point, "flags")) & NO_VALUE_FLAG) !== 0;
  const value = isEnd ? Number.NaN : numberOf(fieldOf(point, "asDouble") ?? fieldOf(point, "asInt"));
  // Not a number is the mark of an end; whoever sends none without saying so sends nothing.
  if (!(at > 0) || (Number.isNaN(value) && !isEnd) || (isDelta && !(start > 0 && start < at))) {
    read.unreadable++;
    return;
  }
  read.at.push(at);
  read.value.push(value);
  read.since.push(isDelta ? start : Number.NaN);
}

function attributesOf(owner: unknown): Pair[] {
  return listOf(owner, "attributes").flatMap((attribute) => {
    const key = textOf(fieldOf(attribute, "key"));
    const value = fieldOf(attribute, "value");
    const told = ["stringValue", "boolValue", "intValue", "doubleValue"]
      .map((kind) => fieldOf(value, kind))
      .find((each) => each !== undefined && each !== null);
    return key === "" || told === undefined ? [] : [[key, scalarText(told)] as const];
  });
}

function scalarText(value: unknown): string {
  return typeof value === "object" ? String(numberOf(value)) : String(value);
}

/** NaN for what is none. 64 bits come as a number, as text, or as two halves. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  const [high, low] = [fieldOf(value, "high"), fieldOf(value, "low")];
  return typeof high === "number" && typeof low === "number" ? high * 2 ** 32 + (low >>> 0) : Number.NaN;
}

function millisecondsOf(nanoseconds: unknown): number {
  return Math.round(numberOf(nanoseconds) / 1e6);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function listOf(owner: unknown, name: string): readonly unknown[] {
  const value = fieldOf(owner, name);
  return Array.isArray(value) ? value : [];
}

/** Own fields only: a decoded message has its defaults on its prototype. */
function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
