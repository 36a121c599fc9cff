// A meter integrates an amount over time: unit-hours, without gap and without overlap, since it runs from reading to reading.
import { assert } from "../model/result.ts";
import { HOUR_MS, type Instant } from "../model/time.ts";

export interface Meter {
  /** Amount x hours so far, one for each thing metered, in base units x hours. */
  readonly unitHours: Float64Array;
  /** Everything before this instant is in `unitHours`, nothing after it. */
  readUntil: Instant;
}

export function startMeter(count: number, at: Instant): Meter {
  return { unitHours: new Float64Array(count), readUntil: at };
}

/** `amounts` were in force from the last reading until `at`. A second reading at the same instant adds nothing. */
export function readMeter(meter: Meter, amounts: Float64Array, at: Instant): void {
  assert(at >= meter.readUntil, "a meter never runs backwards");
  assert(amounts.length === meter.unitHours.length, "a meter reads as many amounts as it was started for");
  const hours = (at - meter.readUntil) / HOUR_MS;
  for (let index = 0; index < amounts.length; index++)
    meter.unitHours[index] = (meter.unitHours[index] as number) + (amounts[index] as number) * hours;
  meter.readUntil = at;
}
