// The server's desk for trained models: what lies in the model store, said in the words of the API.
import type { Models } from "../../api/contract/operator.ts";
import type { ModelDesk } from "../../api/server/model-desk.ts";
import type { ModelsAnswer, ModelsRequest } from "../../cli/commands.ts";
import { type Result, success } from "../../model/result.ts";
import { models } from "../train/models-command.ts";

const HISTORY_MAX = 100;

/** `folder`: as of `headroom train`, models in it. `changed` hears when another model serves. */
export function modelDesk(folder: string, changed: () => void): ModelDesk {
  const ask = async (request: ModelsRequest): Promise<Result<Models>> => {
    const answered = await models(request);
    if (!answered.ok) return answered;
    if (request.kind !== "list") changed();
    const whole = await models({ kind: "list", folder });
    return whole.ok ? success(shown(whole.value)) : whole;
  };
  return {
    list: () => ask({ kind: "list", folder }),
    promote: (id, { reason }) => ask({ kind: "promote", folder, id, reason }),
    rollBack: ({ reason }) => ask({ kind: "roll-back", folder, reason }),
  };
}

function shown({ record, models: lineages }: ModelsAnswer): Models {
  return {
    serving: record.serving,
    models: lineages.map(({ id, created, data, contest }) => ({
      id,
      created,
      trace: data.trace,
      series: data.series,
      isPromoted: contest.isPromoted,
      contest: contest.reason,
      serves: id === record.serving,
    })),
    history: record.history.slice(-HISTORY_MAX).toReversed(),
  };
}
