// How a lineage and the serving record look in their files: JSON, checked on reading.
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { LINEAGE_SCHEMA, type ModelLineage, SERVING_SCHEMA, type ServingRecord } from "../../model/model-lineage.ts";
import { failure, type Result, success } from "../../model/result.ts";

const ModelId = Type.String({ pattern: "^[0-9a-f]{12}$" });
const At = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$" });
const Count = Type.Integer({ minimum: 0 });

const Losses = Type.Object({ challenger: Type.Number(), opponent: Type.Number(), seasonalNaive: Type.Number() });

const Contest = Type.Union([
  Type.Object({ kind: Type.Literal("not-fought"), isPromoted: Type.Literal(false), reason: Type.String() }),
  Type.Object({
    kind: Type.Literal("fought"),
    opponent: Type.String(),
    ground: Type.Object({ kind: Type.Union([Type.Literal("later"), Type.Literal("validation")]), from: At, to: At }),
    series: Count,
    windows: Count,
    losses: Losses,
    ratio: Type.Number(),
    ratioLow: Type.Number(),
    ratioHigh: Type.Number(),
    margin: Type.Number(),
    isPromoted: Type.Boolean(),
    reason: Type.String(),
  }),
]);

const Member = Type.Object({
  seed: Count,
  stepsDone: Count,
  outcome: Type.Union([Type.Literal("finished"), Type.Literal("stopped-early")]),
  best: Type.Object({ step: Count, validation: Type.Number() }),
  curve: Type.Array(Type.Object({ step: Count, training: Type.Number(), validation: Type.Number() })),
});

const Lineage = Type.Object({
  schema: Type.Literal(LINEAGE_SCHEMA),
  id: ModelId,
  created: At,
  featureSet: Type.String(),
  data: Type.Object({
    trace: Type.String(),
    format: Type.String(),
    from: At,
    validationFrom: At,
    to: At,
    stepSeconds: Type.Number({ exclusiveMinimum: 0 }),
    vms: Count,
    series: Count,
  }),
  training: Type.Object({ seed: Count, steps: Count, members: Type.Array(Member, { minItems: 1 }) }),
  contest: Contest,
});

const Serving = Type.Object({
  schema: Type.Literal(SERVING_SCHEMA),
  serving: Type.Union([ModelId, Type.Null()]),
  history: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal("promoted"), Type.Literal("rolled-back")]),
      at: At,
      serving: Type.Union([ModelId, Type.Null()]),
      by: Type.Union([Type.Literal("contest"), Type.Literal("operator")]),
      reason: Type.String(),
    }),
  ),
});

export function parseLineage(path: string, text: string): Result<ModelLineage> {
  return parse(path, text, { name: LINEAGE_SCHEMA, schema: Lineage });
}

export function parseServing(path: string, text: string): Result<ServingRecord> {
  return parse(path, text, { name: SERVING_SCHEMA, schema: Serving });
}

/** "bad-input" says the file, the place in it and what was expected there. */
function parse<Schema extends TSchema>(
  path: string,
  text: string,
  { name, schema }: { readonly name: string; readonly schema: Schema },
): Result<Static<Schema>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(path, name, "it is not JSON");
  }
  if (Value.Check(schema, value)) return success(value);
  const [first] = Value.Errors(schema, value);
  return bad(path, name, first ? `${first.instancePath || "the whole"} ${first.message}` : "it has another form");
}

function bad(path: string, name: string, why: string): Result<never> {
  return failure("bad-input", `${path} is no ${name}: ${why}. Restore it from a copy, or move it away.`);
}
