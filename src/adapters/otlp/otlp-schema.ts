// The messages of OTLP metrics, as far as they are read here: what a field is called and which number it has on the wire. What is not
// named is skipped unread.
import protobuf from "protobufjs";

/** opentelemetry-proto: collector/metrics/v1/metrics_service.proto, metrics/v1/metrics.proto, common/v1/common.proto. */
const SCHEMA = `syntax = "proto3";
message ExportMetricsServiceRequest { repeated ResourceMetrics resourceMetrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scopeMetrics = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeMetrics { repeated Metric metrics = 2; }
message Metric {
  string name = 1;
  oneof data {
    Gauge gauge = 5; Sum sum = 7; Counted histogram = 9; Counted exponentialHistogram = 10; Counted summary = 11;
  }
}
message Gauge { repeated NumberDataPoint dataPoints = 1; }
message Sum { repeated NumberDataPoint dataPoints = 1; int32 aggregationTemporality = 2; bool isMonotonic = 3; }
message Counted { repeated Nothing dataPoints = 1; }
message Nothing {}
message NumberDataPoint {
  fixed64 startTimeUnixNano = 2; fixed64 timeUnixNano = 3;
  oneof value { double asDouble = 4; sfixed64 asInt = 6; }
  repeated KeyValue attributes = 7; uint32 flags = 8;
}
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4; } }`;

const { root } = protobuf.parse(SCHEMA);

/** Encodes and decodes; decoding throws on bytes that are none. */
export const OTLP_REQUEST = root.lookupType("ExportMetricsServiceRequest");
