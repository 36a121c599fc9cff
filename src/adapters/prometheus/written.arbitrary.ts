// Bodies of remote_write as Prometheus would send them, written by another implementation than the one that reads them.
import protobuf from "protobufjs";
import { compress } from "snappyjs";

export interface SentSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [at: number, value: number])[];
}

const SCHEMA = `syntax = "proto3";
message WriteRequest { repeated TimeSeries timeseries = 1; }
message TimeSeries { repeated Label labels = 1; repeated Sample samples = 2; }
message Label { string name = 1; string value = 2; }
message Sample { double value = 1; int64 timestamp = 2; }`;
const WriteRequest = protobuf.parse(SCHEMA).root.lookupType("WriteRequest");

export function unpackedBody(series: readonly SentSeries[]): Buffer {
  const timeseries = series.map(({ labels, samples }) => ({
    labels: Object.entries(labels)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => ({ name, value })),
    samples: samples.map(([timestamp, value]) => ({ timestamp, value })),
  }));
  return Buffer.from(WriteRequest.encode({ timeseries }).finish());
}

export function writeBody(series: readonly SentSeries[]): Buffer {
  return compress(unpackedBody(series));
}
