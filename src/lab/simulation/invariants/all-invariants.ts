// All that must hold, in the order in which it is checked: what hurts a customer first.

import { budgetsKept } from "./budgets.ts";
import { bufferIsHeld } from "./buffers.ts";
import { asksWhatFits, capacityKept } from "./capacity.ts";
import { guardrailsKept, handsAreRespected, optedOutAreLeftAlone } from "./consent.ts";
import { baseKept, ceilingKept } from "./contracts.ts";
import { converges } from "./convergence.ts";
import { actionsAreOwn, deadlinesKept, shrinksFirst } from "./dispatch.ts";
import { takenGently } from "./gentle.ts";
import { handOversKept } from "./hand-overs.ts";
import type { Invariant } from "./invariant.ts";
import { booksFit, oneLeaseOneHolder } from "./leases.ts";
import { lifeCycleKept } from "./life-cycle.ts";
import { type AtStart, metersAreTrue } from "./meters.ts";
import { poolIsFit } from "./pool-size.ts";
import { changesAreRecorded } from "./records.ts";

export function allInvariants(start: AtStart): readonly Invariant[] {
  return [
    capacityKept(),
    baseKept(),
    ceilingKept(),
    booksFit(),
    oneLeaseOneHolder(),
    takenGently(),
    optedOutAreLeftAlone(),
    guardrailsKept(),
    handsAreRespected(),
    shrinksFirst(),
    deadlinesKept(),
    actionsAreOwn(),
    asksWhatFits(),
    bufferIsHeld(),
    handOversKept(),
    lifeCycleKept(),
    poolIsFit(),
    budgetsKept(),
    metersAreTrue(start),
    changesAreRecorded(),
    converges(),
  ];
}
