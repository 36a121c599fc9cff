import { expect, test } from "vitest";
import { campaign, runWorld } from "../../control/signals/announced-world.arbitrary.ts";
import { effectsOfEvent } from "./event-effects.ts";

test("what an event did is learned and told, and the next one of its kind changes the forecasts of whom it touches", async () => {
  const [past, next, far] = [9, 12, 25].map((days) => campaign({ days, hours: 4 })) as [
    ReturnType<typeof campaign>,
    ReturnType<typeof campaign>,
    ReturnType<typeof campaign>,
  ];
  const happens = [{ event: past, factor: 3 }];
  const { cell } = await runWorld({ days: 11.5, happens, declared: () => ({ events: [past, next, far] }) });
  expect(effectsOfEvent(cell, past)).toMatchObject({ event: past.id, wasLearnedFrom: true });
  const told = effectsOfEvent(cell, next);
  expect(told).toMatchObject({ isFollowed: true, wasLearnedFrom: false });
  expect(told.workloads).toMatchObject([
    { workload: "ours-web", customer: "ours", vms: ["ours-web-0", "ours-web-2"], vmCount: 2, changesForecasts: true },
  ]);
  const cpu = told.workloads[0]?.effects.find(({ resource }) => resource === "cpu");
  expect(cpu?.factor).toBeGreaterThan(1.3);
  expect(cpu).toMatchObject({ events: 1, sentence: expect.stringContaining("learned from 1 event of this name") });
  expect(effectsOfEvent(cell, far)).toMatchObject({ isFollowed: false, workloads: [{ changesForecasts: false }] });
});
