// Status, kill switch, models and the log of changes.
import type { Actor } from "../../../control/store-ports.ts";
import type { CellId } from "../../../model/fleet.ts";
import { type Result, success } from "../../../model/result.ts";
import type { Models, operatorRoutes } from "../../contract/operator.ts";
import { cellForm, shownDocument } from "../document-forms.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, refusal, unknown } from "../refusals.ts";
import { changesPage } from "./changes.ts";
import { writeOne } from "./documents.ts";

type AllRows = typeof operatorRoutes;
type Rows = Pick<
  AllRows,
  "getStatus" | "putKillSwitch" | "listModels" | "promoteModel" | "rollBackModel" | "listChanges"
>;

export function operatorHandlers(desks: Desks): Handlers<Rows> {
  const { views, models } = desks;
  return {
    getStatus: async () => success({ body: { cells: [...views.status()] } }),
    putKillSwitch: (asked) => setKillSwitch(asked, desks),
    listModels: async () => told(await models.list()),
    promoteModel: async ({ params: { id }, body: { reason }, now, actor }) =>
      logged(await models.promote(id, { at: now, reason }), { actor, desks }),
    rollBackModel: async ({ body: { reason }, now, actor }) =>
      logged(await models.rollBack({ at: now, reason }), { actor, desks }),
    listChanges: ({ query, store }) => changesPage(store, query),
  };
}

function told(models: Result<Models, Refusal>) {
  return models.ok ? success({ body: models.value }) : models;
}

/** Which model serves is no document, and in the log all the same. */
async function logged(
  models: Result<Models, Refusal>,
  { actor, desks }: { readonly actor: Actor; readonly desks: Desks },
): ReturnType<Handlers<Rows>["promoteModel"]> {
  if (!models.ok) return models;
  const { serving, history } = models.value;
  const [after, before] = history;
  const noted = await desks.note({
    ...{
      at: actor.at,
      by: actor.id,
      what: "changed",
      kind: "model",
      target: serving ?? "none",
      version: history.length,
    },
    ...(before && { before }),
    ...(after && { after }),
  });
  return noted.ok ? success({ body: models.value }) : noted;
}

const TRIES = 5;

/** Whoever pulls it is in a hurry: a change of settings that came in between is kept, and the switch is set on top of it. */
async function setKillSwitch({ params: { id }, body, store, actor }: Asked<Rows["putKillSwitch"]>, desks: Desks) {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await store.documents.get("cell-settings", id);
    if (!found.ok) return found;
    if (found.value === undefined) return unknown("cell", id);
    const { value, version } = found.value;
    const change = { kind: "cell-settings" as const, id: id as CellId, value: { ...value, killSwitch: body.on } };
    const written = await writeOne({ store, actor, precondition: { kind: "version", version } }, change);
    if (written.ok) {
      desks.changed([{ kind: "cell-settings", id }]);
      return success({ body: shownDocument(cellForm, written.value) });
    }
    if (written.error.kind !== "conflict") return written;
  }
  return refusal("conflict", "The cell's settings are being changed all the time: try again.");
}
