// The labels of a series as the text by which it is known, for series that do not come as bytes of remote_write: the same form.
import protobuf from "protobufjs/minimal.js";

/** Sorted by name, so that the same labels are the same text. Read by `readLabels`. */
export function labelsText(labels: ReadonlyMap<string, string>): string {
  const writer = protobuf.Writer.create();
  const sorted = [...labels].sort(([left], [right]) => (left < right ? -1 : 1));
  for (const [name, value] of sorted)
    writer.uint32(0x0a).fork().uint32(0x0a).string(name).uint32(0x12).string(value).ldelim();
  return Buffer.from(writer.finish()).toString("latin1");
}
