// On which host a new shadow VM goes: where there is room now and for the hours to come, in the customer's own pool first,
// apart from others of its kind, and where most is left over.
import type { CustomerId, HostId } from "../model/fleet.ts";
import { fits, RESOURCES, type ResourceVector, subtract } from "../model/resources.ts";

/** What a host has to offer. */
export interface HostOffer {
  readonly host: HostId;
  /** Whose pool it is in; left out for a shared pool. */
  readonly dedicatedTo?: CustomerId;
  readonly capacity: ResourceVector;
  /** Not handed out at this moment. */
  readonly spareNow: ResourceVector;
  /** The least of what is forecast to be left over in the next hours, at the level that shall be kept. */
  readonly spareLater: ResourceVector;
  /** Shadow VMs there that serve or wait for the same purpose: for one workload, or for the buffer. */
  readonly alike: number;
}

export interface PlacementQuestion {
  /** What it will have: its minimum where it only holds buffer, its whole size where it is handed over. */
  readonly needs: ResourceVector;
  /** For whom; left out for one that holds buffer for all of a host. */
  readonly customer?: CustomerId;
  /** The customer has hosts of its own, also where they offer nothing now. */
  readonly owns: boolean;
  /** The customer's plan lets it into shared pools when its own is full. */
  readonly burstsIntoShared: boolean;
  readonly offers: readonly HostOffer[];
}

export type Placement =
  /** `burst`: in a shared pool although the customer has one of its own. */
  | { readonly kind: "placed"; readonly host: HostId; readonly burst: boolean }
  | { readonly kind: "nowhere"; readonly refused: readonly RefusedHost[] };

interface RefusedHost {
  readonly host: HostId;
  readonly why: "other-customer" | "own-pool-only" | "no-room-now" | "no-room-later";
}

/** Of equals the host whose id comes first, so that equal questions get equal answers. */
export function placeShadowVm(question: PlacementQuestion): Placement {
  const { needs, owns, offers } = question;
  const judged = offers.map((offer) => ({ offer, why: objectionTo(offer, question) }));
  const best = judged
    .filter(({ why }) => why === undefined)
    .map(({ offer }) => ({ offer, own: offer.dedicatedTo !== undefined, left: shareLeft(offer, needs) }))
    .sort((a, b) => Number(b.own) - Number(a.own) || a.offer.alike - b.offer.alike || b.left - a.left || byId(a, b))[0];
  if (best !== undefined) return { kind: "placed", host: best.offer.host, burst: owns && !best.own };
  return { kind: "nowhere", refused: judged.flatMap(({ offer, why }) => (why ? [{ host: offer.host, why }] : [])) };
}

function objectionTo(
  { dedicatedTo, spareNow, spareLater }: HostOffer,
  { needs, customer, owns, burstsIntoShared }: PlacementQuestion,
): RefusedHost["why"] | undefined {
  if (dedicatedTo !== undefined && dedicatedTo !== customer) return "other-customer";
  if (dedicatedTo === undefined && owns && !burstsIntoShared) return "own-pool-only";
  if (!fits(needs, spareNow)) return "no-room-now";
  return fits(needs, spareLater) ? undefined : "no-room-later";
}

/** Share of its capacity that is left in the scarcest resource, in the worst of the hours to come. */
function shareLeft({ capacity, spareNow, spareLater }: HostOffer, needs: ResourceVector): number {
  const [now, later] = [subtract(spareNow, needs), subtract(spareLater, needs)];
  const limited = RESOURCES.filter((resource) => capacity[resource] > 0);
  return Math.min(...limited.map((resource) => Math.min(now[resource], later[resource]) / capacity[resource]));
}

function byId(left: { readonly offer: HostOffer }, right: { readonly offer: HostOffer }): number {
  return left.offer.host < right.offer.host ? -1 : 1;
}
