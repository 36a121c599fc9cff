// A lineage to test with: a model that was the first and serves.
import { type FoughtContest, LINEAGE_SCHEMA, type ModelLineage } from "./model-lineage.ts";

export const FIRST_CONTEST: FoughtContest = {
  kind: "fought",
  opponent: "seasonal-naive",
  ground: { kind: "later", from: "2026-03-16T00:00:00.000Z", to: "2026-03-30T00:00:00.000Z" },
  series: 40,
  windows: 1_904,
  losses: { challenger: 0.015, opponent: 0.02, seasonalNaive: 0.02 },
  ratio: 0.75,
  ratioLow: 0.7,
  ratioHigh: 0.8,
  margin: 0.005,
  isPromoted: true,
  reason: "Its loss is 25.0 % lower than that of the seasonal naive. It serves from now on.",
};

export function aLineage(changes: Partial<ModelLineage> = {}): ModelLineage {
  return {
    schema: LINEAGE_SCHEMA,
    id: "0123456789ab",
    created: "2026-04-01T12:30:00.000Z",
    featureSet: "lstm/1",
    data: {
      trace: "month",
      format: "csv",
      from: "2026-03-01T00:00:00.000Z",
      validationFrom: "2026-03-13T18:00:00.000Z",
      to: "2026-03-16T00:00:00.000Z",
      stepSeconds: 300,
      vms: 10,
      series: 40,
    },
    training: {
      seed: 1,
      steps: 300,
      members: [
        {
          seed: 1,
          stepsDone: 300,
          outcome: "finished",
          best: { step: 200, validation: 0.19 },
          curve: [
            { step: 100, training: 0.3, validation: 0.22 },
            { step: 200, training: 0.2, validation: 0.19 },
            { step: 300, training: 0.18, validation: 0.2 },
          ],
        },
      ],
    },
    contest: FIRST_CONTEST,
    ...changes,
  };
}
