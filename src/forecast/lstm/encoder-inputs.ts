// What the encoder of the network is told after every tick of a series: what came, what came of the VM's other resources, the clock.
import { RESOURCES } from "../../model/resources.ts";
import { DAY_MS, HOUR_MS, WEEK_MS } from "../../model/time.ts";
import { SIBLING_COUNT } from "./demand-panel.ts";

export const ENCODER_INPUTS = 1 + SIBLING_COUNT + 6 + 1 + RESOURCES.length;

export interface TickSeen {
  /** On the log scale of the series. */
  readonly own: number;
  /** [3] each on the log scale of its own series; 0 where there is no such series. */
  readonly siblings: ArrayLike<number>;
  /** The instant at which the tick started. */
  readonly at: number;
  /** Unit of the log scale per smallest demand worth telling from nothing. */
  readonly scalePerFloor: number;
  readonly resource: number;
}

/** Writes ENCODER_INPUTS numbers from `place` on. */
export function writeEncoderInputs(seen: TickSeen, inputs: Float32Array, place: number): void {
  let at = place;
  inputs[at++] = seen.own;
  for (let sibling = 0; sibling < SIBLING_COUNT; sibling++) inputs[at++] = seen.siblings[sibling] as number;
  for (const period of [HOUR_MS, DAY_MS, WEEK_MS]) {
    const angle = ((seen.at % period) / period) * 2 * Math.PI;
    inputs[at++] = Math.sin(angle);
    inputs[at++] = Math.cos(angle);
  }
  inputs[at++] = 0.1 * Math.log(seen.scalePerFloor);
  for (let resource = 0; resource < RESOURCES.length; resource++) inputs[at++] = resource === seen.resource ? 1 : 0;
}
