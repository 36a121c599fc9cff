import { expect, test } from "vitest";
import { aForecastReport, aModelForecast, aSeriesForecast, aWindow } from "./forecast.arbitrary.ts";
import { forecastLines } from "./forecast-lines.ts";

const PLAIN = { columns: 80, isRich: false };

test("one series is a picture: the next tick, the half hour, hour by hour, in ASCII", () => {
  const lines = forecastLines(aForecastReport(), PLAIN);
  expect(lines.slice(0, 8).join("\n")).toMatchInlineSnapshot(`
    "Demand of web-1 cpu from 2026-03-16 00:00 UTC on, by ensemble
    28 days of history. Stl 80 %, prophet 20 %: by what each got right in 200
    comparisons lately.

    cores                                                        50%     90%     99%
    next 5 min  #####======----                                 0.40    0.91    1.17
    30 min peak ######========----                              0.50    1.14    1.46
    Mon 00:00   ########=========-----                          0.60    1.37    1.75"
  `);
  expect(lines.join("\n")).toMatch(/^[\n\x20-\x7e]*$/);
  expect(lines.filter((line) => /^Mon \d\d:00 /.test(line))).toHaveLength(24);
  expect(lines.at(-1)).toMatch(/UTC\.$/);
});

test("what came is set into the picture and beside it", () => {
  const [first, ...windows] = aModelForecast().windows;
  const told = first === undefined ? windows : [{ ...first, came: 0.45 }, ...windows];
  const series = aSeriesForecast({ models: [aModelForecast({ windows: told })] });
  const lines = forecastLines(aForecastReport([series]), PLAIN);
  expect(lines.find((line) => line.includes("50%"))).toMatch(/50% +90% +99% +came$/);
  expect(lines.find((line) => line.startsWith("next 5 min"))).toMatch(/#+=\|=+-+ .* 0\.45$/);
  expect(lines.find((line) => line.startsWith("30 min peak"))).toMatch(/ -$/);
});

test("ticks alone come in their order, their peak after them", () => {
  const windows = aModelForecast().windows.filter(({ kind }) => kind !== "peak-1h");
  const lines = forecastLines(aForecastReport([aSeriesForecast({ models: [aModelForecast({ windows })] })]), PLAIN);
  const labels = lines.slice(4).map((line) => line.slice(0, 11).trimEnd());
  expect(labels.slice(0, 8)).toEqual([
    "cores",
    "next 5 min",
    ...["00:05", "00:10", "00:15", "00:20", "00:25"].map((time) => `Mon ${time}`),
    "30 min peak",
  ]);
});

test("daily peaks are named by their day, silence by a dash, and no unit is made up", () => {
  const day = (from: number) => aWindow("tick", { from: from * 1440, minutes: 1440, median: 12_345 });
  const windows = [day(0), day(1), { ...day(2), quantiles: null }];
  const series = aSeriesForecast({
    resource: null,
    unit: null,
    stepSeconds: 86_400,
    models: [aModelForecast({ windows })],
  });
  const lines = forecastLines(aForecastReport([series]), PLAIN);
  expect(lines[0]).toBe("Demand of web-1 from 2026-03-16 00:00 UTC on, by ensemble");
  expect(lines).toContainEqual(expect.stringMatching(/^thousands +50% +90% +99%$/));
  expect(lines).toContainEqual(expect.stringMatching(/^next day +#+=*-* +12\.3 +28\.1 +36\.1$/));
  expect(lines).toContainEqual(expect.stringMatching(/^Wed 03-18 +- +- +-$/));
});

test("several series are a table, complete at 80 columns, with more where there is room", () => {
  const memory = aSeriesForecast({
    resource: "memory",
    unit: "bytes",
    models: [aModelForecast({ windows: gibibytes() })],
  });
  const lines = forecastLines(aForecastReport([aSeriesForecast(), memory]), PLAIN);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "Demand from 2026-03-16 00:00 UTC on

                                      30 min               by the hour largest
    series      unit       50%    90%    99%
    web-1 cpu     cores   0.50   1.14   1.46  ++++++++++++++#+++++++++    3.50
    web-1 memory  GiB     0.50   1.14   1.46  ++++++++++++++#+++++++++    3.50

    The next tick, and peaks. 50%, 90%, 99%: stays below it half of the time, 9
    times of 10, 99 of 100. The line: 99% level of each window ahead; largest: the
    highest of them, and when (UTC). -: too little is known. A series alone is shown
    in full (--vm, --resource)."
  `);
  const wide = forecastLines(aForecastReport([aSeriesForecast(), memory]), { ...PLAIN, columns: 120 });
  expect(wide[4]).toMatch(/Mon 14:00$/);
});

function gibibytes() {
  return aModelForecast().windows.map((window) => ({
    ...window,
    quantiles: window.quantiles?.map((quantile) => quantile * 2 ** 30) ?? null,
  }));
}

test("models are told apart where there are several, and a network is named", () => {
  const series = aSeriesForecast({ models: [aModelForecast(), aModelForecast({ model: "lstm" })] });
  const lines = forecastLines({ ...aForecastReport([series]), network: "0123456789ab" }, PLAIN);
  expect(lines.filter((line) => /^web-1 cpu (ensemble|lstm) /.test(line))).toHaveLength(2);
  expect(lines.at(-1)).toBe("The trained network 0123456789ab was asked too.");
});

test("what it is made of: members by weight, components inside, calibration, profile, events", () => {
  const places = aModelForecast().windows.length;
  const same = (value: number) => new Array<number>(places).fill(value);
  const component = { kind: "component", name: "daily", role: "season", amounts: same(0.1) } as const;
  const parts = [
    { kind: "member", name: "prophet", shares: same(0.2), parts: [component] },
    { kind: "member", name: "stl", shares: same(0.795), parts: [] },
    { kind: "member", name: "last-value", shares: same(0.005), parts: [] },
    { kind: "calibration", amounts: new Array<number[]>(places).fill(new Array<number>(11).fill(-0.02)) },
  ] as const;
  const [event, later] = ["16", "17"].map((day) => ({
    kind: "campaign",
    name: "sale",
    start: `2026-03-${day}T09:00:00.000Z`,
    end: `2026-03-${day}T12:00:00.000Z`,
    effect: "campaigns like this: +38 % CPU for 3 h; learned from 4 events of this name.",
  }));
  const ground = { ...aSeriesForecast().ground, profileShare: 0.4 };
  const eventsAhead = event && later ? [event, later] : [];
  const series = aSeriesForecast({ ground, models: [aModelForecast({ parts })], eventsAhead });
  const lines = forecastLines(aForecastReport([series]), PLAIN);
  const from = lines.findIndex((line) => line.startsWith("What it is made of"));
  expect(lines.slice(from).join("\n")).toMatchInlineSnapshot(`
    "What it is made of, in cores   next 5 min  30 min peak    Mon 14:00
    profile, of all                      40 %         40 %         40 %
    stl                                  80 %         80 %         80 %
    prophet                              20 %         20 %         20 %
      daily                             +0.10        +0.10        +0.10
    calibration, 50%                    -0.02        -0.02        -0.02
    calibration, 90%                    -0.02        -0.02        -0.02
    calibration, 99%                    -0.02        -0.02        -0.02
    Percentages: how much each counts. Amounts: what is expected in the busiest tick
    of the window, part by part. Calibration: what is added to each level.

    Events ahead, and what such events did to this series
    2026-03-16 09:00 to 12:00, 2026-03-17 09:00 to 12:00, sale: campaigns like
      this: +38 % CPU for 3 h; learned from 4 events of this name."
  `);
  const nothing = forecastLines(aForecastReport([aSeriesForecast({ eventsAhead: [] })]), PLAIN);
  expect(nothing.at(-1)).toBe("The model ensemble does not say more of what its forecast is made of.");
});

test("no line is wider than the screen; a rich one has colour and finer bars", () => {
  const report = aForecastReport([aSeriesForecast(), aSeriesForecast({ name: "a-name-of-a-vm-that-goes-on-and-on" })]);
  for (const columns of [60, 80, 120, 300])
    for (const isRich of [false, true])
      for (const one of [report, aForecastReport()])
        for (const line of forecastLines(one, { columns, isRich }))
          expect(withoutStyle(line).length).toBeLessThanOrEqual(Math.min(columns, 120));
  const rich = forecastLines(aForecastReport(), { columns: 80, isRich: true }).join("\n");
  expect(rich).toContain("\u001b[1m");
  expect(rich).toContain("█▒");
});

test("nothing to forecast is said", () => {
  expect(forecastLines(aForecastReport([]), PLAIN)).toEqual([expect.stringContaining("nothing to forecast")]);
});

function withoutStyle(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are control sequences
  return line.replace(/\u001b\[\d+m/g, "");
}
