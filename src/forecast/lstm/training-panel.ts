// What a network learns from: the demand of VMs, and what groups of them would need beyond their leases. In service the same
// network forecasts both, a VM's demand and the excess that a host's buffer is for.
import { RESOURCES } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { type SeasonTicks, seasonTicks } from "../season-ticks.ts";
import { type DemandPanel, demandPanel, type PanelSource } from "./demand-panel.ts";

/** Sizes of hosts to learn for, and how many random groups of each. */
const GROUP_SIZES = [50, 25, 10] as const;
const GROUPS_PER_SIZE = 8;
/** Stands for the lease of a VM: this quantile of its last day, redone once an hour. */
const LEASED_LEVEL = 0.8;

/** The series of the source come first, those of the groups after them. A resource that few series have gets no groups. */
export function trainingPanel(source: PanelSource): DemandPanel {
  const season = seasonTicks(source.stepMs);
  const byResource = RESOURCES.map((_, resource) =>
    source.values.flatMap((values, series) =>
      source.resources[series] === resource ? [excessOf(values, season)] : [],
    ),
  );
  const largest = Math.max(...byResource.map((excess) => excess.length));
  const resources: number[] = [];
  const values: Float64Array[] = [];
  const siblings: number[][] = [];
  for (const members of drawGroups(largest)) {
    const own = byResource.flatMap((excess, resource) => (members.every((vm) => vm < excess.length) ? [resource] : []));
    const first = source.values.length + values.length;
    for (const [place, resource] of own.entries()) {
      values.push(sumOf(members.map((vm) => byResource[resource]?.[vm] ?? new Float64Array(0))));
      resources.push(resource);
      siblings.push(own.flatMap((_, other) => (other === place ? [] : [first + other])));
    }
  }
  return demandPanel({
    ...source,
    values: [...source.values, ...values],
    resources: [...source.resources, ...resources],
    floors: [...Array.from(source.floors), ...resources.map((resource) => floorOf(source, resource))],
    siblings: [...(source.siblings ?? source.values.map(() => [])), ...siblings],
  });
}

function floorOf({ resources, floors }: PanelSource, resource: number): number {
  return floors[resources.indexOf(resource)] ?? 1;
}

/** Places in the list of a resource's series. */
function drawGroups(seriesCount: number): number[][] {
  const random = seededRandom(1).fork("groups");
  return GROUP_SIZES.filter((size) => size <= seriesCount).flatMap((size) =>
    Array.from({ length: GROUPS_PER_SIZE }, () => {
      const left = Array.from({ length: seriesCount }, (_, place) => place);
      return Array.from({ length: size }, () => left.splice(random.below(left.length), 1)[0] ?? 0);
    }),
  );
}

/** What the series asked for beyond the quantile of its last day; NaN where a sample is missing. */
function excessOf(values: ArrayLike<number>, { day, hour }: SeasonTicks): Float64Array {
  const window = new Float32Array(day);
  const excess = new Float64Array(values.length);
  let known = 0;
  let lease = 0;
  for (let tick = 0; tick < values.length; tick++) {
    const value = values[tick] as number;
    excess[tick] = known === 0 ? 0 : Math.max(0, value - lease);
    if (Number.isNaN(value)) continue;
    window[known % day] = value;
    known++;
    if (known > 1 && tick % hour !== 0) continue;
    const count = Math.min(known, day);
    lease = window.slice(0, count).sort()[Math.floor(LEASED_LEVEL * (count - 1))] as number;
  }
  return excess;
}

/** Of a group whose members all have a sample; a missing one counts as nothing. */
function sumOf(members: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(members[0]?.length ?? 0);
  for (const member of members)
    for (let tick = 0; tick < sum.length; tick++) {
      const value = member[tick] as number;
      if (!Number.isNaN(value)) sum[tick] = (sum[tick] as number) + value;
    }
  return sum;
}
