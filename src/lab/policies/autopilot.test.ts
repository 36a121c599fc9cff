import { expect, test } from "vitest";
import { autopilotPolicy } from "./autopilot.ts";
import { decideAll, FIVE_MINUTES } from "./decide-all.arbitrary.ts";

test("each knob keeps a peak for its hours, with 15 % on top", () => {
  const demand = [10, ...Array.from({ length: 24 * 12 }, () => 2)];
  const decided = decideAll(autopilotPolicy, FIVE_MINUTES, demand);
  for (const [knob, hours] of autopilotPolicy.knobs.entries()) {
    const ticks = Math.round(hours * 12);
    if (ticks > 24 * 12) continue;
    expect(decided[ticks]?.[knob]).toBeCloseTo(11.5, 12);
    expect(decided[ticks + 1]?.[knob]).toBeCloseTo(2.3, 12);
  }
});
