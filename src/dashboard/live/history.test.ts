import { expect, test } from "vitest";
import type { CustomerChart, FleetView } from "../../api/contract/live.ts";
import { createTickingSource } from "../../api/contract/ticking-source.arbitrary.ts";
import { RESOURCES } from "../../model/resources.ts";
import { joinCustomerTick, joinTick } from "./history.ts";

function startedWith(history: number) {
  const source = createTickingSource({ history });
  const [fleet, chart] = [source.fleet(), source.customerChart("meridian")];
  if (!fleet || !chart) throw new Error("the example has a history");
  return { source, fleet, chart };
}

test("ticks joined to an old snapshot give what a new snapshot gives", () => {
  for (const history of [5, 288]) {
    const { source, fleet, chart } = startedWith(history);
    let joined: FleetView = fleet;
    let joinedChart: CustomerChart = chart;
    for (let count = 0; count < 60; count++) {
      const tick = source.tick();
      joined = joinTick(joined, tick);
      joinedChart = joinCustomerTick(joinedChart, { tick, ticksMax: 288 });
    }
    expect(joined.history).toEqual(source.fleet()?.history);
    const { forecast: _old, ...past } = joinedChart;
    expect(source.customerChart("meridian")).toMatchObject(past);
  }
});

test("a tick that is already in changes nothing", () => {
  const { source, fleet, chart } = startedWith(5);
  const tick = source.tick();
  const once = joinTick(fleet, tick);
  expect(joinTick(once, tick)).toBe(once);
  const chartOnce = joinCustomerTick(chart, { tick, ticksMax: 288 });
  expect(joinCustomerTick(chartOnce, { tick, ticksMax: 288 })).toBe(chartOnce);
});

test("the part of a forecast that has come to pass is cut off", () => {
  const { source, chart } = startedWith(5);
  const tick = source.tick();
  const { forecast } = joinCustomerTick(chart, { tick, ticksMax: 288 });
  for (const resource of RESOURCES) {
    expect(forecast[resource].at).toEqual(chart.forecast[resource].at.slice(1));
    expect(forecast[resource].quantiles).toHaveLength(287);
    expect(forecast[resource].at[0]).toBeGreaterThan(Date.parse(tick.at));
  }
});

test("decisions are newest first, each once", () => {
  const { source, fleet } = startedWith(5);
  const joined = [source.tick(), source.tick()].reduce(joinTick, fleet);
  expect(joined.latest.decisions.map(({ id }) => id)).toEqual([7, 6, 5]);
});
